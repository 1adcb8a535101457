package org.astropool.internal.cli;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.cli.process.Signals;
import org.astropool.internal.engine.PoolSession;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.launch.Launch;
import org.astropool.internal.program.CoProcessModel;
import org.astropool.internal.transport.CarrierException;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.PoolProgram;

/**
 * The ranks of a launch by MPI or MPJ Express. All run the same command line; the first one is the master and reads it
 * in full. The others read no job file and only the options of workers, which makes them start much faster; they wait
 * in MPI for the master. Therefore a master that detects an error has to dismiss them, or the launch would hang under
 * MPICH.
 */
final class Ranks {
    /** Options that workers also read. */
    static final String POOL = "--pool";

    static final String THREADS = "--threads";

    private static final List<String> WITH_WORKERS = List.of("run", "plan", "eval", "bench", "python");
    private static final int SECONDS_AFTER_SIGTERM = 3;
    /**
     * Prefix of the properties with which astropool-mpjrun passes on environment variables, since the daemons of MPJ do
     * not.
     */
    private static final String VARIABLE = "astropool.environment.";

    private final Launch launch;
    private final List<String> arguments;
    private boolean called;

    /** @param arguments those of {@code main} */
    Ranks(Launch launch, String... arguments) {
        this.launch = launch;
        this.arguments = Arrays.asList(arguments).subList(launch.words().size(), arguments.length);
    }

    Launch launch() {
        return launch;
    }

    /** The command line as the user typed it. */
    String[] arguments() {
        return arguments.toArray(String[]::new);
    }

    /** The environment of the shell of the user. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        for (String property : System.getProperties().stringPropertyNames()) {
            if (property.startsWith(VARIABLE)) {
                environment.put(property.substring(VARIABLE.length()), System.getProperty(property));
            }
        }
        return environment;
    }

    /** Whether this process only serves the first rank. */
    boolean isWorker() {
        return launch.rank() > 0 && !List.of("exec", "worker").contains(command()) && !isOverHazelcast();
    }

    /** Ranks that find the first one by files of the job have to read the job. */
    private boolean isOverHazelcast() {
        return option(POOL, "auto").equalsIgnoreCase("hazelcast");
    }

    /** @return the exit code of a worker that finds the first rank through files */
    int serveOverHazelcast(PoolOptions options) throws Exception {
        leaveSignalsToTheFirstRank();
        try {
            Pool.run(new String[0], options, pool -> null);
            return ExitCode.OK.code();
        } catch (PoolException e) {
            if (e.reason() == PoolException.Reason.MASTER_FAILED) {
                return ExitCode.OK.code();
            }
            throw e;
        }
    }

    /** @return the exit code of a worker; the result of the run is the exit code of the first rank */
    int serve() {
        if (!areNeeded()) {
            return ExitCode.OK.code();
        }
        if (!launch.sharesItsProcess()) {
            leaveSignalsToTheFirstRank();
        }
        try {
            PoolOptions options = PoolOptions.builder()
                    .threads(threads())
                    .workerOutput(new Messages(System.err, launch)::say)
                    .build();
            Pool.run(new String[0], options, pool -> {
                throw new IllegalStateException(
                        "rank " + launch.rank() + " of the launcher is rank 0 of " + launch.carrier());
            });
            return ExitCode.OK.code();
        } catch (Exception e) {
            return e instanceof PoolException lost && lost.reason() == PoolException.Reason.MASTER_FAILED
                    ? ExitCode.OK.code()
                    : new Messages(System.err, launch).failure(e);
        }
    }

    /**
     * Launchers pass signals to all ranks, and the master decides what happens. If a worker exited on SIGTERM before
     * the master has flushed its journal, the launcher would abort the master. So a worker waits for longer than any
     * launcher (Open MPI kills its ranks after 1 s).
     */
    private static void leaveSignalsToTheFirstRank() {
        Signals.handle("INT", signal -> {});
        Signals.handle("USR1", signal -> {});
        Signals.handle("TERM", signal -> leaveAfterTheFirstRank());
        Signals.handle("HUP", signal -> leaveAfterTheFirstRank());
    }

    private static void leaveAfterTheFirstRank() {
        try {
            TimeUnit.SECONDS.sleep(SECONDS_AFTER_SIGTERM);
        } catch (InterruptedException e) {
            // exits immediately
        }
        Runtime.getRuntime().halt(ExitCode.TERMINATED.code());
    }

    /**
     * Starts to join the other ranks while the command line and the job file are read: ranks that wait in the
     * initialization of MPI spin, on processors that this rank may need.
     */
    void joinEarly() {
        if (launch.size() == 1 || launch.carrier().isEmpty() || !areNeeded()) {
            return;
        }
        Thread thread = new Thread(this::join, "astropool-join");
        thread.setDaemon(true);
        thread.start();
    }

    private void join() {
        try {
            PoolSession.joinRanks(launch);
        } catch (CarrierException e) {
            return; // the pool tries again, and reports the error
        }
    }

    /** The name of the pool, also where "auto" has selected it. */
    String poolName(String pool) {
        if (!pool.equals("auto")) {
            return pool;
        }
        return launch.size() > 1 && !launch.carrier().isEmpty() ? launch.carrier() : "threads";
    }

    /** {@link Pool#run}, for the master. */
    <T> Optional<T> run(PoolOptions options, PoolProgram<T> program) throws Exception {
        called = true;
        return Pool.run(new String[0], options, program);
    }

    /** Ends the program that was started to be checked, if this process evaluates no points. */
    void endProgramsThatNobodyNeeds(Pool opened) {
        long here = ProcessHandle.current().pid();
        if (opened.workers().stream().noneMatch(worker -> worker.pid() == here)) {
            CoProcessModel.endSpare();
        }
    }

    /** Ends the other ranks if the command has failed before it used them. */
    void dismiss() {
        if (called || launch.size() == 1 || launch.carrier().isEmpty() || !areNeeded()) {
            return;
        }
        try {
            Pool.run(new String[0], PoolOptions.defaults(), pool -> null);
        } catch (Exception e) {
            // without MPI the other ranks do not wait, and each has reported it
        }
    }

    /** Has the same result on every rank. */
    private boolean areNeeded() {
        return WITH_WORKERS.contains(command())
                && List.of("auto", launch.carrier()).contains(option(POOL, "auto"))
                && !arguments.contains("--help")
                && !arguments.contains("-h");
    }

    private String command() {
        return arguments.isEmpty() ? "" : arguments.get(0);
    }

    private int threads() {
        try {
            return Math.max(0, Integer.parseInt(option(THREADS, "0")));
        } catch (NumberFormatException e) {
            return 0; // the first rank reports it
        }
    }

    /** The last one is used, as on the first rank. */
    private String option(String name, String otherwise) {
        String value = otherwise;
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(name + "=")) {
                value = arguments.get(i).substring(name.length() + 1);
            } else if (arguments.get(i - 1).equals(name)) {
                value = arguments.get(i);
            }
        }
        return value;
    }
}
