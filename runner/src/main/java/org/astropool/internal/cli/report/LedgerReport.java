package org.astropool.internal.cli.report;

import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.ActivityFile;

/** Where the core-seconds of a run went, as text for the user. */
public final class LedgerReport {
    private static final double PERCENT = 100;
    private static final double SECONDS_PER_HOUR = 3600;
    private static final Map<String, String> MEANINGS = Map.of(
            "evaluation", "of points whose outcome was used",
            "start", "until the workers and their models were ready",
            "waiting", "no point was there to evaluate",
            "transport", "points and outcomes on their way",
            "retries", "failed attempts that were repeated",
            "lost", "evaluation without a used outcome, cores of lost or unfit workers",
            "tail", "idle slots while others evaluated the last points",
            "results", "tables were written",
            "outside", "cores without a slot");

    private final List<ActivitySnapshot> starts;

    private LedgerReport(List<ActivitySnapshot> starts) {
        this.starts = starts;
    }

    /** @throws JobException when nothing was recorded */
    public static LedgerReport of(Path directory, List<ActivitySnapshot> starts) throws JobException {
        if (starts.isEmpty()) {
            throw new JobException(directory + " has no record of its workers (journal/activity.json): no worker has"
                    + " begun yet, the journal was removed, or the run is of an earlier release");
        }
        return new LedgerReport(starts);
    }

    /** As JSON: the total, and each start. */
    public String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("total", ActivityFile.fields(ActivityFile.total(starts)));
        fields.put(
                "starts",
                starts.stream()
                        .map(start -> ActivityFile.fields(start.ledger()))
                        .toList());
        return JsonWriter.indent("  ").string().value(fields).done() + "\n";
    }

    @Override
    public String toString() {
        Ledger total = ActivityFile.total(starts);
        TextTable table = new TextTable();
        total.parts().forEach((name, seconds) -> {
            double share = total.allocation() > 0 ? seconds / total.allocation() : 0;
            table.row(
                    name,
                    String.format(Locale.ROOT, "%5.1f %%", PERCENT * share),
                    String.format(Locale.ROOT, "%10.1f", seconds),
                    MEANINGS.getOrDefault(name, ""));
        });
        return String.format(
                        Locale.ROOT,
                        "%.1f core-seconds (%.3f core-hours) in %d start%s:%n",
                        total.allocation(),
                        total.allocation() / SECONDS_PER_HOUR,
                        starts.size(),
                        starts.size() == 1 ? "" : "s")
                + table;
    }
}
