/**
 * Which launcher started this process, and which rank it is. Reads the environment and starts nothing.
 *
 * <p>Depends on the JDK and {@code internal.transport}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.launch;
