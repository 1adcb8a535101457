/**
 * Whole runs, as users start them: the launcher script and the distribution that the build has made, real launchers,
 * real processes. What a run leaves behind beside its results is a failure.
 */
@NullMarked
package org.astropool.examples.endtoend;

import org.jspecify.annotations.NullMarked;
