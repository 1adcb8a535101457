/**
 * Programs in any language as models: started once per slot and fed with points
 * ({@link org.astropool.internal.program.CoProcessModel}), or started for each point
 * ({@link org.astropool.internal.program.CommandModel}). See docs/external-programs.md.
 *
 * <p>Depends on {@code task}, {@code internal.model}, {@code internal.json}, {@code internal.text},
 * {@code internal.system}, on {@code internal.transport.process} for the environment of children, and on nanojson.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.program;
