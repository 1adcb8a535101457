/**
 * Text that comes from outside: limits its length, and describes exceptions safely even if their own methods throw.
 *
 * <p>Depends on the JDK only.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.text;
