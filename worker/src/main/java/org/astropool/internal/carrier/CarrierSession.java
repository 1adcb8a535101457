package org.astropool.internal.carrier;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.worker.WorkerEnd;

/** A carrier that was opened for one pool, in one of its processes. Thread-safe. */
public interface CarrierSession {

    /** Whether this process is a worker, which is to {@link #serve}; else it is the master. */
    default boolean isWorker() {
        return false;
    }

    /**
     * Evaluates for the master until that ends this worker, and closes this session.
     *
     * @throws CarrierException when there is no master
     * @throws ExecutionException when this worker fails, with why
     * @throws InterruptedException when this thread is interrupted
     */
    default WorkerEnd serve() throws CarrierException, ExecutionException, InterruptedException {
        throw new IllegalStateException("this process is the master");
    }

    // ---- the master ----

    /** The way to the workers; empty when the threads of this process are all there is. */
    Optional<Carrier> carrier();

    /** The thread on which all that belongs to the pool runs. */
    CommunicationThread communication();

    /** Starts the communication thread, where it belongs to this session. */
    void begin();

    /** Evaluation threads of each worker process; 0: its share of the processors. */
    int threads();

    /** Whether the master's process may evaluate tasks, too, where nobody has said so. */
    default boolean masterMayEvaluate() {
        return true;
    }

    WorkerPolicy workerPolicy();

    /** Whether workers may come from elsewhere, so that their code has to be compared with the master's. */
    default boolean workersMayHaveOtherCode() {
        return false;
    }

    /** The command that makes another machine a worker; empty where none can join. */
    default Optional<String> invitation() {
        return Optional.empty();
    }

    /** Has a listener told why workers that were started here will not come, on another thread. */
    default void onWorkersGivenUp(Consumer<String> listener) {}

    /** Has a listener told why the carrier has ended, on another thread. */
    default void onCarrierLost(Consumer<String> listener) {}

    /**
     * Ends it.
     *
     * @param clean whether the workers were told to end; where the launcher waits for them, they are ended by force
     *     otherwise
     */
    void close(boolean clean);
}
