/** Tests of the examples, and models that fail in particular ways, for tests. */
@NullMarked
package org.astropool.examples;

import org.jspecify.annotations.NullMarked;
