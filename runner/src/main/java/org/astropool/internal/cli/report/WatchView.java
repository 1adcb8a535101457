package org.astropool.internal.cli.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.cli.display.Numbers;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunStatus;
import org.astropool.internal.job.run.RunStatus.FailureCount;
import org.astropool.internal.page.RunHistory;
import org.astropool.internal.page.RunHistory.Sample;
import org.astropool.internal.page.TimeLeft;
import org.astropool.internal.text.CutText;
import org.astropool.task.Output;

/** A run as the lines of a terminal. */
public final class WatchView {
    private static final int MOST_FAILURES = 4;
    private static final int LOG_LINES = 4;
    private static final int LOG_BYTES = 4096;
    private static final int LONGEST_REASON = 300;
    private static final int FEWEST_WORKER_LINES = 4;

    private final RunContents contents;
    private final RunStatus status;
    private final List<Sample> samples;

    /** @param seen what the watcher itself has seen, for runs that record no history */
    public WatchView(RunContents contents, List<Sample> seen) {
        this.contents = contents;
        this.status = contents.status();
        List<Sample> recorded = RunHistory.of(contents.history()).latest();
        this.samples = recorded.size() > 1 ? recorded : seen;
    }

    /** Whether nothing more will happen: the run is complete, has ended early, or its process was killed. */
    public boolean isOver() {
        return status.isComplete() || !status.isRunning();
    }

    /** One line, for terminals that show text only and for files. */
    public String line() {
        if (status.isStarting()) {
            return name() + ": starting";
        }
        List<String> parts = new ArrayList<>(List.of(counts()));
        if (!isOver()) {
            parts.add(rate());
        }
        parts.add(status.failed() + " failed");
        timeLeft().ifPresent(left -> parts.add(left + " left"));
        return name() + ": " + state() + ", " + String.join(", ", parts);
    }

    /** Lines for a window of this size. */
    public List<String> lines(int columns, int rows) {
        List<String> lines = new ArrayList<>();
        String help = "q: leave";
        String title = name() + ": " + state();
        lines.add(title + " ".repeat(Math.max(1, columns - title.length() - help.length())) + help);
        lines.add(bar(columns));
        if (status.isStarting()) {
            lines.add("no point yet: the program or the workers of the run are starting");
            return lines;
        }
        lines.add(String.join(", ", progress()));
        best().ifPresent(lines::add);
        lines.addAll(failures());
        List<String> log = log();
        List<String> workers = workers(Math.max(FEWEST_WORKER_LINES, rows - lines.size() - log.size() - 2));
        if (!workers.isEmpty()) {
            lines.add("");
            lines.addAll(workers);
        }
        if (!log.isEmpty()) {
            lines.add("");
            lines.addAll(log);
        }
        return lines;
    }

    private String name() {
        return status.isStarting() ? String.valueOf(status.directory().getFileName()) : status.job();
    }

    private String state() {
        if (status.isComplete()) {
            return "complete, exit code " + status.end().orElseThrow().exitCode();
        }
        if (status.isRunning()) {
            return status.isStarting() ? "starting" : "running";
        }
        return status.end()
                .map(end -> "ended early" + (end.reason().isEmpty() ? "" : " (" + end.reason() + ")")
                        + "; --resume continues it")
                .orElse("not running: its process was killed, or its machine failed; --resume continues it");
    }

    private boolean hasTotal() {
        return status.points() != RunStatus.UNKNOWN;
    }

    private String counts() {
        return hasTotal()
                ? status.finished() + "/" + status.points() + " (" + percent() + " %)"
                : status.finished() + " points";
    }

    /** Rounded down: what is not complete is not 100 %. */
    private int percent() {
        return status.points() == 0 ? 100 : (int) (100 * status.finished() / status.points());
    }

    private String bar(int columns) {
        if (!hasTotal()) {
            return counts();
        }
        int width = Math.max(1, columns - counts().length() - 3);
        int full = (int) (width * (status.points() == 0 ? 1 : (double) status.finished() / status.points()));
        return "[" + "#".repeat(full) + ".".repeat(width - full) + "] " + counts();
    }

    private List<String> progress() {
        List<String> parts = new ArrayList<>();
        parts.add(rate());
        timeLeft().ifPresent(left -> parts.add(left + " left"));
        parts.add(status.ok() + " ok");
        parts.add(status.failed() + " failed");
        if (status.skipped() > 0) {
            parts.add(status.skipped() + " skipped");
        }
        status.pace()
                .ifPresent(pace -> parts.add("a point takes " + Numbers.value(pace.medianSeconds()) + " s (median)"));
        return parts;
    }

