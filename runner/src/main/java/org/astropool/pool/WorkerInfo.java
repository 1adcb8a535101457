package org.astropool.pool;

/**
 * A worker process and what it has evaluated so far.
 *
 * @param number the number of the worker; under MPI its rank
 * @param host name of its host
 * @param pid its process id on that host
 * @param threads evaluation threads
 * @param evaluated the number of tasks whose outcome it returned
 * @param preparingSeconds until functions were ready, for instance a model's data loaded, summed over its threads
 * @param busySeconds evaluation time after that, summed over its threads
 * @param lost whether it was lost
 */
public record WorkerInfo(
        int number,
        String host,
        long pid,
        int threads,
        long evaluated,
        double preparingSeconds,
        double busySeconds,
        boolean lost) {}
