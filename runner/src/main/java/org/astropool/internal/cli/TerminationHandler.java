package org.astropool.internal.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import org.astropool.internal.cli.process.ProcessExit;
import org.astropool.internal.cli.process.Signals;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.run.RunCancellation;
import org.astropool.internal.job.run.Termination;
import org.astropool.internal.job.run.Termination.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run when a signal says so, or when its time is up: hands out nothing more, waits for what is being evaluated
 * as long as may be, and leaves the rest to a resume. Its methods are called by signal handlers and timers, too.
 */
final class TerminationHandler implements AutoCloseable {
    private static final String ALLOCATION_END = "SLURM_JOB_END_TIME";

    /** What the end of an allocation needs: writing, ending the ranks, the batch system's own dealings. */
    private static final Duration ALLOCATION_RESERVE = Duration.ofSeconds(15);

    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(2);
    private static final int RESERVE_PART = 20;
    private static final int LOOK_MILLIS = 250;
    /** After the grace, for the tables and the farewell of the workers. */
    private static final Duration LONGEST_END = Duration.ofSeconds(10);
    /** Later ends than this one are no ends. */
    private static final Duration LONGEST_ALLOCATION = Duration.ofDays(3650);

    private enum Phase {
        /** Nothing is written yet: an interrupt ends what is waited for. */
        PREPARING,
        /** The output directory changes. */
        BEGINNING,
        EVALUATING
    }

    private final RunCancellation stop;
    private final Duration grace;
    private final Messages messages;
    private final RunFile runFile;
    private final Optional<Instant> allocationEnd;
    private final Timer timer = new Timer("astropool-timer", true);
    private final Thread preparing = Thread.currentThread();
    private boolean interrupted;
    private Phase phase = Phase.PREPARING;
    private @Nullable ExitCode signalled;

    TerminationHandler(
            RunCancellation stop, Duration grace, Map<String, String> environment, RunFile runFile, Messages messages) {
        this.stop = stop;
        this.grace = grace;
        this.messages = messages;
        this.runFile = runFile;
        this.allocationEnd = allocationEnd(environment);
    }

    /**
     * Empty, with a warning, for an allocation that is over: a shell of a session that goes on has its variables still.
     */
    private Optional<Instant> allocationEnd(Map<String, String> environment) {
        Instant now = Instant.now();
        Instant end;
        try {
            end = Instant.ofEpochSecond(
                    Long.parseLong(environment.getOrDefault(ALLOCATION_END, "").strip()));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty(); // a variable of others is no reason to fail
        }
        if (!end.isAfter(now)) {
            messages.say(ALLOCATION_END + " says that the allocation has ended at " + end
                    + ", so it is of an earlier one: this run does not heed it (unset " + ALLOCATION_END
                    + " to be rid of this message)");
            return Optional.empty();
        }
        return Optional.of(end).filter(time -> time.isBefore(now.plus(LONGEST_ALLOCATION)));
    }

    /** Heeds signals from now on. */
    void heedSignals() {
        Signals.handle("TERM", signal -> end(Cause.SIGTERM, "SIGTERM", grace));
        Signals.handle("HUP", signal -> end(Cause.SIGTERM, "SIGHUP", grace));
        Signals.handle("INT", signal -> interrupt());
        Signals.handle("USR1", signal -> warn());
        if (runFile.forwardedSignal().isPresent()) { // it came before there was anybody to hear it
            warn();
        }
    }

    /** Heeds signals that a wrapper writes down, where a launcher hands on none to ranks. */
    void heedSignalFile() {
        TimerTask look = new TimerTask() {
            @Override
            public void run() {
                if (runFile.forwardedSignal().isPresent()) {
                    warn();
                }
            }
        };
        timer.schedule(look, LOOK_MILLIS, LOOK_MILLIS);
    }

