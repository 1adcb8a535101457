/** Short example models to copy from. Depends on {@code org.astropool.task} only. */
@NullMarked
package org.astropool.examples;

import org.jspecify.annotations.NullMarked;
