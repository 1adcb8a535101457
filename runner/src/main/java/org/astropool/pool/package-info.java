/**
 * The public API of the pool, and the driver that joins scheduler and transport.
 *
 * <p>Depends on {@code scheduler}, {@code launch} and the worker jar; needs nothing but slf4j on the class path. Public
 * names and signatures here stay compatible within a major version (docs/design.md).
 */
@org.jspecify.annotations.NullMarked
package org.astropool.pool;
