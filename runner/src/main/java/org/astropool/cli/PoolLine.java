package org.astropool.cli;

import java.util.List;
import org.astropool.pool.Pool;
import org.astropool.pool.WorkerInfo;

/** The first line of a run: what it runs on, and what it survives. */
final class PoolLine {
    private PoolLine() {}

    static String of(Pool pool) {
        List<WorkerInfo> workers = pool.workers();
        long hosts = workers.stream().map(WorkerInfo::host).distinct().count();
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        boolean alone = workers.size() == 1
                && workers.get(0).pid() == ProcessHandle.current().pid();
        return pool.carrier() + ": " + count(workers.size(), "worker process", "worker processes") + " on "
                + count(hosts, "host", "hosts") + ", " + count(pool.slots(), "slot", "slots") + ", heap " + heap
                + " MiB; a point that fails does not end the run, "
                + (alone ? "a crash of this process does" : "the loss of a rank does");
    }

    private static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
