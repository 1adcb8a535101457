package org.astropool.internal.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Timer;
import java.util.TimerTask;
import org.astropool.internal.cli.display.ProgressDisplay;
import org.astropool.internal.cli.process.ProcessMemory;
import org.astropool.internal.job.DurationText;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.EvaluationRun;
import org.astropool.internal.job.run.JobRun;
import org.astropool.internal.job.run.Pilot;
import org.astropool.internal.job.run.RunCancellation;
import org.astropool.internal.job.run.Termination;
import org.astropool.internal.system.ProcessStart;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;

/** Evaluates the pilot of a plan, and measures what the start takes and the memory that it needs. */
final class PilotRun {
    private static final int MEMORY_MILLIS = 100;

    private final Ranks ranks;
    private final TerminationHandler ending;
    private final RunCancellation stop;
    private final Messages messages;
    private double startSeconds = Double.NaN;
    private ProcessMemory memory = new ProcessMemory(0, 0);

    PilotRun(Ranks ranks, TerminationHandler ending, RunCancellation stop, Messages messages) {
        this.ranks = ranks;
        this.ending = ending;
        this.stop = stop;
        this.messages = messages;
    }

    /**
     * Evaluates the points of the pilot that are missing.
     *
     * @param time after which it starts no more points
     */
    EvaluationRun evaluate(JobRun run, PoolOptions options, Pilot pilot, Duration time, ProgressDisplay.Style progress)
            throws Exception {
        run.reports().forEach(messages::say);
        run.tryFirstPoint();
        return ranks.run(options, pool -> evaluate(run, pool, pilot, time, progress))
                .orElseThrow(() -> new IllegalStateException("the first rank is no master"));
    }

    private EvaluationRun evaluate(JobRun run, Pool pool, Pilot pilot, Duration time, ProgressDisplay.Style progress)
            throws JobException, IOException {
        messages.say(PoolLine.of(pool, ranks.launch()));
        ranks.endProgramsThatNobodyNeeds(pool);
        ending.beginWriting();
        run.begin();
        ending.beginEvaluation();
        messages.say("the pilot evaluates " + pilot.describe() + ", and starts none after "
                + DurationText.of(time.toMillis() * 1e-3));
        double opening = Duration.between(ProcessStart.instant(), Instant.now()).toMillis() * 1e-3;
        Timer timer = new Timer("astropool-pilot", true);
        timer.schedule(task(() -> stop.end(Termination.afterPilot())), time.toMillis());
        // Programs that are started for each point have ended when the pilot ends.
        timer.schedule(task(this::measureMemory), 0, MEMORY_MILLIS);
        try (ProgressDisplay display = ProgressDisplay.onStandardError(progress)) {
            EvaluationRun evaluated = run.evaluatePilot(pool, pilot, stop, display);
            startSeconds = opening + evaluated.preparingSeconds();
            measureMemory();
            return evaluated;
        } finally {
            timer.cancel();
        }
    }

    private static TimerTask task(Runnable action) {
        return new TimerTask() {
            @Override
            public void run() {
                action.run();
            }
        };
    }

    private synchronized void measureMemory() {
        memory = memory.largest(ProcessMemory.now());
    }

    /** Whether points were evaluated, so that the start and the memory are known. */
    boolean hasMeasured() {
        return !Double.isNaN(startSeconds);
    }

    /** Until the workers and their models were ready; NaN when nothing was evaluated. */
    double startSeconds() {
        return startSeconds;
    }

    /** The most that was in use; 0 when nothing was evaluated. */
    synchronized ProcessMemory memory() {
        return memory;
    }
}
