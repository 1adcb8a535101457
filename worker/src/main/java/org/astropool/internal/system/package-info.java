/**
 * Keeps what reads the environment of this process natively apart from what changes it.
 *
 * <p>Depends on the JDK alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.system;
