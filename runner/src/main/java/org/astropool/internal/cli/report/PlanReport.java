package org.astropool.internal.cli.report;

import com.grack.nanojson.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.DurationText;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.job.forecast.Allocation;
import org.astropool.internal.job.forecast.Allocations;
import org.astropool.internal.job.forecast.DurationModel;
import org.astropool.internal.job.forecast.Interval;
import org.astropool.internal.job.search.Mixing;
import org.jspecify.annotations.Nullable;

/**
 * What a run is predicted to take, as text and as JSON.
 *
 * @param job its name
 * @param directory where the pilot was written
 * @param points of the job; -1 for a search
 * @param evaluated those that have an outcome
 * @param failed those of them that failed
 * @param batch how many points are evaluated together, and have one duration
 * @param durations of the evaluated points, or batches
 * @param dependsOn the names of the parameters on which durations depend
 * @param startSeconds from the start of the command to the first point
 * @param allocations some numbers of nodes; empty where the number of points is not known
 * @param best the one that was asked for
 * @param bestReason why it is the best
 * @param bestStarts how many allocations of the time limit it needs
 * @param worthwhileNodes more do not pay
 * @param needs memory and disk space
 * @param mixing of a chain
 * @param stepSeconds of a chain, on the workers of one node
 * @param warnings what makes the prediction less reliable
 * @param refusals why the run cannot work as it is asked for
 */