    /** Heeds the time limit, counted from the start of this process, and the end of the allocation. */
    void heedTime(@Nullable Duration limit) {
        Instant now = Instant.now();
        if (limit != null) {
            Instant start = ProcessHandle.current().info().startInstant().orElse(now);
            Duration part = limit.dividedBy(RESERVE_PART);
            heedEnd(
                    start.plus(limit),
                    part.compareTo(LONGEST_RESERVE) < 0 ? part : LONGEST_RESERVE,
                    "the time limit of " + seconds(limit));
        }
        allocationEnd.ifPresent(end -> heedEnd(end, ALLOCATION_RESERVE, "the allocation, which ends at " + end));
    }

    private void heedEnd(Instant end, Duration reserve, String description) {
        Duration left = Duration.between(Instant.now(), end);
        stop.endWithin(left.minus(reserve), description);
        Duration untilAbandon = left.minus(reserve.dividedBy(2));
        schedule(untilAbandon, () -> {
            stop.end(new Termination(Cause.TIME_LIMIT, description + " is over; what was being evaluated is left"));
            stop.abandon();
        });
    }

    private synchronized void interrupt() {
        if (interrupted) {
            messages.say("SIGINT again: leaving at once; the journal has what was finished");
            runFile.failed(ExitCode.INTERRUPTED.code());
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
        }
        interrupted = true;
        end(Cause.SIGINT, "SIGINT", grace);
    }

    /** SIGUSR1: the batch system's warning that the allocation ends soon, or another signal that was handed on. */
    private void warn() {
        Optional<String> forwarded = runFile.forwardedSignal();
        if (forwarded.isPresent()) {
            boolean isInterrupt = forwarded.get().equals("INT");
            end(isInterrupt ? Cause.SIGINT : Cause.SIGTERM, "SIG" + forwarded.get(), grace);
        } else {
            Duration left = allocationEnd
                    .map(end -> Duration.between(Instant.now(), end).minus(ALLOCATION_RESERVE))
                    .orElse(grace);
            end(Cause.SIGTERM, "SIGUSR1", left.isNegative() ? Duration.ZERO : left);
        }
    }

    /** From now on no interrupt disturbs: the run writes. */
    synchronized void begins() {
        phase = Phase.BEGINNING;
        Thread.interrupted();
    }

    /** From now on the run ends by its {@link RunCancellation}. */
    synchronized void evaluates() {
        phase = Phase.EVALUATING;
    }

    /** The exit code when a signal has ended the run before its first point. Clears the interrupt that did so. */
    synchronized Optional<ExitCode> endedBeforeTheFirstPoint() {
        if (signalled == null || phase == Phase.EVALUATING) {
            return Optional.empty();
        }
        Thread.interrupted();
        return Optional.of(signalled);
    }

    private synchronized void end(Cause cause, String signal, Duration wait) {
        if (signalled != null) {
            return;
        }
        ExitCode code = cause.exitCode();
        signalled = code;
        boolean evaluating = phase == Phase.EVALUATING;
        Duration tidying = wait.compareTo(ProcessExit.TIDYING) < 0 ? wait : ProcessExit.TIDYING;
        ProcessExit.atTheLatest(evaluating ? wait.plus(LONGEST_END) : tidying, code, () -> runFile.failed(code.code()));
        if (stop.why().isPresent()) {
            return;
        }
        stop.end(new Termination(cause, signal + " came"));
        if (evaluating) {
            messages.say(signal + ": nothing more is begun; what is being evaluated may take " + seconds(wait)
                    + " more, the rest is left to --resume");
            schedule(wait, stop::abandon);
        } else {
            messages.say(signal + ": the run ends before it has begun a point");
            if (phase == Phase.PREPARING) {
                preparing.interrupt();
            }
            stop.abandon();
        }
    }

    private void schedule(Duration delay, Runnable action) {
        TimerTask task = new TimerTask() {
            @Override
            public void run() {
                action.run();
            }
        };
        try {
            timer.schedule(task, Math.max(0, delay.toMillis()));
        } catch (IllegalStateException e) {
            // the run is over
        }
    }

    private static String seconds(Duration duration) {
        double seconds = duration.toMillis() * 1e-3;
        return String.format(Locale.ROOT, seconds == Math.rint(seconds) ? "%.0f s" : "%.1f s", seconds);
    }

    /** Timers end; signals are still heeded, without effect. */
    @Override
    public void close() {
        timer.cancel();
    }
}
