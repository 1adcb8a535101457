/**
 * Faults on purpose, from a seed: frames that are lost, late, doubled or damaged, a process that is killed or stopped,
 * a write that is cut off. For tests, and for anyone who wants to see a run survive. Depends on
 * {@code org.astropool.internal.transport} alone; carriers and protocol know nothing of it.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.faults;
