package org.astropool.internal.batch;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.JsonFile;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one run, as the file {@code batch.json} has them. Immutable; the command that submits, and the script at
 * its begin and its end, change the file.
 *
 * @param system the batch system
 * @param name the name of the job file's job
 * @param jobFile the job file that was submitted
 * @param digest of its bytes when it was submitted
 * @param requeues whether the batch system is asked to run a job again, rather than to run another one
 * @param firstStart what the first start does about older results
 * @param notice the command for the end; "" for none
 * @param jobs identifiers, the oldest first
 * @param starts of the run, the oldest first
 * @param joined the jobs that lend workers to it
 * @param cancelled whether the user has cancelled it
 * @param end why it does not go on; empty while it does
 */
public record BatchRecord(
        String system,
        String name,
        Path jobFile,
        String digest,
        BatchLimits limits,
        boolean requeues,
        FirstStart firstStart,
        String notice,
        List<String> jobs,
        List<BatchStart> starts,
        List<String> joined,
        boolean cancelled,
        Optional<String> end) {

    private static final double SECONDS_PER_HOUR = 3600;

    /** With another job. One that is known is not added. */
    public BatchRecord withJob(String job) {
        if (job.isEmpty() || jobs.contains(job)) {
            return this;
        }
        List<String> more = new ArrayList<>(jobs);
        more.add(job);
        return with(List.copyOf(more), starts, cancelled, end);
    }

    /** With a job that lends workers. */
    public BatchRecord withJoined(String job) {
        List<String> more = new ArrayList<>(joined);
        more.add(job);
        return new BatchRecord(
                system,
                name,
                jobFile,
                digest,
                limits,
                requeues,
                firstStart,
                notice,
                jobs,
                starts,
                List.copyOf(more),
                cancelled,
                end);
    }

    BatchRecord withStarts(List<BatchStart> changed) {
        return with(jobs, List.copyOf(changed), cancelled, end);
    }

    /** Nothing goes on any more. */
    public BatchRecord asCancelled() {
        return with(jobs, starts, true, Optional.of("cancelled"));
    }

    /** It goes on, whatever ended it before. */
    public BatchRecord goingOn() {
        return with(jobs, starts, cancelled, Optional.empty());
    }

    /** It does not go on. */
    public BatchRecord endedBecause(String reason) {
        return with(jobs, starts, cancelled, Optional.of(reason));
    }

    private BatchRecord with(
            List<String> newJobs, List<BatchStart> newStarts, boolean nowCancelled, Optional<String> newEnd) {
        return new BatchRecord(
                system,
                name,
                jobFile,
                digest,
                limits,
                requeues,
                firstStart,
                notice,
                newJobs,
                newStarts,
                joined,
                nowCancelled,
                newEnd);
    }

    /** Core-hours of all starts until now. */
    public double coreHours(Instant now) {
        return starts.stream().mapToDouble(start -> start.coreSeconds(now)).sum() / SECONDS_PER_HOUR;
    }

    /** The start that has not ended, or was killed. */
    public Optional<BatchStart> openStart() {
        return starts.isEmpty()
                ? Optional.empty()
                : Optional.of(starts.get(starts.size() - 1))
                        .filter(start -> start.ended().isEmpty());
    }

    /** Closes the start that has not ended. */
    public BatchRecord closed(Instant time, long points, String how) {
        if (openStart().isEmpty()) {
            return this;
        }
        List<BatchStart> changed = new ArrayList<>(starts);
        changed.set(changed.size() - 1, openStart().get().endedAt(time, points, how));
        return withStarts(changed);
    }

    /** Begins a start. */
    public BatchRecord begun(BatchStart start) {
        List<BatchStart> more = new ArrayList<>(starts);
        more.add(start);
        return withStarts(more).withJob(start.job());
    }

    /** @throws JobException when there is none, or it cannot be read */
    public static BatchRecord read(Path file) throws JobException {
        try {
            return readable(file)
                    .orElseThrow(() -> new JobException(file.getParent()
                            + " was not submitted to a batch system: there is no " + file.getFileName()));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Empty when there is none. @throws JobException when it cannot be read */
    public static Optional<BatchRecord> readIfPresent(Path file) throws JobException {
        try {
            return readable(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static JobException unreadable(Path file, IOException e) {
        if (e instanceof MalformedException || e instanceof JsonFile.MalformedException) {
            return new JobException("the record of the batch jobs cannot be used: " + e.getMessage()
                    + "; the points are not in it: end its jobs by the commands of the batch system, remove it, and submit"
                    + " the job file with --resume");
        }
        return new JobException("the record of the batch jobs cannot be read: " + e
                + "; if the folder is of another user, ask for the right to read " + file);
    }

    private static Optional<BatchRecord> readable(Path file) throws IOException {
        try {
            return Optional.of(of(JsonFile.read(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DateTimeException | ClassCastException | IllegalArgumentException e) {
            throw new MalformedException(file + " is no record of batch jobs: " + e.getMessage(), e);
        }
    }

    /** The file is no record. */
    private static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message, RuntimeException cause) {
            super(message, cause);
        }
    }

    /** @throws IllegalArgumentException when one of them does not look like an identifier */
    private static List<String> identifiers(JsonArray jobs) {
        List<String> identifiers = jobs.stream().map(String::valueOf).toList();
        identifiers.stream()
                .filter(job -> !BatchSystem.isIdentifier(job))
                .findFirst()
                .ifPresent(job -> {
                    throw new IllegalArgumentException("\"" + job + "\" is not the identifier of a job");
                });
        return identifiers;
    }

    private static BatchRecord of(JsonObject json) {
        List<BatchStart> starts = new ArrayList<>();
        for (Object start : json.getArray("starts", new JsonArray())) {
            if (!(start instanceof JsonObject fields)) {
                throw new IllegalArgumentException("a start is " + start);
            }
            starts.add(BatchStart.of(fields));
        }
        if (!json.isString("system")) {
            throw new IllegalArgumentException("it names no batch system");
        }
        return new BatchRecord(
                json.getString("system", ""),
                json.getString("name", ""),
                Path.of(json.getString("job_file", "")),
                json.getString("job_file_sha256", ""),
                new BatchLimits(
                        json.isNumber("max_core_hours")
                                ? OptionalDouble.of(json.getDouble("max_core_hours"))
                                : OptionalDouble.empty(),
                        json.isNumber("max_starts") ? OptionalInt.of(json.getInt("max_starts")) : OptionalInt.empty()),
                json.getBoolean("requeue"),
                FirstStart.of(json.getString("first_start", FirstStart.CONTINUE.label())),
                json.getString("notify", ""),
                identifiers(json.getArray("jobs", new JsonArray())),
                List.copyOf(starts),
                identifiers(json.getArray("joined", new JsonArray())),
                json.getBoolean("cancelled"),
                Optional.ofNullable(json.getString("end")));
    }

    /** As in the file. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("system", system);
        json.put("name", name);
        json.put("job_file", jobFile.toString());
        json.put("job_file_sha256", digest);
        json.put(
                "max_core_hours",
                limits.coreHours().isPresent() ? limits.coreHours().getAsDouble() : null);
        json.put("max_starts", limits.starts().isPresent() ? limits.starts().getAsInt() : null);
        json.put("requeue", requeues);
        json.put("first_start", firstStart.label());
        json.put("notify", notice);
        json.put("jobs", jobs);
        json.put("starts", starts.stream().map(BatchStart::json).toList());
        json.put("joined", joined);
        json.put("cancelled", cancelled);
        json.put("end", end.orElse(null));
        return json;
    }

    /** @throws IOException when the disk is full */
    public void write(Path file) throws IOException {
        String text = JsonWriter.indent("  ").string().value(json()).done() + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Changes the file, so that changes of two processes at the same time are both made.
     *
     * @return what is written
     * @throws JobException when there is none, or it cannot be read
     * @throws IOException when it cannot be written
     */
    public static BatchRecord update(Path file, UnaryOperator<BatchRecord> change) throws JobException, IOException {
        while (true) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                Object before = keyOf(file);
                lock(channel); // until the channel is closed
                if (before != null && !before.equals(keyOf(file))) {
                    continue; // another process has replaced the file meanwhile
                }
                BatchRecord changed = change.apply(read(file));
                changed.write(file);
                return changed;
            } catch (NoSuchFileException e) {
                return read(file); // throws
            }
        }
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException | OverlappingFileLockException e) {
            // a file system without locks; two changes at the same time are unlikely
        }
    }
}
