/** The carriers of one machine: threads of the master's process, and its child processes. */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.carrier.local;
