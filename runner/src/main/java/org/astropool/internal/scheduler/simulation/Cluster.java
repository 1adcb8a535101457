package org.astropool.internal.scheduler.simulation;

/**
 * What a {@link Simulation} runs on.
 *
 * @param workers how many, all there from the beginning
 * @param slots of each worker
 * @param latencyNanos how long a message travels, each way
 * @param masterNanosPerUnit how long the master is busy with sending a unit
 * @param masterNanosPerMessage how long it is busy with a message, beside its units
 */
public record Cluster(int workers, int slots, long latencyNanos, long masterNanosPerUnit, long masterNanosPerMessage) {}
