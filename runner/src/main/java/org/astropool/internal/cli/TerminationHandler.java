package org.astropool.internal.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * Ends a run on a signal or when its time is over: no more points are started, those being evaluated are awaited for a
 * limited time, and the rest is left to a resume. Its methods are also called by signal handlers and timers.
 */
final class TerminationHandler implements AutoCloseable {
    static final String END_TIME = "ASTROPOOL_END_TIME";

    /** The first one that is set counts: scripts of {@code astropool submit} set it, also for limits of core-hours. */
    private static final List<String> ALLOCATION_ENDS = List.of(END_TIME, "SLURM_JOB_END_TIME");

    /** The time needed at the end of an allocation: for writing, for ending the ranks, and by the batch system. */
    static final Duration ALLOCATION_RESERVE = Duration.ofSeconds(15);

    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(2);
    private static final int RESERVE_PART = 20;
    private static final int LOOK_MILLIS = 250;
    /** The time after the grace for the tables and the shutdown of the workers. */
    private static final Duration LONGEST_END = Duration.ofSeconds(10);
    /** An allocation that ends later than this is ignored. */
    private static final Duration LONGEST_ALLOCATION = Duration.ofDays(3650);

    private enum Phase {
        /** Nothing is written yet: an interrupt ends any wait. */
        PREPARING,
        /** The output directory is being changed. */
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

    /** Empty, with a warning, for an allocation that is over, since its variables may remain in a shell. */
    private Optional<Instant> allocationEnd(Map<String, String> environment) {
        Instant now = Instant.now();
        String variable = ALLOCATION_ENDS.stream()
                .filter(environment::containsKey)
                .findFirst()
                .orElse("");
        Instant end;
        try {
            end = Instant.ofEpochSecond(
                    Long.parseLong(environment.getOrDefault(variable, "").strip()));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty(); // a variable with another meaning is no reason to fail
        }
        if (!end.isAfter(now)) {
            messages.say(variable + " gives the end of the allocation as " + end
                    + ", which is in the past, so it is ignored (unset " + variable
                    + " to avoid this message)");
            return Optional.empty();
        }
        return Optional.of(end).filter(time -> time.isBefore(now.plus(LONGEST_ALLOCATION)));
    }

    /** Handles signals from now on. */
    void handleSignals() {
        Signals.handle("TERM", signal -> end(Cause.SIGTERM, "SIGTERM", grace));
        Signals.handle("HUP", signal -> end(Cause.SIGTERM, "SIGHUP", grace));
        Signals.handle("INT", signal -> interrupt());
        Signals.handle("USR1", signal -> warn());
        if (runFile.forwardedSignal().isPresent()) { // it was sent before this handler existed
            warn();
        }
    }

    /** Also handles signals that a wrapper writes to a file, for launchers that do not pass signals to ranks. */
    void watchSignalFile() {
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

    /** Ends the run at the time limit, counted from the start of this process, and at the end of the allocation. */
    void scheduleEnd(@Nullable Duration limit) {
        Instant now = Instant.now();
        if (limit != null) {
            Instant start = ProcessHandle.current().info().startInstant().orElse(now);
            Duration part = limit.dividedBy(RESERVE_PART);
            scheduleEnd(
                    start.plus(limit),
                    part.compareTo(LONGEST_RESERVE) < 0 ? part : LONGEST_RESERVE,
                    "the time limit of " + seconds(limit));
        }
        allocationEnd.ifPresent(end -> scheduleEnd(end, ALLOCATION_RESERVE, "the allocation, which ends at " + end));
    }

    private void scheduleEnd(Instant end, Duration reserve, String description) {
        Duration left = Duration.between(Instant.now(), end);
        stop.endWithin(left.minus(reserve), description);
        Duration untilAbandon = left.minus(reserve.dividedBy(2));
        schedule(untilAbandon, () -> {
            stop.end(new Termination(
                    Cause.TIME_LIMIT, description + " is over; the points that were being evaluated have no result"));
            stop.abandon();
        });
    }

    private synchronized void interrupt() {
        if (interrupted) {
            messages.say("second SIGINT: exiting immediately; the journal has the finished points");
            runFile.failed(ExitCode.INTERRUPTED.code());
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
        }
        interrupted = true;
        end(Cause.SIGINT, "SIGINT", grace);
    }

    /** SIGUSR1: the batch system's warning that the allocation ends soon, or another signal that was passed on. */
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

    /** No interrupts from now on, since the run writes files. */
    synchronized void beginWriting() {
        phase = Phase.BEGINNING;
        Thread.interrupted();
    }

    /** From now on the {@link RunCancellation} ends the run. */
    synchronized void beginEvaluation() {
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
        if (stop.why().filter(why -> why.cause() != Cause.PILOT).isPresent()) {
            return;
        }
        stop.end(new Termination(cause, signal + " was received"));
        if (evaluating) {
            messages.say(signal + ": no more points are started; those being evaluated have " + seconds(wait)
                    + " to finish; use --resume for the rest");
            schedule(wait, stop::abandon);
        } else {
            messages.say(signal + ": the run ends before its first point");
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

    /** Stops the timers. Signals are still handled, without effect. */
    @Override
    public void close() {
        timer.cancel();
    }
}
