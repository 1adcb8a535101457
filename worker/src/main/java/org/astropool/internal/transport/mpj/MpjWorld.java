package org.astropool.internal.transport.mpj;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.SharedWorld;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MPJ Express in this rank. Its communication thread alone calls MPJ.
 *
 * <p>How it ends: a shutdown hook lets the master say GO, and all call Finalize. Workers end long before a master that
 * writes its tables, and in cluster mode the end of one process closes the connections of all, so they wait for the
 * master. In multicore mode the ranks share a JVM, whose end runs the hooks of all ranks at the same time. A rank that
 * ends in the middle of its work tells all others.
 */
final class MpjWorld extends SharedWorld<MpjNetwork> {
    private static final Logger LOG = LoggerFactory.getLogger(MpjWorld.class);

    private static final int MASTER = 0;
    private static final int POLL_MILLIS = 5;
    private static final int INITIALIZE_SECONDS = 180;
    /** Workers learn a moment after the master that it has ended. */
    private static final long LAST_USER_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** For the master to record its state, when another rank ends the JVM that they share. */
    private static final long RECORD_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final long LAST_FRAMES_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FINALIZE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Static, because MPJ can be initialised only once in the life of a rank, which has a class loader of its own. */
    private static @Nullable MpjWorld theOne;

    private final Mpj mpj;
    private final String[] arguments;
    private final String description;
    private final boolean shared;
    private volatile Phase phase = Phase.WORKING;
    private boolean saidGo;

    private enum Phase {
        WORKING,
        /** All work is done. */
        LEAVING,
        /** This rank cannot go on, and has not told the others yet. */
        FAILING,
        FAILED
    }

    private MpjWorld(Mpj mpj, String[] arguments, MpjDevice device) {
        super("MPJ Express", "astropool-mpj");
        this.mpj = mpj;
        this.arguments = arguments;
        this.description = MpjInstallation.ofThisProcess().version() + " (" + device.description() + ")";
        this.shared = device == MpjDevice.MULTICORE;
    }

    /** One more user; the first one initialises MPJ. */
    static synchronized Carrier join(String... arguments) throws CarrierException {
        MpjWorld world = theOne;
        if (world == null) {
            world = create(arguments);
            theOne = world;
            world.start();
        }
        return world.share(world.awaitInitialization());
    }

    @Override
    protected MpjNetwork await(Future<MpjNetwork> initialization)
            throws ExecutionException, InterruptedException, CarrierException {
        try {
            return initialization.get(INITIALIZE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CarrierException(
                    "not every rank has called MPI.Init of MPJ Express within " + INITIALIZE_SECONDS
                            + " s; check that each rank runs the same command, and that none has failed before",
                    e);
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

    @Override
    protected String description() {
        return description;
    }

    @Override
    protected int doWork(MpjNetwork joined, long nowNanos) {
        int work = joined.doWork(nowNanos);
        if (phase == Phase.FAILING) {
            joined.fail();
            phase = Phase.FAILED;
        } else if (phase == Phase.LEAVING) {
            leave(joined);
        }
        return work;
    }

    @Override
    protected MpjNetwork initialize() {
        mpj.initialize(arguments);
        return new MpjNetwork(mpj, thread());
    }

    private void leave(MpjNetwork joined) {
        if (joined.rank() == MASTER && joined.isComplete() && !saidGo) {
            joined.sayGo();
            saidGo = true;
        }
        if (!joined.isComplete()) {
            finish(); // MPJ would wait for the lost rank; the others see the end of this one
        } else if ((saidGo || joined.mayGo()) && joined.isEverythingSent()) {
            mpj.finish();
            finish();
        }
    }

    @Override
    public Urgency urgency() {
        return phase == Phase.WORKING ? Urgency.HIGH : Urgency.LOW;
    }

    @Override
    protected void failed(MpjNetwork joined, Throwable cause) {
        LOG.error("the communication of this rank failed", cause);
        joined.failed(new MpjException(String.valueOf(cause), cause));
    }

    @Override
    protected void end(MpjNetwork joined) {
        try {
            boolean master = joined.rank() == MASTER;
            if (!await(() -> !isUsed(), shared && !master ? LAST_USER_NANOS : 0)) {
                LOG.error("the JVM ends in the middle of the work");
                fail();
                if (shared && master) {
                    await(() -> System.getProperty(Carrier.EXIT_CODE_PROPERTY) != null, RECORD_NANOS);
                }
            } else if (!shared && !master && Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 0) != 0) {
                fail();
            } else {
                leaveTogether(master);
            }
        } catch (InterruptedException e) {
            // ends without waiting any longer
        }
    }

    private void leaveTogether(boolean master) throws InterruptedException {
        phase = Phase.LEAVING;
        thread().wakeUp();
        if (!master && !shared) {
            ended().await(); // at the latest the end of the master closes the connections
        } else if (!ended().await(FINALIZE_NANOS, TimeUnit.NANOSECONDS)) {
            LOG.debug("not every rank has called Finalize");
        }
    }

    @Override
    protected void abortAll(int exitCode, String reason) {
        LOG.error("the work of all ranks ends: {}", reason);
        try {
            fail();
        } catch (InterruptedException e) {
            // halts without waiting any longer
        }
        Runtime.getRuntime().halt(exitCode);
    }

    private void fail() throws InterruptedException {
        phase = Phase.FAILING;
        thread().wakeUp();
        await(() -> phase != Phase.FAILING, LAST_FRAMES_NANOS);
    }

    private static boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }
}
