/**
 * Which launcher started this process, and as which rank: read from the environment, nothing is started.
 *
 * <p>Depends on the JDK alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.launch;
