package org.astropool.internal.cli.batch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.job.run.RunStatus;
import org.jspecify.annotations.Nullable;

/** All runs under a folder, for {@code astropool status --all}. Immutable. */
public final class RunsTable {
    /** One run; without a status when it has not begun, or cannot be read. */
    private record Row(Path directory, Optional<RunStatus> run, Optional<BatchReport> batch, String problem) {}

    private final Path root;
    private final List<Row> rows;
    private final List<Path> unreadable;

    private RunsTable(Path root, List<Row> rows, List<Path> unreadable) {
        this.root = root;
        this.rows = rows;
        this.unreadable = unreadable;
    }

    /** @throws JobException when it is no folder, or there is no run in it */
    public static RunsTable of(Path root) throws JobException {
        if (!Files.isDirectory(root)) {
            throw new JobException(root + " is not a directory; name a folder with output directories of runs");
        }
        Path folder = Files.isSymbolicLink(root) ? root.resolve(".") : root; // links below it are not followed
        TreeSet<Path> directories = new TreeSet<>();
        List<Path> unreadable = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                    OutputDirectory directory = new OutputDirectory(inner);
                    boolean isRun = directory.holdsRun() || Files.exists(directory.batchRecord());
                    if (isRun) {
                        directories.add(inner);
                    }
                    return isRun ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    unreadable.add(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new JobException(root + " cannot be read: " + e);
        }
        if (directories.isEmpty()) {
            throw new JobException("there is no output directory of a run in " + root
                    + (unreadable.isEmpty() ? "" : ", as far as it can be read (not " + unreadable.get(0) + ")"));
        }
        return new RunsTable(folder, rows(directories), List.copyOf(unreadable));
    }

    private static List<Row> rows(Set<Path> directories) {
        List<BatchReport.Submitted> submitted = new ArrayList<>();
        Map<Path, String> problems = new HashMap<>();
        for (Path directory : directories) {
            try {
                BatchRecord.readIfPresent(new OutputDirectory(directory).batchRecord())
                        .ifPresent(record -> submitted.add(new BatchReport.Submitted(directory, record)));
            } catch (JobException e) {
                problems.put(directory, String.valueOf(e.getMessage()));
            }
        }
        Map<Path, BatchReport> reports = new HashMap<>();
        Iterator<BatchReport> answers = BatchReport.of(submitted).iterator();
        submitted.forEach(each -> reports.put(each.folder(), answers.next()));
        List<Row> rows = new ArrayList<>();
        for (Path directory : directories) {
            Optional<BatchReport> batch = Optional.ofNullable(reports.get(directory));
            String problem = problems.getOrDefault(directory, "");
            Optional<RunStatus> run = Optional.empty();
            if (new OutputDirectory(directory).holdsRun()) {
                try {
                    run = Optional.of(RunReader.of(directory).status());
                } catch (JobException e) {
                    problem = String.valueOf(e.getMessage());
                }
            }
            rows.add(new Row(directory, run, batch, problem));
        }
        return rows;
    }

    @Override
    public String toString() {
        TextTable table = new TextTable();
        table.row("directory", "points", "done", "run", "core-hours", "batch job");
        for (Row row : rows) {
            table.row(
                    root.relativize(row.directory).toString().isEmpty()
                            ? "."
                            : root.relativize(row.directory).toString(),
                    row.run.map(RunsTable::points).orElse("-"),
                    row.run.map(RunsTable::done).orElse("-"),
                    row.run.map(RunsTable::word).orElse(row.problem.isEmpty() ? "not started" : "unreadable"),
                    row.batch
                            .map(batch -> String.format(Locale.ROOT, "%.3f", batch.coreHours()))
                            .orElse("-"),
                    row.batch.map(batch -> batch.state(row.run)).orElse(row.problem.isEmpty() ? "-" : row.problem));
        }
        StringBuilder text = new StringBuilder(table.toString());
        unreadable.forEach(
                folder -> text.append(folder).append(" cannot be read").append(System.lineSeparator()));
        return text.toString();
    }

    private static String points(RunStatus run) {
        return run.finished() + (run.points() == RunStatus.UNKNOWN ? "" : " of " + run.points());
    }

    private static String done(RunStatus run) {
        if (run.points() <= 0) {
            return "-";
        }
        double percent = 100.0 * run.finished() / run.points();
        return String.format(Locale.ROOT, "%.1f %%", run.finished() < run.points() ? Math.min(percent, 99.9) : percent);
    }

    private static String word(RunStatus run) {
        return run.isRunning()
                ? "running"
                : run.isComplete()
                        ? "complete"
                        : "ended" + run.end().map(end -> ": " + end.reason()).orElse("");
    }

    /** For {@code --json}. */
    public List<Map<String, @Nullable Object>> json() {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Row row : rows) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(
                    row.run.map(RunStatus::fields).orElse(Map.of("directory", row.directory.toString())));
            fields.put("batch", row.batch.map(batch -> batch.json(row.run)).orElse(null));
            fields.put("problem", row.problem.isEmpty() ? null : row.problem);
            all.add(fields);
        }
        return all;
    }
}
