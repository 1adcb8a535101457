/**
 * Reads JSON and numbers that come from outside: a strict reader for untrusted input, a lenient one for the output of
 * programs, and a scanner for lines that consist of numbers.
 *
 * <p>Depends on {@code task} and nanojson.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.json;
