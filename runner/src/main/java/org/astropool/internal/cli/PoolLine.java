package org.astropool.internal.cli;

import java.util.List;
import org.astropool.internal.launch.Launch;
import org.astropool.pool.Pool;
import org.astropool.pool.WorkerInfo;

/** The first line of a run: the resources it uses, and the failures it survives. */
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

    /** What happens to the run when a process that evaluates dies. */
    private static String survival(Pool pool, Launch launch) {
        if (pool.survivesLostWorkers()) {
            return "nor does the loss of a worker";
        }
        if (launch.size() == 1) {
            return "but a crash of the process does";
        }
        return switch (launch.loss()) {
            case ENDS_NOTHING -> "nor does the loss of a rank";
            case MAY_END_THE_JOB -> "but the loss of a rank may; the journal keeps the finished points";
            case ENDS_THE_JOB ->
                "but the loss of a rank does; "
                        + (launch.isMpi() ? "scripts/astropool-mpiexec restarts it" : "use --resume to continue it");
        };
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }
}
