package org.astropool.internal.transport.mpj;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MPJ Express in this rank, from the first {@link #join} to the end of the JVM: the first agent of its communication
 * thread, which alone calls MPJ.
 *
 * <p>How it ends: a shutdown hook lets the master say GO, and all call Finalize. Workers end long before a master that
 * writes its tables, and in cluster mode the end of one process closes the connections of all, so they wait for that.
 * In multicore mode the ranks share a JVM, whose end runs the hooks of all of them at a time. A rank that ends in the
 * middle of its work says so to all others.
 */
final class MpjWorld implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(MpjWorld.class);

    private static final int MASTER = 0;
    private static final int POLL_MILLIS = 5;
    private static final int INITIALIZE_SECONDS = 180;
    /** Workers hear that the master has ended a moment after it. */
    private static final long LAST_USER_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** For the master to write down how far it is, when another rank ends the JVM that they share. */
    private static final long RECORD_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final long LAST_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FINALIZE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * The only static state: MPJ can be initialised once in the life of a rank, which has a class loader of its own.
     */
    private static @Nullable MpjWorld theOne;

    private final Mpj mpj;
    private final String[] arguments;
    private final String description;
    private final boolean shared;
    private final CommunicationThread thread = new CommunicationThread("astropool-mpj", true);
    private final CompletableFuture<MpjNetwork> initialized = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger users = new AtomicInteger();
    private @Nullable MpjNetwork network;
    private volatile Phase phase = Phase.WORKING;
    private boolean saidGo;

    private enum Phase {
        WORKING,
        /** All that was to be done is done. */
        LEAVING,
        /** This rank cannot go on, and has not said so yet. */
        FAILING,
        FAILED
    }

    private MpjWorld(Mpj mpj, String[] arguments, MpjDevice device) {
        this.mpj = mpj;
        this.arguments = arguments;
        this.description = MpjInstallation.ofThisProcess().version() + " (" + device.description() + ")";
        this.shared = device == MpjDevice.MULTICORE;
    }

    /** One more user; the first one initialises MPJ. */
    static synchronized MpjCarrier join(String... arguments) throws CarrierException {
        MpjWorld world = theOne;
        if (world == null) {
            world = create(arguments);
            theOne = world;
            world.thread.add(world);
            world.thread.start();
        }
        try {
            MpjNetwork network = world.initialized.get(INITIALIZE_SECONDS, TimeUnit.SECONDS);
            world.users.incrementAndGet();
            return new MpjCarrier(world, network);
        } catch (ExecutionException e) {
            throw new CarrierException("MPJ Express could not be initialised: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new CarrierException(
                    "not every rank has come to MPI.Init of MPJ Express within " + INITIALIZE_SECONDS
                            + " s; does each run the same command, and did none fail before?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CarrierException("interrupted while MPJ Express was being initialised", e);
        }
    }

    private static MpjWorld create(String... arguments) throws CarrierException {
        MpjDevice device = MpjDevice.of(arguments)
                .orElseThrow(() -> new CarrierException("MPJ Express did not start this process: its main was not given"
                        + " a rank, a configuration and a device; " + MpjInstallation.HOW_TO_START));
        try {
            return new MpjWorld(new Mpj(), arguments.clone(), device);
        } catch (ReflectiveOperationException e) {
            throw new CarrierException(
                    "this MPJ Express cannot be used (" + e + "); " + MpjInstallation.HOW_TO_START, e);
        }
    }

    String description() {
        return description;
    }

    CommunicationThread thread() {
        return thread;
    }

    /** One user less. */
    void left() {
        users.decrementAndGet();
    }

    @Override
    public int turn(long nowNanos) {
        MpjNetwork joined = network;
        if (joined == null) {
            network = initialize();
            return 1;
        }
        int work = joined.turn(nowNanos);
        if (phase == Phase.FAILING) {
            joined.fail();
            phase = Phase.FAILED;
        } else if (phase == Phase.LEAVING) {
            leave(joined);
        }
        return work;
    }

    private MpjNetwork initialize() {
        mpj.initialize(arguments);
        MpjNetwork made = new MpjNetwork(mpj, thread);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "astropool-mpj-end"));
        initialized.complete(made);
        return made;
    }

    private void leave(MpjNetwork joined) {
        if (joined.rank() == MASTER && joined.isComplete() && !saidGo) {
            joined.sayGo();
            saidGo = true;
        }
        if (!joined.isComplete()) {
            ended.countDown(); // MPJ would wait for the lost rank; the others see the end of this one
            thread.stop();
        } else if ((saidGo || joined.mayGo()) && joined.isEverythingSent()) {
            mpj.finish();
            ended.countDown();
            thread.stop();
        }
    }

    @Override
    public Urgency urgency() {
        return phase == Phase.WORKING ? Urgency.HIGH : Urgency.LOW;
    }

    @Override
    public void failed(Throwable cause) {
        initialized.completeExceptionally(cause);
        MpjNetwork joined = network;
        if (joined != null) {
            LOG.error("the communication of this rank failed", cause);
            joined.failed(new MpjException(String.valueOf(cause), cause));
        }
        ended.countDown();
    }

    /** The shutdown hook. */
    private void end() {
        try {
            boolean master = initialized.join().rank() == MASTER;
            if (!await(() -> users.get() == 0, shared && !master ? LAST_USER_NANOS : 0)) {
                LOG.error("the JVM ends in the middle of the work");
                fail();
                if (shared && master) {
                    await(() -> System.getProperty(Carrier.EXIT_CODE_PROPERTY) != null, RECORD_NANOS);
                }
            } else if (!shared && !master && Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 0) != 0) {
                fail();
            } else {
                finish(master);
            }
        } catch (InterruptedException e) {
            // then at once
        }
    }

    private void finish(boolean master) throws InterruptedException {
        phase = Phase.LEAVING;
        thread.wakeUp();
        if (!master && !shared) {
            ended.await(); // at the latest the end of the master closes the connections
        } else if (!ended.await(FINALIZE_NANOS, TimeUnit.NANOSECONDS)) {
            LOG.debug("not every rank has come to Finalize");
        }
    }

    /** From any thread. Does not return. */
    void abort(int code, String reason) {
        LOG.error("the work of all ranks ends: {}", reason);
        try {
            fail();
        } catch (InterruptedException e) {
            // then at once
        }
        Runtime.getRuntime().halt((code & 0xff) == 0 ? 1 : code); // what the system makes of it must not be 0 either
    }

    private void fail() throws InterruptedException {
        phase = Phase.FAILING;
        thread.wakeUp();
        await(() -> phase != Phase.FAILING, LAST_WORDS_NANOS);
    }

    private interface Condition {
        boolean holds();
    }

    private static boolean await(Condition condition, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }
}
