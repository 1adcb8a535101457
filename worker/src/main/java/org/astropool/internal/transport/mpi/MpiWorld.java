package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.SharedWorld;
import org.astropool.internal.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MPI in this process.
 *
 * <p>How it ends. Normally a shutdown hook asks the communication thread to leave, see {@link ShutdownProtocol}. When
 * MPI is still in use then (an exception, System.exit), the other ranks would wait for ever, so the hook aborts the
 * job.
 */
final class MpiWorld extends SharedWorld<MpiWorld.Membership> {
    private static final Logger LOG = LoggerFactory.getLogger(MpiWorld.class);
    private static final int FINALIZE_SECONDS = 5;
    private static final long MEETING_NANOS = 30_000_000_000L;
    private static final int ABORT_SECONDS = 5;
    private static final int FORWARD_MILLIS = 300;
    private static final long LAST_FRAMES_NANOS = 500_000_000;
    private static final long KILL_NANOS = 1_000_000_000;
    private static final int MAX_FULLY_CONNECTED = 64;

    /** Static, because MPI can be initialised only once in the life of a process. */
    private static @Nullable MpiWorld theOne;

    private final MpiLauncher launcher;
    private final MpiLibrary library;
    private final Mpi mpi;
    private volatile boolean leaving;
    private volatile boolean meeting;
    private volatile long meetingSince;
    private volatile boolean inFinalize;
    private boolean finalizing;
    private long lostKilledSince;
    private boolean launcherWaits;
    private @Nullable ByteBuffer finalMeeting;
    private volatile int abortCode;

    /** What there is once MPI is initialised. */
    record Membership(MpiExchange exchange, ShutdownProtocol shutdown) implements SharedWorld.Network {
        @Override
        public int rank() {
            return exchange.rank();
        }

        @Override
        public int size() {
            return exchange.size();
        }

        @Override
        public Transport openNext() {
            return exchange.openNext();
        }
    }

    private MpiWorld(MpiLauncher launcher, MpiLibrary library) {
        super(library.describe(), "astropool-mpi");
        this.launcher = launcher;
        this.library = library;
        this.mpi = new Mpi(library.abi());
    }

    /** One more user; the first one initialises MPI. */
    static synchronized Carrier join(MpiLauncher launcher) throws CarrierException {
        MpiWorld world = theOne;
        if (world == null) {
            TimeZone.getDefault(); // reads the environment natively, once: before MPI changes it
            MpiLibrary library = MpiLibrary.load(launcher);
            MpiCalls.bind(library.handle());
            world = new MpiWorld(launcher, library);
            theOne = world;
            world.start();
        }
        Membership member = world.awaitInitialization();
        world.requireSize(member.size());
        return world.share(member);
    }

    private void requireSize(int size) throws CarrierException {
        int expected = launcher.size().orElse(size);
        if (expected != size) {
            throw new CarrierException(launcher.name() + " started " + expected + " processes, but "
                    + library.describe() + " sees " + size
                    + ": this library does not belong to the launcher; use the launcher that came with it, or set "
                    + MpiLauncher.LIBRARY_VARIABLE + " to the launcher's library");
        }
    }

    @Override
    protected String description() {
        return library.version();
    }

    @Override
    protected int doWork(Membership member, long nowNanos) {
        if (abortCode != 0) {
            mpi.abort(abortCode);
        }
        int work = member.exchange.doWork(nowNanos) + member.shutdown.doWork(nowNanos);
        if (leaving && thread().isItself()) { // the thread that called MPI_Init must call MPI_Finalize
            leave(member);
        }
        if (finalMeeting != null) {
            work++; // no pause now
        }
        return work;
    }

    @Override
    public Urgency urgency() {
        return leaving ? Urgency.LOW : Urgency.HIGH;
    }

    /** The process does not hear from its peers any more, so the job has to end. */
    @Override
    protected void failed(Membership member, Throwable cause) {
        LOG.error("MPI failed", cause);
        abort(1, "MPI failed");
    }

    @Override
    protected Membership initialize() {
        LibC.makeTimersOfThisThreadSharp();
        if (NativeEnvironment.change(mpi::initialize)) {
            thread().allowCallerRuns();
        }
        MpiExchange exchange = new MpiExchange(mpi);
        ShutdownProtocol shutdown =
                new ShutdownProtocol(exchange.ownChannel(), RankProcess.own(), exchange::expelledByMaster);
        exchange.listen(shutdown);
        shutdown.introduce();
        return new Membership(exchange, shutdown);
    }

