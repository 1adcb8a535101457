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
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.job.Version;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.BestFit;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.Marginal;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.json.StrictJson;
import org.astropool.pool.WorkerInfo;
import org.jspecify.annotations.Nullable;

/** The file summary.json: the result of a run, for programs. Numbers that JSON cannot represent become null. */
public final class Summary {
    private final String text;

    private Summary(String text) {
        this.text = text;
    }

    static Summary of(EvaluationRun run, String pool, ExitCode exitCode, Optional<Ledger> ledger) {
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
        if (run.searchResult().isPresent()) {
            SearchResult found = run.searchResult().get();
            fields.put("marginals", found.marginals().orElse(null));
            fields.putAll(found.summary());
        } else {
            fields.put("marginals", marginals(result.marginals()));
        }
        fields.put(
                "log_evidence",
                result.logEvidence().isPresent()
                        ? JsonFile.number(result.logEvidence().getAsDouble())
                        : null);
        fields.put("pool", pool);
        fields.put("carrier", run.carrier());
        fields.put("workers", run.workers().stream().map(Summary::worker).toList());
        fields.put("attempts", result.timings().attempts());
        fields.put("wall_seconds", JsonFile.number(run.wallSeconds()));
        fields.put("evaluations_per_second", JsonFile.number(run.evaluationsPerSecond()));
        fields.put("ledger", ledger.map(ActivityFile::fields).orElse(null));
        fields.put("versions", versions());
        return new Summary(JsonWriter.indent("  ").string().value(fields).done() + "\n");
    }

    /** The best point that a search names, or else the best of all points. */
    static Optional<BestFit> best(EvaluationRun run) {
        return run.searchResult()
                .flatMap(SearchResult::best)
                .or(() -> run.result().best());
    }

    private static Map<String, @Nullable Object> best(BestFit best) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(best.parameters());
        fields.put("log_likelihood", JsonFile.number(best.logLikelihood()));
        return fields;
    }

    private static @Nullable Map<String, Object> marginals(Map<String, Marginal> marginals) {
        Map<String, Object> fields = new LinkedHashMap<>();
        marginals.forEach((name, marginal) -> {
            Map<String, @Nullable Object> moments = new LinkedHashMap<>();
            moments.put("mean", JsonFile.number(marginal.mean()));
            moments.put("std", JsonFile.number(marginal.std()));
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