public record PlanReport(
        String job,
        String directory,
        long points,
        long evaluated,
        long failed,
        int batch,
        DurationModel durations,
        List<String> dependsOn,
        double startSeconds,
        List<Allocation> allocations,
        Optional<Allocation> best,
        String bestReason,
        OptionalInt bestStarts,
        OptionalInt worthwhileNodes,
        Needs needs,
        Optional<Mixing> mixing,
        Optional<Interval> stepSeconds,
        List<String> warnings,
        List<String> refusals) {

    private static final double PERCENT = 100;

    /**
     * What a node has to have.
     *
     * @param rankBytes memory of the process that was measured; 0 if it was not
     * @param programBytes memory of each program or child process
     * @param nodeBytes memory of a node with all its workers
     * @param usableBytes memory that a node has; 0 if that is not known
     * @param diskBytes what the run will still write
     * @param freeBytes free disk space; {@link Long#MAX_VALUE} if that is not known
     */
    public record Needs(
            double rankBytes,
            double programBytes,
            double nodeBytes,
            double usableBytes,
            double diskBytes,
            double freeBytes) {

        private boolean isFreeKnown() {
            return freeBytes < Long.MAX_VALUE;
        }
    }

    /** The document for a job for which there is no plan, with the reasons. */
    public static String jsonWithout(List<String> refusals) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("complete", false);
        fields.put("refusals", refusals);
        return JsonWriter.indent("  ").string().value(fields).done() + "\n";
    }

    /** As one JSON document. */
    public String json() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("job", job);
        fields.put("directory", directory);
        fields.put("complete", false);
        fields.put("points", points < 0 ? null : points);
        fields.put("evaluated", evaluated);
        fields.put("failed", failed);
        fields.put("point_seconds", pointSeconds());
        fields.put("start_seconds", JsonFile.number(startSeconds));
        fields.put("allocations", allocations.stream().map(PlanReport::fields).toList());
        Map<String, @Nullable Object> chosen = best.map(PlanReport::fields).orElse(null);
        if (chosen != null) {
            chosen.put("reason", bestReason);
            chosen.put("starts", bestStarts.isPresent() ? bestStarts.getAsInt() : null);
        }
        fields.put("best", chosen);
        fields.put("worthwhile_nodes", worthwhileNodes.isPresent() ? worthwhileNodes.getAsInt() : null);
        Map<String, @Nullable Object> memory = new LinkedHashMap<>();
        memory.put("rank_bytes", positive(needs.rankBytes));
        memory.put("program_bytes", positive(needs.programBytes));
        memory.put("node_bytes", positive(needs.nodeBytes));
        memory.put("usable_bytes", positive(needs.usableBytes));
        fields.put("memory", memory);
        Map<String, @Nullable Object> disk = new LinkedHashMap<>();
        disk.put("bytes", needs.diskBytes);
        disk.put("free_bytes", needs.isFreeKnown() ? needs.freeBytes : null);
        fields.put("disk", disk);
        fields.put("sampler", mixing.map(this::fields).orElse(null));
        fields.put("step_seconds", stepSeconds.map(PlanReport::fields).orElse(null));
        fields.put("warnings", warnings);
        fields.put("refusals", refusals);
        return JsonWriter.indent("  ").string().value(fields).done() + "\n";
    }

    private Map<String, Object> pointSeconds() {
        Map<String, Object> seconds = new LinkedHashMap<>();
        seconds.put("batch", batch);
        seconds.put("measured", durations.count());
        seconds.put("shortest", durations.shortestSeconds());
        seconds.put("median", durations.medianSeconds());
        seconds.put("mean", durations.meanSeconds());
        seconds.put("longest", durations.longestSeconds());
        seconds.put(
                "distribution",
                durations.shape().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        seconds.put("depends_on", dependsOn);
        return seconds;
    }

    private static @Nullable Double positive(double value) {
        return value > 0 ? value : null;
    }

    private static Map<String, @Nullable Object> fields(Allocation allocation) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("nodes", allocation.nodes());
        fields.put("workers", allocation.workers());
        fields.put("wall_seconds", fields(allocation.wallSeconds()));
        fields.put("core_hours", fields(allocation.coreHours()));
        fields.put("efficiency", JsonFile.number(allocation.efficiency()));
        return fields;
    }

    private static Map<String, @Nullable Object> fields(Interval interval) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("low", JsonFile.number(interval.low()));
        fields.put("median", JsonFile.number(interval.median()));
        fields.put("high", JsonFile.number(interval.high()));
        return fields;
    }

    private Map<String, @Nullable Object> fields(Mixing chain) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("walkers", chain.walkers());
        fields.put("steps", chain.steps());
        fields.put("burn", chain.burn());
        fields.put("autocorrelation_time", JsonFile.number(chain.autocorrelationTime()));
        fields.put("effective_samples", JsonFile.number(chain.effectiveSamples()));
        fields.put("reliable", chain.isReliable());
        return fields;
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(job + ": " + evaluated + (points < 0 ? " evaluations" : " of " + points + " points are evaluated"));
        lines.add((batch > 1 ? "a batch of " + batch + " points takes " : "a point takes ")
                + time(durations.medianSeconds()) + " (median; mean " + time(durations.meanSeconds())
                + ", from " + time(durations.shortestSeconds()) + " to " + time(durations.longestSeconds()) + ")"
                + (dependsOn.isEmpty() ? "" : ", depending on " + String.join(", ", dependsOn)));
        mixing.ifPresent(chain -> lines.add(String.format(
                Locale.ROOT,
                "after %d steps the autocorrelation time is %.3g steps, which gives %.0f effective samples%s",
                chain.steps(),
                chain.autocorrelationTime(),
                chain.effectiveSamples(),
                chain.isReliable()
                        ? ""
                        : "; the chain is shorter than " + Mixing.RELIABLE
                                + " of these times, so that it is a guess")));
        stepSeconds.ifPresent(step -> lines.add(
                "a step takes " + time(step.median()) + " on the workers of one node (90 %: " + range(step) + ")"));
        String head = String.join(System.lineSeparator(), lines) + System.lineSeparator();
        return head + (allocations.isEmpty() ? "" : System.lineSeparator() + table()) + System.lineSeparator() + tail();
    }

    private String table() {
        TextTable table = new TextTable();
        table.row("nodes", "workers", "wall time", "90 % interval", "core-hours", "efficiency");
        for (Allocation one : allocations) {
            table.row(
                    String.valueOf(one.nodes()),
                    String.valueOf(one.workers()),
                    time(one.wallSeconds().median()),
                    range(one.wallSeconds()),
                    Allocations.hours(one.coreHours().median()),
                    String.format(Locale.ROOT, "%.0f %%", PERCENT * one.efficiency()));
        }
        return table.toString();
    }

    private String tail() {
        List<String> lines = new ArrayList<>();
        best.ifPresent(chosen -> lines.add(chosen.nodes() + (chosen.nodes() == 1 ? " node: " : " nodes: ") + bestReason
                + ", up to " + time(chosen.wallSeconds().high())
                + (bestStarts.isPresent() && bestStarts.getAsInt() > 1
                        ? ", in up to " + bestStarts.getAsInt() + " allocations"
                        : "")
                + " and " + Allocations.hours(chosen.coreHours().high()) + " core-hours"));
        worthwhileNodes.ifPresent(nodes -> lines.add(String.format(
                Locale.ROOT,
                "more than %d node%s: less than %.0f %% of the core-hours evaluate points",
                nodes,
                nodes == 1 ? "" : "s",
                PERCENT * Allocations.WORTHWHILE)));
        if (needs.nodeBytes > 0) {
            lines.add("memory of a node: about " + size(needs.nodeBytes)
                    + (needs.usableBytes > 0 ? " of " + size(needs.usableBytes) : ""));
        }
        lines.add("disk: about " + size(needs.diskBytes) + " more"
                + (needs.isFreeKnown() ? "; " + size(needs.freeBytes) + " are free" : "")
                + ". Your quota may be smaller: it is not known here");
        warnings.forEach(warning -> lines.add("warning: " + warning));
        lines.add("the points of the pilot are in " + directory + "; run or submit with --resume evaluates the others");
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private static String range(Interval interval) {
        return time(interval.low()) + " to " + time(interval.high());
    }

    private static String time(double seconds) {
        return DurationText.of(seconds);
    }

    /** In the unit of a binary prefix. */
    public static String size(double bytes) {
        double value = bytes / (1 << 10);
        String[] names = {"KiB", "MiB", "GiB", "TiB"};
        int name = 0;
        while (value >= 1000 && name < names.length - 1) {
            value /= 1 << 10;
            name++;
        }
        return digits(value) + " " + names[name];
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
