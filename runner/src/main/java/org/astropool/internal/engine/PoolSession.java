package org.astropool.internal.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.launch.Launch;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.text.ThrowableText;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.worker.ChildSettings;
import org.astropool.internal.worker.CodeDigest;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.pool.JoinOptions;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.PoolOptions.MasterEvaluates;
import org.astropool.pool.PoolProgram;
import org.astropool.pool.WorkerInfo;
import org.astropool.task.TaskFunction;

/** A pool from the choice of its carrier to its end: the carrier, the workers and the driver. Thread-safe. */
public final class PoolSession {
    private static final long CLOSE_MILLIS = 1_500;

    private final Driver driver;
    private final Workers workers;
    private final CarrierSession session;
    private boolean closed;

    private PoolSession(Driver driver, Workers workers, CarrierSession session) {
        this.driver = driver;
        this.workers = workers;
        this.session = session;
    }

    /** {@link org.astropool.pool.Pool#open}. */
    static EnginePool openHere(PoolOptions options) {
        CarrierProvider provider =
                CarrierChoice.forThisProcess(options.carrier().name(), CarrierProvider.all());
        CarrierRequest asMaster = request(options, Launch.of(System.getenv()), 0); // whatever the rank of this process
        return open(options, opened(provider, asMaster));
    }

    /** {@link org.astropool.pool.Pool#run}. */
    static <T> Optional<T> run(String[] arguments, PoolOptions options, PoolProgram<T> program) throws Exception {
        Launch launch = Launch.ofThisProcess(arguments);
        CarrierProvider provider = CarrierChoice.forRanks(options.carrier().name(), launch, CarrierProvider.all());
        CarrierSession session = opened(provider, request(options, launch));
        if (session.isWorker()) {
            serve(session);
            return Optional.empty();
        }
        return runMaster(open(options, session), program);
    }

    /**
     * Joins the ranks of the launcher, so that {@link #run} does not have to wait for it.
     *
     * @throws CarrierException when they cannot be joined
     */
    public static void joinRanks(Launch launch) throws CarrierException {
        for (CarrierProvider provider : CarrierProvider.all()) {
            if (provider.start() == CarrierProvider.Start.BY_LAUNCHER
                    && provider.name().equals(launch.carrier())) {
                provider.open(request(PoolOptions.defaults(), launch)).close(true);
            }
        }
    }

    static CarrierRequest request(PoolOptions options, Launch launch) {
        return request(options, launch, launch.rank());
    }

    private static CarrierRequest request(PoolOptions options, Launch launch, int rank) {
        JoinOptions joining = options.joining();
        return new CarrierRequest(
                new CarrierRequest.Ranks(
                        rank,
                        launch.size(),
                        launch.mayHaveSeveralNodes(),
                        launch.words(),
                        launch.launcher().description()),
                options.workers(),
                options.threads(),
                options.coresPerTask(),
                options.isolated(),
                options.classLoader(),
                childSettings(options),
                options.startTimeout(),
                new CarrierRequest.Joining(
                        joining.listen(),
                        joining.secretFile().orElse(null),
                        joining.addressFile().orElse(null)));
    }

    static ChildSettings childSettings(PoolOptions options) {
        return new ChildSettings(options.workerOutput(), options.workerHeap(), options.workerJvmArguments());
    }

    private static CarrierSession opened(CarrierProvider provider, CarrierRequest request) {
        if (provider.start() == CarrierProvider.Start.BY_JOINING) { // a launched one says why while it is joined
            CarrierChoice.provider(provider.name());
        }
        try {
            return provider.open(request);
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }

    private static EnginePool open(PoolOptions asked, CarrierSession session) {
        PoolOptions options = asked.toBuilder()
                .threads(session.threads())
                .masterEvaluates(
                        session.masterMayEvaluate() || mayEvaluateAllTheSame(asked, session)
                                ? asked.masterEvaluates()
                                : MasterEvaluates.NO)
                .build();
        Transport remote =
                session.carrier().map(carrier -> Faults.on(carrier.openNext())).orElse(null);
        Workers workers = new Workers(
                session.communication(),
                remote,
                session.workerPolicy(),
                options,
                initializer(options),
                identity(options, session),
                System::nanoTime);
        Driver driver =
                new Driver(session.communication(), workers, options.joining().patience(), System::nanoTime);
        PoolSession pool = new PoolSession(driver, workers, session);
        session.onWorkersGivenUp(reason -> workers.fail(new PoolException(Reason.ENVIRONMENT, reason)));
        session.onCarrierLost(
                reason -> driver.execute(() -> driver.fail(new PoolException(Reason.WORKERS_LOST, reason))));
        session.communication().add(driver);
        session.begin();
        try {
            workers.opened().join();
        } catch (CompletionException e) {
            pool.close(String.valueOf(e.getCause()));
            throw e.getCause() instanceof PoolException cause ? cause : e;
        }
        return new EnginePool(pool, driver, workers.classes(), options);
    }

    /**
     * Workers that join may be few, so a master that was asked to evaluates, too; one with child processes does not.
     */
    private static boolean mayEvaluateAllTheSame(PoolOptions options, CarrierSession session) {
        return session.workerPolicy() == WorkerPolicy.OPEN && options.masterEvaluates() == MasterEvaluates.YES;
    }

    /** With the code that workers must have, where they may come from elsewhere. */
    private static WorkerIdentity identity(PoolOptions options, CarrierSession session) {
        WorkerIdentity identity = WorkerIdentity.ofThisProcess();
        return session.workersMayHaveOtherCode()
                ? identity.withCode(CodeDigest.of(options.joining().classPath(), options.classLoader()))
                : identity;
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
    private static void serve(CarrierSession session) {
        try {
            end(session.serve());
        } catch (CarrierException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            throw new PoolException(Reason.DEFECT, "this worker failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PoolException(Reason.CLOSED, "interrupted while serving as a worker", e);
        }
    }

    private static void end(WorkerEnd end) {
        if (end.cause() != WorkerEnd.Cause.FINISHED) {
            throw new PoolException(Reason.MASTER_FAILED, "the program on the master failed: " + end.reason());
        }
    }

    /** How another machine becomes a worker; empty where none can. */
    Optional<String> invitation() {
        return session.invitation();
    }

    /** Whether the loss of a worker costs nothing but its tasks' time. */
    boolean survivesLostWorkers() {
        return workers.policy() != WorkerPolicy.FIXED;
    }

    List<WorkerInfo> workers() {
        return workers.infos();
    }

    PoolActivity activity() {
        return workers.activity();
    }

    String carrier() {
        return session.carrier().map(Carrier::description).orElse("threads of this process");
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
        session.close(waitFor(stopped));
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
