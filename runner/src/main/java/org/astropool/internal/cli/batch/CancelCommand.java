package org.astropool.internal.cli.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.JobState;
import org.astropool.internal.batch.JobState.Phase;
import org.astropool.internal.cli.options.DurationConverter;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends the batch jobs of a run. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Ends the batch job of a run and those that would follow it. The run can be continued.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool cancel out/pantheon-wcdm",
            "  astropool submit job.toml --resume    # continues it later",
            "",
            "A running job first gets the time to finish the points in progress."
        })
public final class CancelCommand implements Callable<Integer> {
    private static final int POLL_MILLIS = 500;

    @Parameters(index = "0", paramLabel = "DIR", description = "The output directory of a submitted run.")
    private Path folder;

    @Option(
            names = "--grace",
            paramLabel = "T",
            converter = DurationConverter.class,
            defaultValue = "30 s",
            description = "How long a running job may take to end by itself. Default: ${DEFAULT-VALUE}.")
    private Duration grace = Duration.ofSeconds(30);

    /** What the batch system said when it refused something. */
    private String refusal = "";

    @Override
    public Integer call() throws JobException {
        OutputDirectory directory = new OutputDirectory(folder.toAbsolutePath().normalize());
        BatchRecord record = BatchRecord.read(directory.batchRecord());
        BatchSystem system = BatchSystem.of(record.system());
        Map<String, JobState> states = alive(system, record, directory);
        if (states.isEmpty()) {
            BatchMessages.say("no job of " + directory.path() + " is waiting or running");
            return ExitCode.OK.code();
        }
        try {
            // Before a job is ended, so that it starts no other one.
            record = BatchRecord.update(directory.batchRecord(), BatchRecord::asCancelled);
        } catch (IOException e) {
            throw new JobException("nothing was cancelled, since " + directory.batchRecord() + " cannot be written: "
                    + e + "; only who has submitted a run can cancel it");
        }
        List<String> warned = new ArrayList<>();
        for (Map.Entry<String, JobState> job :
                states.entrySet()) { // those that wait first, so that none of them starts
            if (job.getValue().phase() == Phase.RUNNING && !grace.isZero()) {
                warned.add(job.getKey());
            } else {
                attempt(() -> system.cancel(job.getKey()));
            }
        }
        for (String job : warned) {
            attempt(() -> system.warn(job));
        }
        awaitEnd(system, record, directory);
        // Read again: a script that was ending may have submitted the next job.
        record = BatchRecord.read(directory.batchRecord());
        for (String job : alive(system, record, directory).keySet()) {
            attempt(() -> system.cancel(job));
        }
        checkThatNoneWaits(system, record, directory);
        List<String> ids = new ArrayList<>(states.keySet());
        BatchMessages.say(
                (ids.size() == 1 ? "job " : "jobs ") + String.join(", ", ids) + (ids.size() == 1 ? " was" : " were")
                        + " cancelled; submit the job file with --resume to continue the run");
        return ExitCode.OK.code();
    }

    private interface Order {
        void give() throws JobException;
    }

    /** A job that has just ended refuses it, which must not keep the others alive. */
    private void attempt(Order order) {
        try {
            order.give();
        } catch (JobException e) {
            refusal = String.valueOf(e.getMessage());
        }
    }

    private void checkThatNoneWaits(BatchSystem system, BatchRecord record, OutputDirectory directory)
            throws JobException {
        if (refusal.isEmpty()) {
            return;
        }
        Map<String, JobState> left = alive(system, record, directory);
        left.values().removeIf(state -> state.word().equals("COMPLETING"));
        if (!left.isEmpty()) {
            throw new JobException(
                    "these jobs were not cancelled: " + String.join(", ", left.keySet()) + ": " + refusal);
        }
    }

    private void awaitEnd(BatchSystem system, BatchRecord record, OutputDirectory directory) throws JobException {
        long deadline = System.nanoTime() + grace.toNanos();
        try {
            while (!alive(system, record, directory).isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, JobState> alive(BatchSystem system, BatchRecord record, OutputDirectory directory)
            throws JobException {
        Map<String, JobState> states = new TreeMap<>(system.states(record.jobs(), directory.batchScript()));
        states.putAll(system.states(record.joined(), directory.joinScript()));
        states.values().removeIf(state -> !state.isAlive());
        return states;
    }
}
