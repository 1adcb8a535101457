package org.astropool.internal.job.result;

/**
 * Why a point has no outputs.
 *
 * @param index of the point
 * @param kind exception, timeout, not-a-number, worker-lost or skipped
 * @param message what was said
 * @param worker number of the worker process, -1 when none is to blame
 * @param host name of its host, or ""
 * @param attempts how many executions the point had
 * @param lastWords the last lines that its process wrote to its standard error; "" where there was none
 */
public record PointFailure(
        long index, String kind, String message, int worker, String host, int attempts, String lastWords) {}
