package org.astropool.pool;

/**
 * A worker process and what it has done so far.
 *
 * @param number under MPI its rank
 * @param host name of its host
 * @param pid its process id there
 * @param threads evaluation threads
 * @param evaluated tasks whose outcome it gave
 * @param preparingSeconds until functions were ready, for instance a model's data loaded, summed over its threads
 * @param busySeconds evaluation time after that, summed over its threads
 * @param lost whether it is gone
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
