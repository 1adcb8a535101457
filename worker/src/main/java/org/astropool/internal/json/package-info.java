/**
 * JSON as programs and records write it: a strict reader for what comes from outside, a lenient one for what programs
 * print. Depends on nanojson alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.json;
