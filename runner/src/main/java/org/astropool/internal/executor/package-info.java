/**
 * What an executor service sends to workers: callables, runnables, and the commands of {@code CompletableFuture}.
 *
 * <p>Depends on {@code internal.protocol}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.executor;
