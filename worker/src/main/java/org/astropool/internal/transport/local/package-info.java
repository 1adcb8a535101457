/**
 * Frames between peers inside this JVM, through queues: for pools of threads, for the evaluation threads of a master
 * that is a rank itself, and for tests. Depends on {@link org.astropool.internal.transport} alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.local;
