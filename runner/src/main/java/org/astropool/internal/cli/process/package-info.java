/** Signals to this process, and its end. Knows no command. */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.process;
