/**
 * What users implement and what comes back to them: functions, models, the context of a task, grids of points, outcomes
 * with failures as data.
 *
 * <p>Depends on the JDK and {@link org.astropool.internal.system} alone. Names and signatures here stay compatible
 * within a major version (docs/design.md).
 */
@org.jspecify.annotations.NullMarked
package org.astropool.task;