    private String rate() {
        double rate = status.pace()
                .map(RunStatus.Pace::pointsPerSecond)
                .or(() -> contents.summary().map(json -> json.getDouble("evaluations_per_second", Double.NaN)))
                .orElse(Double.NaN);
        return Double.isNaN(rate) ? "no rate yet" : Numbers.rate(rate) + "/s";
    }

    private Optional<String> timeLeft() {
        if (isOver() || !hasTotal()) {
            return Optional.empty();
        }
        return TimeLeft.of(samples, status.points() - status.finished())
                .map(left -> time(left.seconds()) + " (" + time(left.least()) + " to "
                        + (Double.isFinite(left.most()) ? time(left.most()) : "?") + ")");
    }

    private static String time(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : whole < 100 * 3600
                        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                        : whole / 86_400 + " days";
    }

    private Optional<String> best() {
        if (status.best().isEmpty()) {
            return Optional.empty();
        }
        String parameters = status.best().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(Output.LOG_LIKELIHOOD))
                .map(entry -> entry.getKey() + " " + Numbers.value(entry.getValue()))
                .collect(Collectors.joining(", "));
        return Optional.of("best: " + parameters + ": log_likelihood "
                + Numbers.value(status.best().getOrDefault(Output.LOG_LIKELIHOOD, Double.NaN)));
    }

    private List<String> failures() {
        List<String> lines = new ArrayList<>();
        for (FailureCount failures : status.failures()) {
            if (lines.size() < MOST_FAILURES) {
                lines.add(failures.count() + " x " + failures.kind() + ", the first is point "
                        + failures.example().index() + ": "
                        + CutText.of(failures.example().reason(), LONGEST_REASON));
            }
        }
        return lines;
    }

    /** The workers that were lost, then the others. */
    private List<String> workers(int most) {
        if (contents.activity().isEmpty()) {
            return List.of();
        }
        ActivitySnapshot start = contents.activity().get(contents.activity().size() - 1);
        List<WorkerActivity> workers = new ArrayList<>(start.workers());
        workers.sort(
                Comparator.comparing((WorkerActivity worker) -> worker.lost().isEmpty())
                        .thenComparing(WorkerActivity::number));
        TextTable table = new TextTable();
        table.row("worker", "host", "process", "slots", "evaluated", "busy", "state");
        int shown = workers.size() + 1 <= most ? workers.size() : Math.max(1, most - 2);
        for (WorkerActivity worker : workers.subList(0, Math.min(shown, workers.size()))) {
            double end = Double.isNaN(worker.left()) ? start.wallSeconds() : worker.left();
            double busy = 100 * worker.busySeconds() / ((end - worker.ready()) * worker.slots());
            table.row(
                    String.valueOf(worker.number()),
                    worker.host(),
                    String.valueOf(worker.pid()),
                    String.valueOf(worker.slots()),
                    String.valueOf(worker.evaluated()),
                    Double.isFinite(busy) ? Math.min(100, Math.round(busy)) + " %" : "",
                    !worker.lost().isEmpty() ? "lost: " + worker.lost() : Double.isNaN(worker.left()) ? "" : "left");
        }
        List<String> lines = new ArrayList<>(table.toString().lines().toList());
        if (shown < workers.size()) {
            lines.add("and " + (workers.size() - shown) + " more");
        }
        return lines;
    }

    /** The last lines that a program of the run has written. */
    private List<String> log() {
        Path logs = new OutputDirectory(status.directory()).logs();
        if (!Files.isDirectory(logs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(logs)) {
            Optional<Path> latest = files.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(".log"))
                    .filter(file -> file.toFile().length() > 0)
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
            if (latest.isEmpty()) {
                return List.of();
            }
            List<String> lines = new ArrayList<>(List.of(latest.get().getFileName() + ":"));
            lines.addAll(lastLines(latest.get()));
            return lines;
        } catch (IOException e) {
            return List.of(); // the run removes empty ones
        }
    }

    private static List<String> lastLines(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            channel.position(Math.max(0, size - LOG_BYTES));
            ByteBuffer bytes = ByteBuffer.allocate(LOG_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) > 0) {
                // until the end
            }
            List<String> lines = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
        }
    }
}
