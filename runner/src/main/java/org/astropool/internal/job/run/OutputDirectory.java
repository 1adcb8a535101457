package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.SearchKind;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.journal.LockHolder;
import org.astropool.internal.program.FailedPoints;

/** The directory of a run's results. It may hold other files, which are never touched. */
public final class OutputDirectory {
    static final String RESULTS = "results";
    static final String SUMMARY = "summary.json";
    static final String FAILURES = "failures.ecsv";
    static final String TIMINGS = "timings.fits";
    static final String REPORT = "report.html";

    private static final Pattern LOG = Pattern.compile(".+-[0-9]+-[0-9]+\\.log");

    /** A file of a design, or its name while it is written. */
    private static final Pattern SHARD =
            Pattern.compile("\\.?(training-[0-9]{5,}\\.(" + String.join("|", TableFormat.labels()) + "))(\\.part)?");

    private final Path path;

    public OutputDirectory(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /** A table in one of the formats. */
    Path table(String name, TableFormat format) {
        return path.resolve(name + "." + format.label());
    }

    /** A file of a design: a part of its points. */
    Path shard(int number, TableFormat format) {
        return path.resolve(String.format(Locale.ROOT, "training-%05d.%s", number, format.label()));
    }

    /** The files of designs that exist, also those that a killed run has not completed. */
    private List<Path> shards() {
        List<Path> shards = new ArrayList<>();
        String[] names = path.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            Matcher matcher = SHARD.matcher(name);
            if (matcher.matches()) {
                shards.add(path.resolve(matcher.group(1)));
            }
        }
        return shards.stream().distinct().sorted().toList();
    }

    /** Another file of the kind of search. */
    Path file(String name) {
        return path.resolve(name);
    }

    Path failures() {
        return path.resolve(FAILURES);
    }

    Path timings() {
        return path.resolve(TIMINGS);
    }

    Path summary() {
        return path.resolve(SUMMARY);
    }

    Path journal() {
        return path.resolve("journal").resolve("points.journal");
    }

    /** The page with which people follow a run. */
    public Path report() {
        return path.resolve(REPORT);
    }

    /** How the run progressed, and what its master used: read by nothing but reports. */
    public Path history() {
        return path.resolve("journal").resolve("history.json");
    }

    /** What the workers did in each start of the run. */
    public Path activity() {
        return path.resolve("journal").resolve("activity.json");
    }

    public Path lock() {
        return path.resolve("journal").resolve("lock");
    }

    /** The standard error of programs that keep running, one file per slot. */
    public Path logs() {
        return path.resolve(Job.OutputSettings.LOGS);
    }

    /** Removes the empty logs, or all logs but those of programs of this process. */
    void removeLogs(boolean evenWithText) throws IOException {
        removeLogs(file -> evenWithText ? !isOfThisProcess(file) : Files.size(file) == 0);
    }

    /**
     * Removes the logs of programs of this process.
     *
     * @param earlier those that remain: processes of different containers may have the same number
     */
    void removeOwnLogs(Set<Path> earlier) throws IOException {
        removeLogs(file -> isOfThisProcess(file) && !earlier.contains(file));
    }

