package org.astropool.internal.cli;

import java.util.List;
import org.astropool.internal.launch.Launch;
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
                + survival(pool, launch);
    }

    /** What becomes of the run when a process dies that evaluates. */
    private static String survival(Pool pool, Launch launch) {
        if (pool.survivesLostWorkers()) {
            return "the loss of a worker does not either";
        }
        if (launch.size() == 1) {
            return "a crash of the process does";
        }
        return switch (launch.loss()) {
            case ENDS_NOTHING -> "the loss of a rank does not either";
            case MAY_END_THE_JOB -> "the loss of a rank may; the journal keeps what is finished";
            case ENDS_THE_JOB ->
                "the loss of a rank ends the job; "
                        + (launch.isMpi() ? "scripts/astropool-mpiexec starts it again" : "--resume takes it up again");
        };
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }
}
