/**
 * The public API of the pool: opening a pool, calling functions on it, and their options. Implemented in internal
 * packages.
 *
 * <p>Needs only slf4j on the class path besides the jars of astropool. Names and signatures stay compatible within a
 * major version (docs/design.md).
 */
@org.jspecify.annotations.NullMarked
package org.astropool.pool;
