/**
 * Whole runs, started as users start them: with the launcher script and the distribution that the build has made, real
 * launchers and real processes. A run that leaves anything behind besides its results fails its test.
 */
@NullMarked
package org.astropool.examples.endtoend;

import org.jspecify.annotations.NullMarked;
