/**
 * Frames between peers inside this JVM, through queues: for pools of threads, for the evaluation threads of a master,
 * and for tests.
 *
 * <p>Depends on {@link org.astropool.internal.transport} only.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.local;
