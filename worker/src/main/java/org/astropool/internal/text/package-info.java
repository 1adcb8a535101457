/**
 * Texts that come from outside: cut to a length that somebody will read, and descriptions of exceptions that run no
 * code of theirs unguarded. Depends on nothing.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.text;
