package org.astropool.internal.engine;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.astropool.internal.launch.Launch;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.text.ThrowableText;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CarrierProvider;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.LaunchedCarrierProvider;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.hazelcast.MasterAddress;
import org.astropool.internal.transport.process.ProcessCarrier;
import org.astropool.internal.worker.ChildWorker;
import org.astropool.internal.worker.CodeDigest;
import org.astropool.internal.worker.RemoteWorker;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.internal.worker.WorkerLoop;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.JoinOptions;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.PoolProgram;
import org.astropool.pool.WorkerInfo;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The master's membership in a carrier, from the choice of the carrier to the end of the pool. */
final class PoolSession {
    private static final String THREADS = "threads";
    private static final String SERIAL = "serial";
    private static final String AUTO = "auto";
    private static final String PROCESSES = "processes";
    private static final String MPI = "mpi";
    private static final String MPJ = "mpj";
    static final String HAZELCAST = "hazelcast";
    private static final long CLOSE_MILLIS = 1_500;

    private static final Logger LOG = LoggerFactory.getLogger(PoolSession.class);

    private final Driver driver;
    private final Workers workers;
    private final @Nullable Carrier carrier;
    private final CommunicationThread communication;
    private final boolean ownsThread;
    private final @Nullable HazelcastHost reception;
    private boolean closed;

    private PoolSession(
            Driver driver,
            Workers workers,
            @Nullable Carrier carrier,
            CommunicationThread communication,
            boolean ownsThread,
            @Nullable HazelcastHost reception) {
        this.reception = reception;
        this.driver = driver;
        this.workers = workers;
        this.carrier = carrier;
        this.communication = communication;
        this.ownsThread = ownsThread;
    }

    static EnginePool openHere(PoolOptions options) {
        String name = options.carrier().name();
        if (name.equals(AUTO) || name.equals(THREADS) || name.equals(SERIAL) || name.equals(PROCESSES)) {
            return openOnThisMachine(with(options, name.equals(AUTO) ? THREADS : name));
        }
        if (name.equals(HAZELCAST)) {
            return openOverHazelcast(options, Launch.of(System.getenv()));
        }
        if (name.equals(MPI)) {
            throw new PoolException(
                    Reason.ENVIRONMENT,
                    "carrier mpi needs a launcher: use Pool.run(...) in a program that is started by mpiexec");
        }
        if (name.equals(MPJ)) {
            throw new PoolException(
                    Reason.ENVIRONMENT,
                    "carrier mpj needs a launcher: use Pool.run(...) in a program that is started by astropool-mpjrun");
        }
        throw unknown(name);
    }

    static <T> Optional<T> run(String[] arguments, PoolOptions options, PoolProgram<T> program) throws Exception {
        Launch launch = Launch.ofThisProcess(arguments);
        String name = resolve(options.carrier().name(), launch);
        if (name.equals(HAZELCAST)) {
            if (launch.rank() > 0) {
                serveOverHazelcast(options, launch);
                return Optional.empty();
            }
            return runMaster(openOverHazelcast(options, launch), program);
        }
        if (!name.equals(launch.carrier())) {
            return runMaster(openOnThisMachine(with(options, name)), program);
        }
        Carrier carrier = join(name, launch);
        if (carrier.rank() == 0) {
            return runMaster(open(options, carrier, carrier.thread(), false, null), program);
        }
        serve(options, carrier);
        return Optional.empty();
    }

    private static PoolOptions with(PoolOptions options, String carrier) {
        return options.toBuilder().carrier(CarrierKind.of(carrier)).build();
    }

    /** What "auto" means here; refuses what would run the program once for every rank. */
    private static String resolve(String name, Launch launch) {
        switch (name) {
            case AUTO:
                if (launch.launcher() == Launch.Launcher.SRUN_WITHOUT_MPI) {
                    throw new PoolException(
                            Reason.ENVIRONMENT,
                            "srun started " + launch.size() + " tasks without MPI, so they cannot find each other and"
                                    + " each would run everything; use srun --mpi=pmix or --mpi=pmi2, or mpiexec,"
                                    + " or --pool hazelcast");
                }
                return launch.size() > 1 && !launch.carrier().isEmpty() ? launch.carrier() : THREADS;
            case THREADS:
            case SERIAL:
            case PROCESSES:
                if (launch.size() > 1) {
                    throw new PoolException(
                            Reason.ENVIRONMENT,
                            launch.launcher().description() + " started " + launch.size() + " ranks; with carrier "
                                    + name + " each would run everything. Use carrier auto, or one rank");
                }
                return name;
            case MPI:
                if (!launch.isMpi()) {
                    throw new PoolException(
                            Reason.ENVIRONMENT,
                            "carrier mpi, but " + launch.launcher().description()
                                    + " started this process; start it as: mpiexec -n N COMMAND");
                }
                return name;
            case MPJ:
                if (!launch.carrier().equals(MPJ)) {
                    requireAvailable(MPJ);
                    throw new PoolException(
                            Reason.ENVIRONMENT,
                            "carrier mpj, but " + launch.launcher().description()
                                    + " started this process; start it as: astropool-mpjrun -np N COMMAND");
                }
                return name;
            case HAZELCAST:
                return name;
            default:
                throw unknown(name);
        }
    }

