package org.astropool.internal.transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The ranks that a launcher has started together, for a technique that a process can initialise only once: all users in
 * the process share it, from the first one to the end of the JVM. It is the first agent of its communication thread,
 * which initialises the technique. A shutdown hook ends it; how, is the subclass's to decide, since that is where the
 * techniques differ.
 *
 * <p>A subclass keeps its only instance in a static field.
 *
 * @param <N> the connections to the other ranks, which exist once the technique is initialised
 */
public abstract class SharedWorld<N extends SharedWorld.Network> implements Agent {

    /** The connections of this rank to all others. */
    public interface Network {
        int rank();

        int size();

        /** See {@link Carrier#openNext}. From any thread. */
        Transport openNext();
    }

    private final String technique;
    private final CommunicationThread thread;
    private final CompletableFuture<N> initialized = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger users = new AtomicInteger();
    private @Nullable N network;

    /**
     * @param technique its name in error messages
     * @param threadName of the communication thread
     */
    protected SharedWorld(String technique, String threadName) {
        this.technique = technique;
        this.thread = new CommunicationThread(threadName, true);
    }

    /** Begins to initialise. To be called once. */
    protected final void start() {
        thread.add(this);
        thread.start();
    }

    /** @throws CarrierException when the technique could not be initialised */
    protected final N awaitInitialization() throws CarrierException {
        try {
            return await(initialized);
        } catch (ExecutionException e) {
            throw new CarrierException(technique + " could not be initialised: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CarrierException("interrupted while " + technique + " was being initialised", e);
        }
    }

    /** Waits without a limit, unless overridden. */
    protected N await(Future<N> initialization) throws ExecutionException, InterruptedException, CarrierException {
        return initialization.get();
    }

    /** The carrier of one more user, who counts until it is closed. */
    protected final Carrier share(N initializedNetwork) {
        users.incrementAndGet();
        return new Share(initializedNetwork);
    }

    protected final boolean isUsed() {
        return users.get() > 0;
    }

    protected final CommunicationThread thread() {
        return thread;
    }

    /** See {@link Carrier#description}. */
    protected abstract String description();

    /** Initialises the technique, on the communication thread. */
    protected abstract N initialize();

    /** See {@link Agent#doWork}, once the technique is initialised. */
    protected abstract int doWork(N joined, long nowNanos);

    /** The shutdown hook: ends the technique, or makes sure that the other ranks do not wait for this one. */
    protected abstract void end(N joined);

    /** The communication of an initialised technique has failed: this agent is not run any more. */
    protected abstract void failed(N joined, Throwable cause);

    /**
     * Ends all ranks. From any thread. Does not return.
     *
     * @param exitCode not 0 in the eight bits that the operating system keeps of it
     */
    protected abstract void abortAll(int exitCode, String reason);

    /** Ends all ranks with a failure. From any thread. Does not return. */
    protected final void abort(int exitCode, String reason) {
        abortAll((exitCode & 0xff) == 0 ? 1 : exitCode, reason);
    }

    /** The technique is ended, and nothing is left for the communication thread to do. */
    protected final void finish() {
        ended.countDown();
        thread.stop();
    }

    /** Counted down when the technique has ended, or has failed. */
    protected final CountDownLatch ended() {
        return ended;
    }

    @Override
    public final int doWork(long nowNanos) {
        N joined = network;
        if (joined != null) {
            return doWork(joined, nowNanos);
        }
        N made = initialize();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(made), "astropool-end"));
        network = made;
        initialized.complete(made);
        return 1;
    }

    @Override
    public final void failed(Throwable cause) {
        initialized.completeExceptionally(cause);
        N joined = network;
        if (joined != null) {
            failed(joined, cause);
        }
        ended.countDown();
    }

    /** What one user has of it. */
    private final class Share implements Carrier {
        private final N joined;
        private final AtomicBoolean closed = new AtomicBoolean();

        Share(N joined) {
            this.joined = joined;
        }

        @Override
        public String description() {
            return SharedWorld.this.description();
        }

        @Override
        public int rank() {
            return joined.rank();
        }

        @Override
        public int size() {
            return joined.size();
        }

        @Override
        public CommunicationThread thread() {
            return thread;
        }

        @Override
        public Transport openNext() {
            return joined.openNext();
        }

        @Override
        public void abort(int exitCode, String reason) {
            SharedWorld.this.abort(exitCode, reason);
        }

        /** The technique itself ends with the JVM, because it can be initialised only once. */
        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                users.decrementAndGet();
            }
        }
    }
}
