package org.astropool.internal.page;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Properties;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.Version;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.explain.Explanation;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunStatus;
import org.astropool.internal.job.search.Samples;
import org.astropool.internal.job.search.SearchPlan;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.page.RunHistory.Sample;
import org.astropool.task.Grid;
import org.jspecify.annotations.Nullable;

/** The report of a run as one HTML file that needs no other file and no network. Stateless. */
public final class ReportPage {
    private static final double NOT_LIVE = 0;

    private static final int FORMAT = 1;
    private static final String CHARTS_VERSION = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/";

    private final RunContents contents;
    private final RunStatus status;
    private final RunHistory history;
    private final double nextSeconds;

    private ReportPage(RunContents contents, double nextSeconds) {
        this.contents = contents;
        this.status = contents.status();
        this.history = RunHistory.of(contents.history());
        this.nextSeconds = nextSeconds;
    }

    /**
     * Writes the report; completely or not at all.
     *
     * @param file its name
     * @throws IOException when it cannot be written
     */
    public static void write(RunContents contents, Path file) throws IOException {
        write(contents, file, NOT_LIVE);
    }

    /**
     * Writes the report of the run of this process.
     *
     * @param nextSeconds after how many seconds it will be written again
     */
    static void write(RunContents contents, Path file, double nextSeconds) throws IOException {
        byte[] bytes = new ReportPage(contents, nextSeconds).html().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(bytes));
    }

    private String html() throws IOException {
        String page = resource("report.html");
        StringBuilder html = new StringBuilder();
        int from = 0;
        while (true) {
            int begin = page.indexOf("{{", from);
            if (begin < 0) {
                return html.append(page, from, page.length()).toString();
            }
            int end = page.indexOf("}}", begin);
            html.append(page, from, begin).append(part(page.substring(begin + 2, end)));
            from = end + 2;
        }
    }

    private String part(String name) throws IOException {
        return switch (name) {
            case "title" -> escaped(title());
            case "data" -> PageJson.of(json());
            case "style" -> resource("report.css");
            case "script" -> resource("report.js");
            case "chart style" -> chartLibrary("dist/uPlot.min.css");
            case "chart script" -> chartLibrary("dist/uPlot.iife.min.js");
            case "chart licence" -> chartLibrary("LICENSE").strip();
            default -> throw new IllegalStateException("report.html has an unknown part \"" + name + "\"");
        };
    }

    private static String chartLibrary(String name) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(resource(CHARTS_VERSION)));
        return resource(CHARTS + properties.getProperty("version") + "/" + name);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the program lacks its file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private String title() {
        return (status.isStarting() ? String.valueOf(status.directory().getFileName()) : status.job()) + " - astropool";
    }

    private boolean isLive() {
        return nextSeconds > NOT_LIVE;
    }

    private Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("format", FORMAT);
        fields.put("written", Instant.now().toString());
        fields.put("next_seconds", isLive() ? nextSeconds : null);
        fields.put("directory", status.directory().toAbsolutePath().normalize().toString());
        fields.put("job", status.job());
        fields.put("model", status.model());
        fields.put("kind", contents.plan().map(plan -> plan.key()).orElse(""));
        fields.put("state", state());
        fields.put("progress", progress());
        fields.put("why_no_points", contents.whyNoPoints());
        fields.put("best", status.best());
        fields.put("findings", findings());
        contents.result().ifPresent(result -> addPoints(fields, result));
        fields.put("workers", WorkerCharts.json(contents.activity(), contents.summary()));
        if (!contents.activity().isEmpty()) {
            fields.put("explanation", explanation());
        }
        fields.put("history", history());
        fields.put("details", new RunDetails(contents).json());
        fields.put("astropool", Version.text());
        return fields;
    }

    private Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        String name;
        String reason = status.end().map(RunStatus.End::reason).orElse("");
        if (isLive() || (status.isRunning() && !status.isComplete())) {
            name = status.isStarting() ? "starting" : "running";
        } else if (status.isComplete()) {
            name = status.end().orElseThrow().exitCode() == 0 ? "complete" : "failures";
        } else if (status.end().isPresent()) {
            name = "ended";
        } else {
            name = "killed";
            reason = status.holder().flatMap(holder -> holder.whyGone()).orElse("");
        }
        fields.put("name", name);
        fields.put("reason", reason);
        fields.put("exit_code", status.end().map(RunStatus.End::exitCode).orElse(null));
        fields.put("process", status.holder().map(Object::toString).orElse(""));
        return fields;
    }

    private Map<String, @Nullable Object> progress() {
        List<Sample> samples = history.latest();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        long done = status.finished();
        double total = total();
        fields.put("points", status.points() == RunStatus.UNKNOWN ? null : status.points());
        fields.put("done", done);
        fields.put("ok", status.ok());
        fields.put("failed", status.failed());
        fields.put("skipped", status.skipped());
        fields.put("fraction", total > 0 ? done / total : null);
        fields.put("at_most", status.points() == RunStatus.UNKNOWN);
        fields.put("started", contents.started().map(Instant::toString).orElse(null));
        double rate = status.pace().map(RunStatus.Pace::pointsPerSecond).orElse(Double.NaN);
        fields.put(
                "rate",
                contents.summary()
                        .map(json -> json.getDouble("evaluations_per_second", Double.NaN))
                        .orElse(rate));
        fields.put(
                "wall_seconds",
                contents.summary()
                        .map(json -> json.getDouble("wall_seconds", Double.NaN))
                        .orElse(
                                samples.isEmpty()
                                        ? null
                                        : samples.get(samples.size() - 1).seconds()));
        fields.put("busy", contents.summary().map(ReportPage::busy).orElse(null));
        fields.put(
                "median_seconds",
                status.pace().map(RunStatus.Pace::medianSeconds).orElse(null));
        Optional<TimeLeft> left = total > done && (isLive() || status.isRunning())
                ? TimeLeft.of(samples, total - done)
                : Optional.empty();
        fields.put(
                "left",
                left.map(time -> new double[] {time.seconds(), time.least(), time.most()})
                        .orElse(null));
        return fields;
    }

    /** As the run itself reports it. */
    private static double busy(JsonObject summary) {
        double busy = 0;
        double slots = 0;
        for (Object each : summary.getArray("workers", new JsonArray())) {
            if (each instanceof JsonObject worker) {
                busy += worker.getDouble("busy_seconds");
                slots += worker.getInt("threads");
            }
        }
        return Math.min(1, busy / (slots * summary.getDouble("wall_seconds", Double.NaN)));
    }

    /** The number of points, or of a chain the most that it may have; NaN when neither is known. */
    private double total() {
        if (status.points() != RunStatus.UNKNOWN) {
            return status.points();
        }
        Optional<Samples> traces = contents.searchResult().flatMap(SearchResult::samples);
        JsonObject section =
                contents.record().map(record -> record.getObject("sampler")).orElse(null);
        if (traces.isEmpty() || section == null || traces.get().chain().length() < 2) {
            return Double.NaN;
        }
        double stepsDone = traces.get().chain().length() - 1.0;
        double left = section.getDouble("steps", Double.NaN) - stepsDone;
        return status.finished() + left * status.finished() / stepsDone;
    }

    /** What a search or a grid has found so far: marginals, the table of a search and its lines. */
    private Map<String, @Nullable Object> findings() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        EvaluationResult result = contents.result().orElse(null);
        SearchResult found = contents.searchResult().orElse(null);
        if (found != null) {
            found.report().ifPresent(table -> {
                fields.put("columns", table.columns());
                fields.put(
                        "rows",
                        table.rows().stream()
                                .map(row -> Map.of("parameter", row.parameter(), "cells", row.cells()))
                                .toList());
            });
            fields.put("lines", found.lines());
        } else if (result != null) {
            JsonObject summary = contents.summary()
                    .filter(json -> json.getBoolean("complete"))
                    .orElse(null);
            fields.put("columns", List.of("mean", "std"));
            fields.put("rows", summary == null ? marginals(result) : marginals(summary));
            (summary == null ? result.logEvidence() : number(summary, "log_evidence"))
                    .ifPresent(value -> fields.put("log_evidence", value));
        }
        return fields;
    }

    private static List<Object> marginals(EvaluationResult result) {
        List<Object> rows = new ArrayList<>();
        result.marginals().forEach((name, marginal) -> rows.add(row(name, marginal.mean(), marginal.std())));
        return rows;
    }

    /** A run that is complete has calculated them, from all of its points. */
    private static List<Object> marginals(JsonObject summary) {
        List<Object> rows = new ArrayList<>();
        summary.getObject("marginals", new JsonObject()).forEach((name, value) -> {
            JsonObject marginal = (JsonObject) value;
            rows.add(row(name, marginal.getDouble("mean", Double.NaN), marginal.getDouble("std", Double.NaN)));
        });
        return rows;
    }

    private static Map<String, Object> row(String parameter, double mean, double std) {
        return Map.of("parameter", parameter, "cells", List.of(mean, std));
    }

    private static OptionalDouble number(JsonObject json, String name) {
        return json.isNumber(name) ? OptionalDouble.of(json.getDouble(name)) : OptionalDouble.empty();
    }

    private void addPoints(Map<String, @Nullable Object> fields, EvaluationResult result) {
        fields.put("labels", labels(result.spec()));
        if (result.evaluated() == 0) {
            return;
        }
        PointCharts points = new PointCharts(result);
        fields.put("points", points.sample());
        fields.put("outputs", points.outputs());
        if (result.spec().points() instanceof Grid grid && result.spec().hasLikelihood()) {
            fields.put("grid", new GridCharts(result, grid).json());
        }
        contents.searchResult()
                .flatMap(SearchResult::samples)
                .ifPresent(traces -> fields.put("chain", new ChainCharts(traces, result.spec()).json()));
        contents.plan()
                .filter(SearchPlan.class::isInstance)
                .map(SearchPlan.class::cast)
                .filter(plan -> plan.paths() > 0 && result.spec().hasLikelihood())
                .ifPresent(plan ->
                        fields.put("path", new PathCharts(result, plan.evaluationsPerPath()).json(plan.paths())));
        Failures failures = new Failures(result);
        if (!failures.isEmpty()) {
            fields.put("failures", failures.json());
        }
        Durations durations = new Durations(result);
        if (!durations.isEmpty()) {
            fields.put("durations", durations.json());
        }
    }

    private static Map<String, String> labels(EvaluationSpec spec) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String name : spec.points().names()) {
            Job.ParameterNote note = spec.notes().get(name);
            if (note != null && note.label().isPresent()) {
                labels.put(name, note.label().get());
            }
        }
        return labels;
    }

    /** What limits the run. */
    private Map<String, Object> explanation() {
        Explanation explanation =
                Explanation.of(status, status.points() == RunStatus.UNKNOWN || isSearch(), contents.activity());
        List<Object> findings = new ArrayList<>();
        for (Explanation.Finding finding : explanation.findings()) {
            findings.add(List.of(finding.title(), finding.evidence(), finding.advice()));
        }
        return Map.of("headline", explanation.headline(), "findings", findings);
    }

    private boolean isSearch() {
        return contents.plan().filter(SearchPlan.class::isInstance).isPresent();
    }

    private List<Object> history() {
        List<Object> starts = new ArrayList<>();
        for (RunHistory.Start start : history.starts()) {
            List<Sample> samples = start.samples();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("started", start.started().toString());
            fields.put("seconds", samples.stream().mapToDouble(Sample::seconds).toArray());
            fields.put("done", samples.stream().mapToDouble(Sample::done).toArray());
            fields.put("failed", samples.stream().mapToDouble(Sample::failed).toArray());
            fields.put("heap", samples.stream().mapToDouble(Sample::heapMib).toArray());
            fields.put(
                    "resident",
                    samples.stream().mapToDouble(Sample::residentMib).toArray());
            fields.put("load", samples.stream().mapToDouble(Sample::load).toArray());
            starts.add(fields);
        }
        return starts;
    }
}
