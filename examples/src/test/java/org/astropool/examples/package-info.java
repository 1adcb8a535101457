/** Tests of the examples, and models made for tests of what goes wrong. */
@NullMarked
package org.astropool.examples;

import org.jspecify.annotations.NullMarked;
