/**
 * Injects faults, reproducibly from a seed: frames that are lost, late, duplicated or damaged, a process that is killed
 * or stopped, a write that is interrupted. Used by tests, and by anyone who wants to see a run survive
 * (docs/carriers.md).
 *
 * <p>Depends on {@code internal.transport} and {@code internal.system}. Carriers and the protocol do not depend on it.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.faults;
