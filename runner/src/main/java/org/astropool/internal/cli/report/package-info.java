/**
 * What a run came to, how far it is, and what a search found, as text for people. Uses {@code internal.cli.display}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.report;
