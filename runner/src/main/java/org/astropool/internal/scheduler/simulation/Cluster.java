package org.astropool.internal.scheduler.simulation;

/**
 * The cluster of a {@link Simulation}.
 *
 * @param workers how many, all present from the beginning
 * @param slots of each worker
 * @param latencyNanos how long a message travels, each way
 * @param masterNanosPerUnit how long the master is busy with sending a unit
 * @param masterNanosPerMessage how long it is busy with a message, in addition to its units
 */
public record Cluster(int workers, int slots, long latencyNanos, long masterNanosPerUnit, long masterNanosPerMessage) {}
