package org.astropool.internal.job.run;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.Version;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.BestFit;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.Marginal;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.result.SearchResult;
import org.astropool.internal.job.result.SearchResult.Maximized;
import org.astropool.internal.job.result.SearchResult.Sampled;
import org.astropool.internal.json.StrictJson;
import org.astropool.maximizer.LocalMaximum;
import org.astropool.maximizer.Maximum;
import org.astropool.pool.WorkerInfo;
import org.astropool.sampler.ParameterStatistics;
import org.jspecify.annotations.Nullable;

/** The file summary.json: the result of a run, for programs. Numbers that JSON cannot represent become null. */
public final class Summary {
    private final String text;

    private Summary(String text) {
        this.text = text;
    }

    static Summary of(EvaluationRun run, String pool, ExitCode exitCode) {
        EvaluationResult result = run.result();
        EvaluationSpec spec = result.spec();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("job", spec.name());
        fields.put("model", spec.model().name());
        fields.put("digest", Digests.of(spec));
        fields.put("model_digest", Digests.ofModel(spec));
        fields.put("model_changes", spec.modelRecord().accepted());
        fields.put("points", run.searchResult().isEmpty() ? result.points() : result.evaluated());
        fields.put("ok", result.count(PointStatus.OK));
        fields.put("failed", result.count(PointStatus.FAILED));
        fields.put("skipped", result.count(PointStatus.SKIPPED));
        fields.put("complete", run.isComplete());
        fields.put("exit_code", exitCode.code());
        fields.put("reason", run.earlyEnd().map(end -> end.cause().label()).orElse(null));
        fields.put("best", best(run).map(Summary::best).orElse(null));
        SearchResult searchResult = run.searchResult().orElse(null);
        if (searchResult instanceof Sampled sampled) {
            fields.put("marginals", marginals(sampled));
            fields.put("sampler", sampler(sampled));
        } else if (searchResult instanceof Maximized maximized) {
            fields.put("marginals", null);
            fields.put("maximum", maximum(maximized));
        } else {
            fields.put("marginals", marginals(result.marginals()));
        }
        fields.put(
                "log_evidence",
                result.logEvidence().isPresent() ? number(result.logEvidence().getAsDouble()) : null);
        fields.put("pool", pool);
        fields.put("carrier", run.carrier());
        fields.put("workers", run.workers().stream().map(Summary::worker).toList());
        fields.put("attempts", result.timings().attempts());
        fields.put("wall_seconds", number(run.wallSeconds()));
        fields.put("evaluations_per_second", number(run.evaluationsPerSecond()));
        fields.put("versions", versions());
        return new Summary(JsonWriter.indent("  ").string().value(fields).done() + "\n");
    }

    /** The maximum that a search has found, or the best of all points. */
    static Optional<BestFit> best(EvaluationRun run) {
        if (run.searchResult().orElse(null) instanceof Maximized maximized) {
            LocalMaximum best = maximized.maximum().best();
            Map<String, Double> parameters = new LinkedHashMap<>();
            for (int i = 0; i < best.point().length; i++) {
                parameters.put(maximized.names().get(i), best.point()[i]);
            }
            return Optional.of(new BestFit(best.evaluation(), parameters, best.logLikelihood()));
        }
        return run.result().best();
    }

