package org.astropool.cli;

import java.util.Arrays;
import java.util.List;
import org.astropool.job.ExitCode;
import org.astropool.launch.Launch;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolOptions;

/**
 * A rank other than the first, for commands whose work the first one hands out. It reads no job file and no option but
 * its own, and so starts in a fraction of the time; wrong usage is told by the first rank.
 */
final class WorkerRank {
    private static final List<String> WITH_WORKERS = List.of("run", "bench");
    private static final List<String> CARRIERS = List.of("auto", "mpi");

    private WorkerRank() {}

    static boolean isOne(Launch launch, String[] arguments) {
        return launch.rank() > 0 && (arguments.length == 0 || !arguments[0].equals("exec"));
    }

    /** @return the exit code of this rank */
    static int serve(Launch launch, String[] arguments) {
        List<String> given = Arrays.asList(arguments);
        if (given.isEmpty()
                || !WITH_WORKERS.contains(given.get(0))
                || given.contains("--help")
                || given.contains("-h")) {
            return ExitCode.OK.code(); // the first rank answers alone
        }
        if (!CARRIERS.contains(option(given, "--pool", "auto"))) {
            return ExitCode.USAGE.code(); // the first rank says so
        }
        try {
            int threads = Integer.parseInt(option(given, "--threads", "0"));
            PoolOptions options = PoolOptions.defaults().threads(threads);
            Pool.run(arguments, options, pool -> {
                throw new IllegalStateException("rank " + launch.rank() + " by its launcher is rank 0 of the carrier");
            });
            return ExitCode.OK.code();
        } catch (NumberFormatException e) {
            return ExitCode.USAGE.code(); // the first rank says so
        } catch (Exception e) {
            return e instanceof PoolException lost && lost.reason() == PoolException.Reason.MASTER_FAILED
                    ? ExitCode.DEFECT.code() // the first rank says why
                    : new Messages(System.err, launch).failure(e);
        }
    }

    /** The last one wins, as for the first rank. */
    private static String option(List<String> given, String name, String otherwise) {
        String value = otherwise;
        for (int i = 1; i < given.size(); i++) {
            if (given.get(i).startsWith(name + "=")) {
                value = given.get(i).substring(name.length() + 1);
            } else if (given.get(i - 1).equals(name)) {
                value = given.get(i);
            }
        }
        return value;
    }
}
