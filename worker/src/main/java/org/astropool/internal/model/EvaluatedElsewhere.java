package org.astropool.internal.model;

/**
 * A function that another process evaluates, for which the calling thread waits: that process needs the processor, so
 * the thread does not spin between two tasks.
 */
public interface EvaluatedElsewhere {}
