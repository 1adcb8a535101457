/**
 * What users implement and what they get back: functions, models, the context of a task, grids of points, and outcomes
 * with failures as data.
 *
 * <p>Depends on the JDK only. Public API: names and signatures stay compatible within a major version (docs/design.md).
 */
@org.jspecify.annotations.NullMarked
package org.astropool.task;
