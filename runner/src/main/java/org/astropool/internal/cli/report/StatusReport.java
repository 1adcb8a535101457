package org.astropool.internal.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.astropool.internal.cli.display.Numbers;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.run.RunStatus;
import org.astropool.internal.job.run.RunStatus.End;
import org.astropool.internal.job.run.RunStatus.FailureCount;
import org.astropool.internal.job.run.RunStatus.JournalFile;
import org.astropool.internal.job.run.RunStatus.Pace;
import org.astropool.internal.journal.Damage;
import org.astropool.internal.text.CutText;
import org.astropool.task.Output;

/** The status of a run, as text for the user. */
public final class StatusReport {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final int LONGEST_QUOTE = 300;

    private final RunStatus status;
    private final TextTable table = new TextTable();

    private final Map<String, String> more;

    public StatusReport(RunStatus status) {
        this(status, Map.of());
    }

    /** @param more rows for the end, by their labels */
    public StatusReport(RunStatus status, Map<String, String> more) {
        this.status = status;
        this.more = more;
    }

    @Override
    public String toString() {
        if (status.isStarting()) {
            table.row("run", run());
            more.forEach(table::row);
            return status.directory().getFileName()
                    + ": no point yet, the program or the workers of the run are starting"
                    + System.lineSeparator()
                    + table;
        }
        table.row("model", status.model());
        table.row("points", status.ok() + " ok, " + status.failed() + " failed, " + status.skipped() + " skipped");
        if (!status.best().isEmpty()) {
            table.row("best so far", best(status.best()));
        }
        status.pace().ifPresent(this::pace);
        table.row("run", run());
        status.failures().forEach(this::failures);
        status.journal().ifPresent(this::journal);
        more.forEach(table::row);
        return headline() + System.lineSeparator() + table;
    }

    private String headline() {
        if (status.points() == RunStatus.UNKNOWN) {
            return status.job() + ": " + status.finished() + " points done";
        }
        double percent = status.points() == 0 ? 100 : 100.0 * status.finished() / status.points();
        // rounded down, since 99.96 % is not complete
        double shown = status.finished() < status.points() ? Math.min(percent, 99.9) : percent;
        return String.format(
                Locale.ROOT,
                "%s: %d of %d points done (%.1f %%)",
                status.job(),
                status.finished(),
                status.points(),
                shown);
    }

    private static String best(Map<String, Double> best) {
        String parameters = best.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(Output.LOG_LIKELIHOOD))
                .map(entry -> entry.getKey() + " " + Numbers.value(entry.getValue()))
                .collect(Collectors.joining(", "));
        return parameters + ": log_likelihood " + Numbers.value(best.getOrDefault(Output.LOG_LIKELIHOOD, Double.NaN));
    }

    private void pace(Pace pace) {
        String rate = pace.pointsPerSecond() > 0
                ? Numbers.rate(pace.pointsPerSecond()) + " points/s since the run was started or resumed"
                : "no point since the run was started or resumed";
        table.row(
                "rate",
                rate
                        + status.timeLeft()
                                .map(left -> ", about " + time(left) + " left")
                                .orElse(""));
        table.row("a point", Numbers.value(pace.medianSeconds()) + " s (median)");
        if (status.isRunning()) {
            table.row("last point", time(Duration.between(pace.lastPoint(), Instant.now())) + " ago");
        }
    }

    private String run() {
        if (status.isRunning()) {
            return "running: "
                    + status.holder()
                            .map(holder -> holder + ", lock renewed " + time(holder.silence()) + " ago")
                            .orElse("");
        }
        if (status.isComplete()) {
            return "complete, exit code " + status.end().map(End::exitCode).orElse(0);
        }
        String how = status.end()
                .filter(end -> !end.reason().isEmpty())
                .map(end -> " (ended: " + end.reason() + ", exit code " + end.exitCode() + ")")
                .or(() -> status.holder()
                        .map(holder -> " (" + holder + ": " + holder.whyGone().orElse("") + ")"))
                .orElse("");
        long left = status.points() - status.finished();
        return "not running" + how + ": --resume "
                + (status.points() == RunStatus.UNKNOWN
                        ? "continues with these points"
                        : left == 0 ? "writes its tables" : "evaluates the other " + left + " points");
    }

    private void failures(FailureCount failures) {
        table.row(
                failures.kind(),
                failures.count() + ", for instance point " + failures.example().index() + ": "
                        + CutText.of(
                                failures.example()
                                        .reason()
                                        .strip()
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                                LONGEST_QUOTE));
    }

    private void journal(JournalFile journal) {
        String size = journal.bytes() + " bytes";
        table.row(
                "journal",
                Double.isFinite(journal.bytesPerPoint())
                        ? size + String.format(Locale.ROOT, ", %.1f per point", journal.bytesPerPoint())
                        : size);
        if (journal.tornBytes() > 0 && !status.isRunning()) {
            table.row(
                    "",
                    "its last " + journal.tornBytes() + " bytes were being written when the run ended; --resume removes"
                            + " them");
        }
        List<Damage> damages = journal.damages();
        damages.forEach(damage -> table.row("", damage + "; --resume evaluates them again"));
    }

    private static String time(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        return seconds < 2 * HOUR ? seconds / MINUTE + " min" : seconds / HOUR + " h";
    }
}