    private static Map<String, Object> marginals(Sampled sampled) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < sampled.names().size() && sampled.statistics().isPresent(); i++) {
            ParameterStatistics statistics =
                    sampled.statistics().get().parameters().get(i);
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("mean", number(statistics.mean()));
            values.put("std", number(statistics.std()));
            values.put("quantile_16", number(statistics.quantile16()));
            values.put("median", number(statistics.median()));
            values.put("quantile_84", number(statistics.quantile84()));
            values.put("mc_error", number(statistics.meanError()));
            values.put("autocorrelation_time", number(statistics.autocorrelationTime()));
            values.put("effective_samples", number(statistics.effectiveSamples()));
            fields.put(sampled.names().get(i), values);
        }
        return fields;
    }

    private static Map<String, @Nullable Object> sampler(Sampled sampled) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("walkers", sampled.chain().walkers());
        fields.put("steps", sampled.chain().length() - 1);
        fields.put("burn", sampled.burn());
        fields.put("acceptance", number(sampled.kept().acceptance()));
        fields.put("moves", sampled.counts().proposed());
        fields.put("outside_prior", sampled.counts().outsidePrior());
        fields.put("failed", sampled.counts().failed());
        fields.put("long_enough", sampled.isLongEnough().orElse(null));
        return fields;
    }

    private static Map<String, @Nullable Object> maximum(Maximized maximized) {
        Maximum maximum = maximized.maximum();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("starts", maximum.searches().size());
        fields.put("agreeing", maximized.agreeing());
        fields.put("start", maximum.best().start());
        Map<String, @Nullable Object> errors = new LinkedHashMap<>();
        maximized.covariance().ifPresent(covariance -> {
            for (int i = 0; i < covariance.length; i++) {
                errors.put(maximized.names().get(i), number(Math.sqrt(covariance[i][i])));
            }
        });
        fields.put("errors", errors.isEmpty() ? null : errors);
        return fields;
    }

    private static Map<String, @Nullable Object> best(BestFit best) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(best.parameters());
        fields.put("log_likelihood", number(best.logLikelihood()));
        return fields;
    }

    private static @Nullable Map<String, Object> marginals(Map<String, Marginal> marginals) {
        Map<String, Object> fields = new LinkedHashMap<>();
        marginals.forEach((name, marginal) -> {
            Map<String, @Nullable Object> moments = new LinkedHashMap<>();
            moments.put("mean", number(marginal.mean()));
            moments.put("std", number(marginal.std()));
            fields.put(name, moments);
        });
        return fields.isEmpty() ? null : fields;
    }

    private static Map<String, Object> worker(WorkerInfo worker) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rank", worker.number());
        fields.put("host", worker.host());
        fields.put("pid", worker.pid());
        fields.put("threads", worker.threads());
        fields.put("evaluated", worker.evaluated());
        fields.put("preparing_seconds", worker.preparingSeconds());
        fields.put("busy_seconds", worker.busySeconds());
        return fields;
    }

    private static Map<String, Object> versions() {
        Map<String, Object> versions = new LinkedHashMap<>();
        versions.put("astropool", Version.number());
        versions.put("java", System.getProperty("java.version"));
        versions.put("java_vendor", System.getProperty("java.vendor"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return versions;
    }

    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** As JSON. */
    @Override
    public String toString() {
        return text;
    }

    void write(Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The exit code that a complete run of the same job recorded; empty when the run is not complete.
     *
     * @param acceptsModel whether its model may be another one
     * @throws JobException when the summary is of another job; the message gives the differences
     */
    static OptionalInt recordedCode(Path file, EvaluationSpec spec, boolean acceptsModel) throws JobException {
        JsonObject old;
        try {
            old = StrictJson.object(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new JobException("--resume: " + file + " cannot be read: " + e.getMessage());
        }
        List<String> differences = new ArrayList<>();
        compare(differences, "job", old.getString("job"), spec.name());
        if (!acceptsModel) {
            compare(differences, "model", old.getString("model"), spec.model().name());
        }
        if (spec.isSizeKnown()) {
            compare(differences, "points", old.getLong("points"), spec.points().size());
        }
        boolean comparesDigests = differences.isEmpty() && !acceptsModel;
        if (comparesDigests && !Digests.of(spec).equals(old.getString("digest"))) {
            differences.add("its seed, options, axes, fixed values or priors are different");
        } else if (comparesDigests && !isModel(old.getString("model_digest"), spec)) {
            differences.add("its model's files or data files are different");
        }
        if (!differences.isEmpty()) {
            throw new JobException("--resume: " + file.getParent() + " holds another run: "
                    + String.join(", ", differences) + "; use --overwrite, or another --out");
        }
        return old.getBoolean("complete") ? OptionalInt.of(old.getInt("exit_code")) : OptionalInt.empty();
    }

    /** Earlier releases recorded no digests of programs. */
    private static boolean isModel(@Nullable String digest, EvaluationSpec spec) {
        return Digests.ofModel(spec).equals(digest)
                || Digests.ofOptionsAndData(spec).equals(digest);
    }

    private static void compare(List<String> differences, String what, @Nullable Object old, Object wanted) {
        if (!wanted.equals(old)) {
            differences.add("its " + what + " is " + old + ", not " + wanted);
        }
    }
}
