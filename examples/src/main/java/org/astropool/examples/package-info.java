/** Short programs to copy from. Depends on {@code org.astropool.task} alone. */
@NullMarked
package org.astropool.examples;

import org.jspecify.annotations.NullMarked;
