package org.astropool.cli;

import java.util.List;
import org.astropool.launch.Launch;
import org.astropool.pool.Pool;
import org.astropool.pool.WorkerInfo;

/** The first line of a run: what it runs on, and what it survives. */
final class PoolLine {
    private PoolLine() {}

    static String of(Pool pool, Launch launch) {
        List<WorkerInfo> workers = pool.workers();
        long nodes = workers.stream().map(WorkerInfo::host).distinct().count();
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        boolean many = launch.size() > 1;
        return pool.carrier() + ": " + count(launch.size(), many ? "rank" : "process") + " on " + count(nodes, "node")
                + ", "
                + count(pool.slots(), "slot") + ", heap " + heap
                + " MiB here; a point that fails does not end the run, "
                + (many ? "the loss of a rank does" : "a crash of the process does");
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }
}
