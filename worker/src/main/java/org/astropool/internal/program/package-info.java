/**
 * Programs in any language as models: started once a slot and fed with points
 * ({@link org.astropool.internal.program.CoProcessModel}), or started for each point
 * ({@link org.astropool.internal.program.CommandModel}).
 *
 * <p>Depends on {@code task}, on {@code transport.process} for the environment of children, and, alone in the worker
 * jar, on nanojson.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.program;