    private static PoolException unknown(String name) {
        String known =
                providers().stream().map(provider -> provider.get().name()).collect(Collectors.joining(", "));
        return new PoolException(
                Reason.ENVIRONMENT,
                "no carrier \"" + name + "\"; there are auto, serial, threads, processes"
                        + (known.isEmpty() ? "" : ", " + known));
    }

    private static List<ServiceLoader.Provider<CarrierProvider>> providers() {
        return ServiceLoader.load(CarrierProvider.class, CarrierProvider.class.getClassLoader()).stream()
                .toList();
    }

    private static Carrier join(String name, Launch launch) {
        LaunchedCarrierProvider provider = providers().stream()
                .map(ServiceLoader.Provider::get)
                .filter(LaunchedCarrierProvider.class::isInstance)
                .map(LaunchedCarrierProvider.class::cast)
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        try {
            return provider.join(launch.words().toArray(String[]::new));
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }

    /** On threads or child processes of this one. */
    private static EnginePool openOnThisMachine(PoolOptions options) {
        CommunicationThread communication = new CommunicationThread("astropool-communication", false);
        communication.lendTurns();
        String name = options.carrier().name();
        if (!name.equals(PROCESSES) && !options.isolated()) {
            int threads = name.equals(SERIAL) ? 1 : options.workers() > 0 ? options.workers() : options.threads();
            return open(options.toBuilder().threads(threads).build(), null, communication, true, null);
        }
        boolean inPlaceOfThreads = !name.equals(PROCESSES);
        int threads = inPlaceOfThreads ? 1 : Math.max(1, options.threads());
        int asked = options.workers() > 0 || !inPlaceOfThreads ? options.workers() : options.threads();
        int processors = Runtime.getRuntime().availableProcessors();
        int workers = asked > 0 ? asked : Math.max(1, processors / (threads * options.coresPerTask()));
        PoolOptions resolved = options.toBuilder()
                .threads(threads)
                .masterEvaluates(PoolOptions.MasterEvaluates.NO)
                .build();
        try {
            Carrier children = ChildWorker.start(
                    name.equals(SERIAL) ? 1 : workers,
                    threads,
                    options.classLoader(),
                    options.workerOutput(),
                    communication);
            return open(resolved, children, communication, true, null);
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }

    /** The master of workers that join; the ranks of a launcher, where there is one, are expected to. */
    private static EnginePool openOverHazelcast(PoolOptions options, Launch launch) {
        requireAvailable(HAZELCAST);
        CommunicationThread communication = new CommunicationThread("astropool-communication", false);
        boolean mayEvaluate = options.masterEvaluates() == PoolOptions.MasterEvaluates.YES;
        PoolOptions resolved = options.toBuilder()
                .masterEvaluates(mayEvaluate ? PoolOptions.MasterEvaluates.YES : PoolOptions.MasterEvaluates.NO)
                .build();
        try {
            HazelcastHost reception =
                    HazelcastHost.open(options, launch.size() - 1, launch.mayHaveSeveralNodes(), communication);
            return open(resolved, reception.carrier(), communication, true, reception);
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }

    /** @throws PoolException when it is not, with why */
    static void requireAvailable(String name) {
        CarrierProvider provider = providers().stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        provider.unavailableBecause().ifPresent(reason -> {
            throw new PoolException(Reason.ENVIRONMENT, "carrier " + name + ": " + reason);
        });
    }

    /** A rank that finds the master through files. */
    private static void serveOverHazelcast(PoolOptions options, Launch launch) {
        requireAvailable(HAZELCAST);
        JoinOptions joining = options.joining();
        if (joining.addressFile() == null || joining.secretFile() == null) {
            throw new PoolException(
                    Reason.ENVIRONMENT,
                    launch.launcher().description() + " started " + launch.size()
                            + " ranks, which find each other over Hazelcast by two files that all of them see: name"
                            + " them in JoinOptions, or use astropool run, which does");
        }
        RemoteWorker worker = new RemoteWorker(
                new MasterAddress.InFiles(joining.addressFile(), joining.secretFile()),
                options.threads(),
                options.classLoader(),
                WorkerIdentity.ofThisProcess(),
                options.workerOutput(),
                notice -> LOG.info("{}", notice));
        try {
            end(worker.serve(options.startTimeout()));
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }

    private static EnginePool open(
            PoolOptions options,
            @Nullable Carrier carrier,
            CommunicationThread communication,
            boolean ownsThread,
            @Nullable HazelcastHost reception) {
        Transport remote = carrier == null ? null : Faults.on(carrier.openNext());
        Workers workers = new Workers(
                communication, remote, staffing(carrier), options, initializer(options), identity(options, reception));
        Driver driver = new Driver(communication, workers, options.joining().patience());
        PoolSession membership = new PoolSession(driver, workers, carrier, communication, ownsThread, reception);
        if (reception != null) {
            reception.onGivenUp(reason -> workers.fail(new PoolException(Reason.ENVIRONMENT, reason)));
            reception
                    .carrier()
                    .onFailure(reason ->
                            driver.execute(() -> driver.fail(new PoolException(Reason.WORKERS_LOST, reason))));
        }
        communication.add(driver);
        if (ownsThread) {
            communication.start();
        }
        try {
            workers.opened().join();
        } catch (CompletionException e) {
            membership.close(String.valueOf(e.getCause()));
            throw e.getCause() instanceof PoolException cause ? cause : e;
        }
        return new EnginePool(membership, driver, options);
    }

    private static WorkerPolicy staffing(@Nullable Carrier carrier) {
        if (carrier instanceof ProcessCarrier) {
            return WorkerPolicy.REPLACED;
        }
        return carrier != null && carrier.admitsNewcomers() ? WorkerPolicy.OPEN : WorkerPolicy.FIXED;
    }

    /** With the code that workers must have, where they may come from elsewhere. */
    private static WorkerIdentity identity(PoolOptions options, @Nullable HazelcastHost reception) {
        WorkerIdentity identity = WorkerIdentity.ofThisProcess();
        return reception == null
                ? identity
                : identity.withCode(CodeDigest.of(options.joining().classPath(), options.classLoader()));
    }

    private static byte[] initializer(PoolOptions options) {
        TaskFunction<Long, ?> function = options.initializer().orElse(null);
        if (function == null) {
            return new byte[0];
        }
        try {
            return Serialization.write(function);
        } catch (UnserializableException e) {
            throw new IllegalArgumentException("the initializer: " + e.getMessage(), e);
        }
    }

    private static <T> Optional<T> runMaster(EnginePool pool, PoolProgram<T> program) throws Exception {
        try {
            T result = program.run(pool);
            pool.close();
            return Optional.ofNullable(result);
        } catch (Throwable t) {
            pool.close(ThrowableText.describe(t)); // whatever it is, the workers must hear of it
            throw t;
        }
    }

    /** Is a worker until the master ends it. */
    private static void serve(PoolOptions options, Carrier carrier) {
        WorkerLoop worker = new WorkerLoop(
                Faults.on(carrier.openNext()),
                carrier.thread(),
                options.classLoader(),
                WorkerIdentity.ofThisProcess(),
                options.threads(),
                options.workerOutput());
        carrier.thread().add(worker);
        try {
            end(worker.ended().get());
        } catch (ExecutionException e) {
            throw new PoolException(Reason.DEFECT, "this worker failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PoolException(Reason.CLOSED, "interrupted while serving as a worker", e);
        } finally {
            carrier.close();
        }
    }

    private static void end(WorkerEnd end) {
        if (end.cause() != WorkerEnd.Cause.FINISHED) {
            throw new PoolException(Reason.MASTER_FAILED, "the program on the master failed: " + end.reason());
        }
    }

    /** How another machine becomes a worker; empty where none can. */
    Optional<String> invitation() {
        return Optional.ofNullable(reception).map(HazelcastHost::invitation);
    }

    /** Whether the loss of a worker costs nothing but its tasks' time. */
    boolean survivesLostWorkers() {
        return workers.staffing() != WorkerPolicy.FIXED;
    }

    List<WorkerInfo> workers() {
        return workers.infos();
    }

    String carrier() {
        return carrier == null ? "threads of this JVM" : carrier.description();
    }

    /** @param failure why the master's program failed, or "" */
    void close(String failure) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        driver.execute(() -> driver.stop(failure, stopped));
        boolean clean = waitFor(stopped);
        if (reception != null) {
            reception.close();
        } else if (carrier != null && !clean && !ownsThread) {
            carrier.abort(1, "the workers could not be told to end");
        } else if (carrier != null) {
            carrier.close();
        }
        if (ownsThread) {
            communication.stop();
        }
    }

    private static boolean waitFor(CompletableFuture<Void> stopped) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        try {
            while (true) {
                try {
                    stopped.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException e) {
                    interrupted = true; // closing goes on, but the caller shall know
                } catch (ExecutionException | TimeoutException e) {
                    return false;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