    private void leave(Membership member) {
        ShutdownProtocol shutdown = member.shutdown;
        if (!meeting && shutdown.mayLeave() && launcherCanEnd(shutdown)) {
            shutdown.sayGo();
            finalizing = shutdown.finalizeWorks();
            meetingSince = System.nanoTime();
            meeting = true;
        }
        if (meeting && !finalizing) {
            // the last frames must leave first, but some of those to lost ranks never do
            if (member.exchange.isEverythingSent() || System.nanoTime() - meetingSince > LAST_FRAMES_NANOS) {
                if (member.exchange.rank() == 0) {
                    LOG.warn("ranks {} are lost: MPI ends without MPI_Finalize", shutdown.lost());
                }
                endLauncher();
                finish();
            }
        } else if (meeting && member.exchange.isEverythingSent() && allAreHere(member.exchange.size())) {
            inFinalize = true;
            NativeEnvironment.change(() -> {
                mpi.finish();
                return true;
            });
            finish();
        }
    }

    /**
     * Whether the launcher ends when the remaining ranks have ended: lost ranks whose processes are merely stopped
     * would keep it running for ever. Whether a process has ended is certain only where it ran on this host.
     */
    private boolean launcherCanEnd(ShutdownProtocol shutdown) {
        BitSet lost = shutdown.lost();
        if (lost.stream().allMatch(shutdown::hasEnded)) {
            return true; // always so at a worker, which knows of no other rank
        }
        if (!launcher.goesOnWithoutLost()) {
            abortForLost(lost);
        }
        long now = System.nanoTime();
        if (lostKilledSince == 0) {
            lostKilledSince = now;
            lost.stream().forEach(shutdown::kill);
        }
        launcherWaits = now - lostKilledSince > KILL_NANOS;
        return launcherWaits;
    }

    private void abortForLost(BitSet lost) {
        int exitCode = Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 1);
        LOG.warn(
                "ranks {} are lost, but their processes may still exist: MPI_Abort ends the job; all work is done",
                lost);
        startHalt(exitCode);
        letLauncherForwardOutput();
        mpi.abort(exitCode);
    }

    /** For a launcher that waits, even after MPI_Abort, for lost ranks that this process cannot end. */
    private void endLauncher() {
        if (launcherWaits) {
            LOG.warn("lost ranks on other hosts may still exist: this rank ends its launcher, which will not return 0");
            letLauncherForwardOutput();
            ProcessHandle.current().parent().ifPresent(ProcessHandle::destroy);
        }
    }

    /**
     * MPICH over UCX and TCP hangs in MPI_Finalize (openucx/ucx issue 8738) when ranks enter it at different times, or
     * have never talked to each other: closing a connection needs the other end's progress, and a rank that waits in
     * MPI_Finalize for the launcher makes none. So all meet first; in small jobs each rank exchanges a byte with every
     * other.
     */
    private boolean allAreHere(int ranks) {
        ByteBuffer cell = finalMeeting;
        if (cell == null) {
            cell = ByteBuffer.allocateDirect(Long.BYTES + 2 * MAX_FULLY_CONNECTED);
            finalMeeting = cell;
            long address = Mpi.addressOf(cell);
            if (ranks <= MAX_FULLY_CONNECTED) {
                mpi.startExchangeOfAll(address + Long.BYTES, ranks, address);
            } else {
                mpi.startBarrier(address);
            }
        }
        return mpi.isComplete(Mpi.addressOf(cell));
    }

    @Override
    protected void end(Membership member) {
        if (isUsed()) {
            abort(Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 1), "the JVM ends in the middle of the work");
        }
        leaving = true;
        thread().wakeUp();
        try {
            while (!ended().await(FINALIZE_SECONDS, TimeUnit.SECONDS)) {
                if (inFinalize) {
                    LOG.warn(
                            "MPI_Finalize hangs, which happens with MPICH over UCX and TCP; all ranks have finished their"
                                    + " work, so this process exits without it");
                    Runtime.getRuntime().halt(Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 1));
                } else if (meeting && System.nanoTime() - meetingSince > MEETING_NANOS) {
                    LOG.error(
                            "not all ranks have reached MPI_Finalize, probably because one is lost; this process exits"
                                    + " with code 1");
                    Runtime.getRuntime().halt(1);
                }
            }
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    @Override
    protected void abortAll(int exitCode, String reason) {
        LOG.error("the whole MPI job is aborted with exit code {}: {}", exitCode, reason);
        startHalt(exitCode);
        letLauncherForwardOutput();
        abortCode = exitCode;
        thread().wakeUp();
        if (thread().isCurrent()) {
            mpi.abort(exitCode);
        }
        haltAfter(ABORT_SECONDS * 1000, exitCode);
    }

    /** MPI_Abort may hang, or return, or never be called because the communication thread is stuck. */
    private static void startHalt(int exitCode) {
        new Thread(() -> haltAfter(ABORT_SECONDS * 1000, exitCode), "astropool-mpi-halt").start();
    }

    /** When a job is aborted, MPICH's launcher drops output that it has not read yet, and with it the reason. */
    private static void letLauncherForwardOutput() {
        try {
            TimeUnit.MILLISECONDS.sleep(FORWARD_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // without the wait
        }
    }

    private static void haltAfter(long millis, int exitCode) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            // without the wait
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
