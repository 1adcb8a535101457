package org.astropool.internal.cli.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.batch.BatchStart;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.FirstStart;
import org.astropool.internal.batch.JobState;
import org.astropool.internal.batch.Verdict;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.ActivityFile;
import org.astropool.internal.job.run.FailedOutcomes;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.job.run.RunStatus;
import org.astropool.internal.model.FileDigest;
import org.astropool.internal.system.NativeEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the scripts of batch jobs call, before and after the run. Not for users. */
@Command(
        name = "batch",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "What the script of a batch job calls at its begin and at its end.")
public final class BatchStepCommand implements Callable<Integer> {
    /** The moments. */
    enum Step {
        BEGIN,
        END
    }

    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);
    private static final Duration CLOCK_OF_FILES_DIFFERS = Duration.ofSeconds(30);
    private static final int LONGEST_NOTICE_SECONDS = 60;

    @Parameters(index = "0", paramLabel = "begin|end")
    private Step step;

    @Parameters(index = "1", paramLabel = "DIR")
    private Path folder;

    @Option(names = "--job")
    private String job = "";

    @Option(names = "--restarts")
    private int restarts;

    @Option(names = "--cores")
    private int cores = 1;

    @Option(names = "--started")
    private long started;

    @Option(names = "--ends")
    private long ends;

    @Option(names = "--code")
    private int code;

    @Option(names = "--signal")
    private String signal = "";

    @Option(names = "--batch")
    private String batch = "";

    @Override
    public Integer call() throws JobException {
        OutputDirectory directory = new OutputDirectory(folder);
        return step == Step.BEGIN ? begin(directory) : end(directory);
    }

    private int begin(OutputDirectory directory) throws JobException {
        Instant start = Instant.ofEpochSecond(started);
        BatchRecord record = BatchRecord.read(directory.batchRecord());
        checkThatNoOtherJobRuns(record, directory);
        long points = finished(directory);
        BatchRecord closed = record.closed(lastSign(directory, record), points, "killed");
        Optional<String> refusal = Verdict.refusal(closed, start);
        boolean hasBegun;
        try {
            if (refusal.isPresent()) {
                BatchRecord.update(
                        directory.batchRecord(),
                        now -> now.closed(lastSign(directory, now), points, "killed")
                                .withJob(job)
                                .endedBecause(refusal.get()));
                BatchMessages.say("the run is not started again: " + refusal.get() + "; " + points
                        + " points are in the journal of " + directory.path());
                if (!closed.cancelled()) {
                    notify(closed, directory, ExitCode.ENDED_EARLY.code(), refusal.get());
                }
                return ExitCode.ENDED_EARLY.code();
            }
            hasBegun = hasBegun(closed, directory);
            long before = closed.starts().isEmpty() ? prepareFirst(closed.firstStart(), directory) : points;
            BatchStart begun = new BatchStart(job, start, Optional.empty(), cores, before, before, "");
            record = BatchRecord.update(
                    directory.batchRecord(),
                    now -> now.closed(lastSign(directory, now), points, "killed")
                            .goingOn()
                            .begun(begun));
        } catch (IOException e) {
            throw new JobException("the run is not started, since " + directory.batchRecord() + " cannot be written: "
                    + e.getMessage() + "; free disk space, then submit it again with --resume");
        }
        BatchMessages.say("start " + record.starts().size() + " of the run, "
                + (job.isEmpty() ? "by hand" : "in job " + job)
                + (restarts > 0 ? ", which the batch system has started again" : "") + ", " + cores + " cores, until "
                + Instant.ofEpochSecond(ends));
        if (isChanged(record)) {
            BatchMessages.say(changed(record, directory));
        }
        System.out.println(Verdict.endOfStart(closed, start, cores, Instant.ofEpochSecond(ends))
                        .getEpochSecond()
                + (hasBegun ? "" : " first"));
        return ExitCode.OK.code();
    }

    /** Whether an earlier start got as far as to record the model, and so what was accepted. */
    private static boolean hasBegun(BatchRecord record, OutputDirectory directory) {
        return !record.starts().isEmpty() && hasRunSince(record.starts().get(0).started(), directory);
    }

    private static boolean hasRunSince(Instant time, OutputDirectory directory) {
        return directory.lastStart().filter(start -> !start.isBefore(time)).isPresent();
    }

    /** A script that is submitted twice by hand must not close the start of the job that runs. */
    private void checkThatNoOtherJobRuns(BatchRecord record, OutputDirectory directory) throws JobException {
        String other = record.openStart().map(BatchStart::job).orElse("");
        if (other.isEmpty() || other.equals(job)) {
            return;
        }
        JobState state;
        try {
            state = BatchSystem.of(record.system())
                    .states(List.of(other), directory.batchScript())
                    .get(other);
        } catch (JobException e) {
            return; // not known; the run itself is locked
        }
        if (state != null && state.phase() == JobState.Phase.RUNNING) {
            throw new JobException("job " + other + " is running the run in " + directory.path()
                    + "; it goes on by itself, so that this job ends");
        }
    }

    /** Returns how many points are left. If the job is killed here, the next one does it again. */
    private static long prepareFirst(FirstStart first, OutputDirectory directory) throws JobException, IOException {
        switch (first) {
            case OVERWRITE -> directory.removeResults();
            case RETRY_FAILED -> FailedOutcomes.withdraw(directory.path());
            case CONTINUE -> {}
        }
        return finished(directory);
    }

    /** Whether the job file is not what was submitted any more. */
    static boolean isChanged(BatchRecord record) {
        return !Files.isRegularFile(record.jobFile())
                || !FileDigest.of(record.jobFile()).equals(record.digest());
    }

    static String changed(BatchRecord record, OutputDirectory directory) {
        return record.jobFile() + " has changed or was removed after it was submitted; the job runs the copy "
                + directory.submittedJob();
    }

    private int end(OutputDirectory directory) throws JobException {
        Instant now = Instant.now();
        Optional<RunStatus> status = status(directory);
        Verdict.Ended ended = new Verdict.Ended(
                code,
                status.map(RunStatus::isComplete).orElse(false)
                        && (code == ExitCode.OK.code() || code == ExitCode.FAILURES.code()),
                // A run that was refused has left the end of the one before.
                hasRunSince(
                                lastStart(BatchRecord.read(directory.batchRecord()))
                                        .minus(CLOCK_OF_FILES_DIFFERS),
                                directory)
                        ? status.flatMap(RunStatus::end)
                                .map(RunStatus.End::reason)
                                .orElse("")
                        : "",
                signal,
                ends > 0 && !now.isBefore(Instant.ofEpochSecond(ends).minus(CLOCKS_DIFFER)));
        long points = status.map(RunStatus::finished).orElse(0L);
        Verdict verdict;
        BatchRecord record;
        try {
            record = BatchRecord.update(
                    directory.batchRecord(), written -> written.closed(now, points, ended.described()));
            ActivityFile.extend(directory, lastStart(record), now, cores(record));
            verdict = Verdict.after(record, ended, now);
            boolean isCancelled = verdict.kind() == Verdict.Kind.LEAVE && record.cancelled();
            if (verdict.kind() != Verdict.Kind.GO_ON && !isCancelled) { // if another start follows, that removes it
                String why = verdict.reason();
                record = BatchRecord.update(directory.batchRecord(), written -> written.endedBecause(why));
            }
        } catch (IOException e) { // a full disk: without a record of what was used, nothing may follow
            record = BatchRecord.read(directory.batchRecord()).closed(now, points, ended.described());
            verdict = Verdict.after(record, ended, now);
            if (verdict.kind() == Verdict.Kind.GO_ON) {
                verdict = new Verdict(
                        Verdict.Kind.STOP, "the record of the batch jobs cannot be written: " + e.getMessage());
            }
        }
        switch (verdict.kind()) {
            case COMPLETE -> notify(record, directory, code, verdict.reason());
            case LEAVE -> BatchMessages.say(verdict.reason());
            case STOP -> {
                BatchMessages.say("the run does not go on: " + verdict.reason() + ". " + points
                        + " points are on disk; when the cause is removed: astropool submit ... --resume");
                notify(record, directory, code, verdict.reason());
            }
            case GO_ON -> goOn(record, directory, points);
        }
        return code;
    }

    private static Instant lastStart(BatchRecord record) {
        return record.starts().isEmpty()
                ? Instant.MAX
                : record.starts().get(record.starts().size() - 1).started();
    }

    private static int cores(BatchRecord record) {
        return record.starts().isEmpty()
                ? 0
                : record.starts().get(record.starts().size() - 1).cores();
    }

    private void goOn(BatchRecord record, OutputDirectory directory, long points) {
        if (batch.isEmpty()) {
            BatchMessages.say(
                    points + " points are on disk; start " + directory.batchScript() + " again for the others");
            return;
        }
        try {
            BatchSystem system = BatchSystem.of(record.system());
            if (record.requeues()) {
                Optional<String> problem = system.requeue(job);
                if (problem.isEmpty()) {
                    BatchMessages.say("job " + job + " runs again, for the other points");
                    return;
                }
            }
            String next = system.submit(directory.batchScript(), Optional.of(job));
            BatchRecord.update(directory.batchRecord(), written -> written.withJob(next));
            BatchMessages.say("job " + next + " continues, for the other points");
        } catch (JobException | IOException e) {
            String reason = "the next job cannot be submitted: " + e.getMessage();
            BatchMessages.say(reason + "; astropool submit ... --resume continues the run");
            try {
                BatchRecord.update(directory.batchRecord(), written -> written.endedBecause(reason));
            } catch (JobException | IOException again) {
                BatchMessages.say(String.valueOf(again.getMessage()));
            }
            notify(record, directory, code, reason);
        }
    }

    /** Runs the command that the user gave when submitting. Whatever it does has no effect on the job. */
    private static void notify(BatchRecord record, OutputDirectory directory, int code, String reason) {
        if (record.notice().isEmpty()) {
            return;
        }
        try {
            // what it prints belongs into the log
            ProcessBuilder builder =
                    new ProcessBuilder("/bin/sh", "-c", "exec >&2; eval \"$1\"", "sh", record.notice()).inheritIO();
            builder.environment().put("ASTROPOOL_DIRECTORY", directory.path().toString());
            builder.environment().put("ASTROPOOL_JOB_NAME", record.name());
            builder.environment().put("ASTROPOOL_EXIT_CODE", String.valueOf(code));
            builder.environment().put("ASTROPOOL_REASON", reason);
            Process process = NativeEnvironment.start(builder);
            if (!process.waitFor(LONGEST_NOTICE_SECONDS, TimeUnit.SECONDS)) { // the job would use its nodes meanwhile
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                BatchMessages.say(
                        "the command of --notify has not ended in " + LONGEST_NOTICE_SECONDS + " s, and was killed");
            } else if (process.exitValue() != 0) {
                BatchMessages.say("the command of --notify has ended with " + process.exitValue());
            }
        } catch (IOException e) {
            BatchMessages.say("the command of --notify cannot be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<RunStatus> status(OutputDirectory directory) {
        try {
            return Optional.of(RunReader.of(directory.path()).status());
        } catch (JobException e) {
            return Optional.empty(); // it has not begun
        }
    }

    private static long finished(OutputDirectory directory) {
        return status(directory).map(RunStatus::finished).orElse(0L);
    }

    /** When a start that was killed was last seen. */
    static Instant lastSign(OutputDirectory directory, BatchRecord record) {
        Instant begin = record.openStart().map(BatchStart::started).orElse(Instant.EPOCH);
        return directory.lastActivity().filter(begin::isBefore).orElse(begin);
    }
}