    /** The logs that exist. */
    Set<Path> existingLogs() throws IOException {
        if (!Files.isDirectory(logs())) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(logs())) {
            return files.collect(Collectors.toSet());
        }
    }

    private static boolean isOfThisProcess(Path log) {
        return log.getFileName()
                .toString()
                .contains("-" + ProcessHandle.current().pid() + "-");
    }

    private interface LogFilter {
        boolean test(Path log) throws IOException;
    }

    private void removeLogs(LogFilter filter) throws IOException {
        if (!Files.isDirectory(logs())) {
            return;
        }
        boolean empty = true;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs())) {
            for (Path file : files) {
                boolean ours = LOG.matcher(String.valueOf(file.getFileName())).matches();
                boolean removed = ours && filter.test(file) && Files.deleteIfExists(file);
                empty &= removed;
            }
        }
        if (empty) {
            Files.deleteIfExists(logs());
        }
    }

    /** What batch jobs run, made by {@code astropool submit}. It does not make the directory one that holds results. */
    public Path batchScript() {
        return path.resolve("submit.sh");
    }

    /** The copy of the job file that they run. */
    public Path submittedJob() {
        return path.resolve("submitted.toml");
    }

    /** What batch jobs run that lend workers to the run. */
    public Path joinScript() {
        return path.resolve("join.sh");
    }

    /** The record of the batch jobs. */
    public Path batchRecord() {
        return path.resolve("batch.json");
    }

    /**
     * What a batch job prints.
     *
     * @param job its identifier, which may have the name of a server after a point
     */
    public Path batchLog(String job) {
        return path.resolve("batch-" + job.replaceFirst("\\..*", "") + ".log");
    }

    /** Removes the files of batch jobs. */
    void removeBatchFiles() throws JobException {
        try {
            for (Path file : List.of(batchRecord(), batchScript(), joinScript(), submittedJob())) {
                Files.deleteIfExists(AtomicFile.part(file));
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(submissionLock()); // of a submission that was killed
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /** What prevents two submissions at the same time. It exists while there is one. */
    public Path submissionLock() {
        return path.resolve(".submit.lock");
    }

    /** The secret that workers need to join a run, created by its master. */
    public Path workerSecret() {
        return path.resolve("journal").resolve("worker.secret");
    }

    /** Where the ranks of a launcher read the address of their master. */
    public Path workerAddress() {
        return path.resolve("journal").resolve("worker.address");
    }

    /** Whether it holds the results of a run that was completed. */
    boolean isComplete() throws IOException {
        try {
            return JsonFile.read(summary()).getBoolean("complete");
        } catch (NoSuchFileException | JsonFile.MalformedException e) {
            return false;
        }
    }

    /** Result files of an earlier run. */
    public List<Path> ours() {
        return names().stream().filter(Files::exists).toList();
    }

    /** Whether there is a run: its journal, or the summary of a complete one. */
    public boolean holdsRun() {
        return Files.exists(journal()) || Files.exists(summary());
    }

    /** All files that a run may write, except those next to the journal. */
    private List<Path> names() {
        List<Path> files = new ArrayList<>();
        List<String> tables = new ArrayList<>(List.of(RESULTS));
        SearchKind.all().forEach(kind -> tables.addAll(kind.tables()));
        for (String table : tables) {
            Arrays.stream(TableFormat.values())
                    .map(format -> table(table, format))
                    .forEach(files::add);
        }
        SearchKind.all().forEach(kind -> kind.texts().forEach(text -> files.add(file(text))));
        files.addAll(shards());
        files.addAll(List.of(failures(), timings(), report(), summary(), journal()));
        return files;
    }

    /** Whether a run here may write this file, or keeps its points in the same folder. */
    boolean owns(Path file) throws IOException {
        Path folder = file.toAbsolutePath().resolveSibling(".");
        if (isSame(folder, journal().resolveSibling("."))) {
            return true;
        }
        return isSame(folder, path)
                && (SHARD.matcher(String.valueOf(file.getFileName())).matches()
                        || names().stream().anyMatch(own -> own.getFileName().equals(file.getFileName())));
    }

    private static boolean isSame(Path folder, Path other) throws IOException {
        return Files.exists(folder) && Files.exists(other) && Files.isSameFile(folder, other);
    }

    /**
     * Creates the directory if it does not exist. Removes nothing.
     *
     * @param overwrite whether it may hold results of an earlier run, which {@link #clear} will remove
     * @throws JobException when it holds results that are to be kept, or cannot be written
     */
    void create(boolean overwrite) throws JobException {
        if (!overwrite) {
            checkThatNoneAreKept();
        }
        create();
    }

    /** @throws JobException when it holds results */
    void checkThatNoneAreKept() throws JobException {
        List<Path> ours = ours();
        if (!ours.isEmpty()) {
            throw new JobException("the output directory " + path + " holds results ("
                    + ours.get(0).getFileName()
                    + "); use --resume to keep them, --overwrite to replace them, or another --out");
        }
    }

    /** Creates the directory if it does not exist. @throws JobException when it cannot be written */
    public void create() throws JobException {
        try {
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, ".astropool", ".tmp"));
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /**
     * Removes results of an earlier run.
     *
     * @param withJournal whether to remove the points as well
     * @throws JobException when that is not possible
     */
    void clear(boolean withJournal) throws JobException {
        try {
            Files.deleteIfExists(summary()); // first, since without it the other files are not a complete run
            for (Path file : names()) {
                Files.deleteIfExists(AtomicFile.part(file)); // of a run that was killed while it wrote
                if (!file.equals(journal())) {
                    Files.deleteIfExists(file);
                }
            }
            if (withJournal) {
                removeLogs(true);
                FailedPoints.of(logs()).remove();
                Files.deleteIfExists(activity());
                Files.deleteIfExists(AtomicFile.part(activity()));
                PointJournal.remove(journal());
                Files.deleteIfExists(history());
                Files.deleteIfExists(AtomicFile.part(history()));
            }
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /** Removes the results and the points of an earlier run. @throws JobException when a run is going on */
    public void removeResults() throws JobException {
        if (isRunning()) {
            throw new JobException("a run is running in " + path + ", so that its results are not removed");
        }
        clear(true);
    }

    /** Whether a run is going on. @throws JobException when its lock cannot be read */
    public boolean isRunning() throws JobException {
        try {
            return LockHolder.of(lock()).map(LockHolder::isRunning).orElse(false);
        } catch (IOException e) {
            throw new JobException("the lock " + lock() + " cannot be read: " + e);
        }
    }

    /** When the run was started or continued for the last time. */
    public Optional<Instant> lastStart() {
        try {
            return Optional.of(Files.getLastModifiedTime(journal().resolveSibling(RunRecord.FILE))
                    .toInstant());
        } catch (IOException e) {
            return Optional.empty(); // it has not begun
        }
    }

    /** When the run last wrote something that it always writes while it goes on. */
    public Optional<Instant> lastActivity() {
        return Stream.of(activity(), journal(), lock())
                .map(file -> {
                    try {
                        return Files.getLastModifiedTime(file).toInstant();
                    } catch (IOException e) {
                        return Instant.MIN; // there is none
                    }
                })
                .filter(time -> time.isAfter(Instant.MIN))
                .max(Instant::compareTo);
    }

    private JobException notWritable(IOException e) {
        return new JobException(
                "the output directory " + path + " cannot be written: " + e + "; choose another with --out");
    }
}
