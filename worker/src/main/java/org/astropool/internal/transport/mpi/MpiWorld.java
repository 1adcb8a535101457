package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MPI in this process, from the first {@link #join} to the end of the JVM: the first agent of its communication thread,
 * which alone calls MPI.
 *
 * <p>How it ends. Normally a shutdown hook asks the communication thread to leave, see {@link ShutdownProtocol}. When
 * somebody still uses MPI then (an exception, System.exit), the other ranks would wait for ever, so the hook aborts the
 * job.
 */
final class MpiWorld implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(MpiWorld.class);
    private static final int FINALIZE_SECONDS = 5;
    private static final long MEETING_NANOS = 30_000_000_000L;
    private static final int ABORT_SECONDS = 5;
    private static final int FORWARD_MILLIS = 300;
    private static final long LAST_WORDS_NANOS = 500_000_000;
    private static final long KILL_NANOS = 1_000_000_000;
    private static final int MAX_FULLY_CONNECTED = 64;

    /** The only static state: MPI can be initialised once in the life of a process. */
    private static @Nullable MpiWorld theOne;

    private final MpiLauncher launcher;
    private final MpiLibrary library;
    private final Mpi mpi;
    private final CommunicationThread thread = new CommunicationThread("astropool-mpi", true);
    private final CompletableFuture<MpiExchange> initialized = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger users = new AtomicInteger();
    private @Nullable Membership membership;
    private volatile boolean leaving;
    private volatile boolean meeting;
    private volatile long meetingSince;
    private volatile boolean inFinalize;
    private boolean finalizing;
    private long lostKilledSince;
    private boolean launcherWaits;
    private @Nullable ByteBuffer farewellMeeting;
    private volatile int abortCode;

    /** What there is once MPI is initialised. */
    private record Membership(MpiExchange exchange, ShutdownProtocol farewell) {}

    private MpiWorld(MpiLauncher launcher, MpiLibrary library) {
        this.launcher = launcher;
        this.library = library;
        this.mpi = new Mpi(library.abi());
    }

    /** One more user; the first one initialises MPI. */
    static synchronized MpiCarrier join(MpiLauncher launcher) throws CarrierException {
        MpiWorld world = theOne;
        if (world == null) {
            TimeZone.getDefault(); // reads the environment natively, once: before MPI changes it
            MpiLibrary library = MpiLibrary.load(launcher);
            MpiCalls.bind(library.handle());
            world = new MpiWorld(launcher, library);
            theOne = world;
            world.thread.add(world);
            world.thread.start();
        }
        MpiExchange exchange = world.awaitInitialization();
        world.users.incrementAndGet();
        return new MpiCarrier(world, exchange);
    }

    private MpiExchange awaitInitialization() throws CarrierException {
        MpiExchange exchange;
        try {
            exchange = initialized.get();
        } catch (ExecutionException e) {
            throw new CarrierException(library.describe() + " could not be initialised", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CarrierException("interrupted while MPI was being initialised", e);
        }
        int expected = launcher.size().orElse(exchange.size());
        if (expected != exchange.size()) {
            throw new CarrierException(launcher.name() + " started " + expected + " processes, but "
                    + library.describe() + " sees " + exchange.size()
                    + ": this library does not belong to the launcher; use the launcher that came with it, or set "
                    + MpiLauncher.LIBRARY_VARIABLE + " to the launcher's library");
        }
        return exchange;
    }

    String description() {
        return library.version();
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
        Membership member = membership;
        if (member == null) {
            membership = initialize();
            return 1;
        }
        if (abortCode != 0) {
            mpi.abort(abortCode);
        }
        int work = member.exchange.turn(nowNanos) + member.farewell.turn(nowNanos);
        if (leaving && thread.isItself()) { // who called MPI_Init calls MPI_Finalize
            leave(member);
        }
        if (farewellMeeting != null) {
            work++; // no pause now
        }
        return work;
    }

    @Override
    public Urgency urgency() {
        return leaving ? Urgency.LOW : Urgency.HIGH;
    }

    /** Without this agent the process does not hear from its peers any more: the job has to end. */
    @Override
    public void failed(Throwable cause) {
        if (!initialized.completeExceptionally(cause)) {
            LOG.error("MPI failed", cause);
            abort(1, "MPI failed");
        }
    }

    private Membership initialize() {
        LibC.makeTimersOfThisThreadSharp();
        if (NativeEnvironment.change(mpi::initialize)) {
            thread.lendTurns();
        }
        MpiExchange exchange = new MpiExchange(mpi);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "astropool-mpi-end"));
        ShutdownProtocol farewell =
                new ShutdownProtocol(exchange.ownChannel(), RankProcess.own(), exchange::expelledByMaster);
        exchange.listen(farewell);
        farewell.introduce();
        initialized.complete(exchange);
        return new Membership(exchange, farewell);
    }

    private void leave(Membership member) {
        ShutdownProtocol farewell = member.farewell;
        if (!meeting && farewell.mayLeave() && launcherCanEnd(farewell)) {
            farewell.sayGo();
            finalizing = farewell.finalizeWorks();
            meetingSince = System.nanoTime();
            meeting = true;
        }
        if (meeting && !finalizing) {
            // the last words leave first, but some of what was sent to lost ranks never does
            if (member.exchange.isEverythingSent() || System.nanoTime() - meetingSince > LAST_WORDS_NANOS) {
                if (member.exchange.rank() == 0) {
                    LOG.warn("ranks {} are lost: MPI ends without MPI_Finalize", farewell.lost());
                }
                endLauncher();
                ended.countDown();
                thread.stop();
            }
        } else if (meeting && member.exchange.isEverythingSent() && allAreHere(member.exchange.size())) {
            inFinalize = true;
            NativeEnvironment.change(() -> {
                mpi.finish();
                return true;
            });
            ended.countDown();
            thread.stop();
        }
    }

    /**
     * Whether the launcher ends when the ranks have that are left: else lost ones that are stopped would keep it for
     * ever. Which they are is certain only where they ran on this host.
     */
    private boolean launcherCanEnd(ShutdownProtocol farewell) {
        BitSet lost = farewell.lost();
        if (lost.stream().allMatch(farewell::hasEnded)) {
            return true; // a worker knows of nobody
        }
        if (!launcher.goesOnWithoutLost()) {
            abortForLost(lost);
        }
        long now = System.nanoTime();
        if (lostKilledSince == 0) {
            lostKilledSince = now;
            lost.stream().forEach(farewell::kill);
        }
        launcherWaits = now - lostKilledSince > KILL_NANOS;
        return launcherWaits;
    }

    private void abortForLost(BitSet lost) {
        int exitCode = Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 1);
        LOG.warn(
                "ranks {} are lost, but their processes may still be there: MPI_Abort ends the job; its work is done",
                lost);
        Thread last = new Thread(() -> haltAfter(ABORT_SECONDS * 1000, exitCode), "astropool-mpi-halt");
        last.start();
        letLauncherForwardOutput();
        mpi.abort(exitCode);
    }

    /** Where a launcher would wait for lost ranks that nobody here can end, and waits even after MPI_Abort. */
    private void endLauncher() {
        if (launcherWaits) {
            LOG.warn(
                    "lost ranks on other hosts may still be there: this rank ends its launcher, which will not return 0");
            letLauncherForwardOutput();
            ProcessHandle.current().parent().ifPresent(ProcessHandle::destroy);
        }
    }

    /**
     * MPICH over UCX and TCP hangs in MPI_Finalize (openucx/ucx issue 8738) when ranks enter it at different times, or
     * have never talked to each other: closing a connection needs the other end's progress, and a rank that waits in
     * MPI_Finalize for the launcher makes none. So all meet first, and where they are few each talks to each.
     */
    private boolean allAreHere(int ranks) {
        ByteBuffer cell = farewellMeeting;
        if (cell == null) {
            cell = ByteBuffer.allocateDirect(Long.BYTES + 2 * MAX_FULLY_CONNECTED);
            farewellMeeting = cell;
            long address = Mpi.addressOf(cell);
            if (ranks <= MAX_FULLY_CONNECTED) {
                mpi.startExchangeOfAll(address + Long.BYTES, ranks, address);
            } else {
                mpi.startBarrier(address);
            }
        }
        return mpi.isComplete(Mpi.addressOf(cell));
    }

    /** The shutdown hook. */
    private void end() {
        if (users.get() > 0) {
            abort(Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 1), "the JVM ends in the middle of the work");
        }
        leaving = true;
        thread.wakeUp();
        try {
            while (!ended.await(FINALIZE_SECONDS, TimeUnit.SECONDS)) {
                if (inFinalize) {
                    LOG.warn("MPI_Finalize hangs, as that of MPICH over UCX and TCP sometimes does; all ranks have done"
                            + " their work, so this process ends without it");
                    Runtime.getRuntime().halt(Integer.getInteger(Carrier.EXIT_CODE_PROPERTY, 1));
                } else if (meeting && System.nanoTime() - meetingSince > MEETING_NANOS) {
                    LOG.error(
                            "not all ranks come to the end, probably one is gone; this process ends with exit code 1");
                    Runtime.getRuntime().halt(1);
                }
            }
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    /** From any thread. Does not return. */
    void abort(int code, String reason) {
        int exitCode = (code & 0xff) == 0 ? 1 : code; // what the system makes of it must not be 0 either
        LOG.error("the whole MPI job is aborted with exit code {}: {}", exitCode, reason);
        Thread last = new Thread(() -> haltAfter(ABORT_SECONDS * 1000, exitCode), "astropool-mpi-halt");
        last.start();
        letLauncherForwardOutput();
        abortCode = exitCode;
        thread.wakeUp();
        if (thread.isCurrent()) {
            mpi.abort(exitCode);
        }
        haltAfter(ABORT_SECONDS * 1000, exitCode);
    }

    /** When a job is aborted, MPICH's launcher drops what it has not read yet, which says why. */
    private static void letLauncherForwardOutput() {
        try {
            TimeUnit.MILLISECONDS.sleep(FORWARD_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then at once
        }
    }

    /** MPI_Abort may hang, or return, or never be called because the communication thread is stuck. */
    private static void haltAfter(long millis, int exitCode) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            // then at once
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
