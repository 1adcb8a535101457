package org.astropool.internal.job.forecast;

/**
 * A number of nodes, and what a run on them is predicted to take.
 *
 * @param workers points that are evaluated at the same time
 * @param wallSeconds from the start of the job to the end of the last point
 * @param coreHours of all cores of the nodes
 * @param efficiency the part of these core-hours for which points are evaluated, from 0 to 1
 */
public record Allocation(int nodes, int workers, Interval wallSeconds, Interval coreHours, double efficiency) {}
