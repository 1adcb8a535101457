/** What is shown on a terminal: the progress display, aligned tables, numbers for people. Knows no command. */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.display;
