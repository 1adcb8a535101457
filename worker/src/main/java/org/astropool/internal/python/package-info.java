/**
 * Python functions on workers: the processes that evaluate them, the frames that are exchanged with them, and what is
 * sent to them once. The Python side is {@code scripts/python/astropool}; see docs/python-protocol.md.
 *
 * <p>Pickled objects are opaque here. Depends on {@code task}, {@code internal.model}, {@code internal.program} for
 * processes that end with this one, {@code internal.transport.process}, {@code internal.system} and
 * {@code internal.worker} for names of hosts, and on nanojson.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.python;
