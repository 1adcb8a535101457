package org.astropool.examples.hierarchical;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.astropool.examples.lightcurve.LightCurveSurvey;
import org.astropool.examples.lightcurve.ObservedSupernova;
import org.astropool.maximizer.Maximizer;
import org.astropool.maximizer.MaximizerOptions;
import org.astropool.maximizer.MaximizerOptions.Target;
import org.astropool.maximizer.Maximum;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.RemoteFunction;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.PoolEvaluator;
import org.astropool.sampler.Prior;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * The fit of {@code examples/jobs/csp-hierarchical} as a program: light curves, supernovae, population. A supernova is
 * summarized as soon as its own light curves are fitted, while those of others are still on their way.
 *
 * <p>Usage: {@code scripts/astropool exec org.astropool.examples.hierarchical.CspPopulation DATA}, also under mpiexec.
 */
public final class CspPopulation {
    private static final int STARTS = 8;
    private static final double OMEGA_M = 0.3;

    /** Of Population.parameters. */
    private static final JointPrior PRIOR = JointPrior.of("alpha", new Prior.Flat(0, 3))
            .and("beta", new Prior.Flat(0, 6))
            .and("M_B", new Prior.Flat(-21, -17))
            .and("sigma_int", new Prior.Flat(0.001, 0.5))
            .and("x0", new Prior.Flat(-2, 2))
            .and("Rx", new Prior.Flat(0.01, 2))
            .and("c0", new Prior.Flat(-0.5, 0.5))
            .and("Rc", new Prior.Flat(0.01, 0.5));

    private CspPopulation() {}

    /** A light curve to fit. */
    private record Band(ObservedSupernova supernova, String code) implements java.io.Serializable {}

    /** The fits of a supernova. */
    private record Fits(Optional<FittedLightCurve> b, Optional<FittedLightCurve> v) {}

    /** @param args the folder that holds the data sets' folders */
    public static void main(String[] args) throws Exception {
        Path data = Path.of(args.length > 0 ? args[0] : "examples/data");
        Pool.run(args, pool -> {
                    Sample sample = sample(pool, data);
                    return report(sample, population(pool, sample));
                })
                .ifPresent(System.out::print);
    }

    /** Layers 1 and 2, whose tasks are under way at the same time. */
    static Sample sample(Pool pool, Path data) throws Exception {
        TaskFunction<Band, FittedLightCurve> fit = band -> FittedLightCurve.of(band.supernova(), band.code());
        TaskFunction<List<@Nullable FittedLightCurve>, SupernovaSummary> summary =
                fits -> SupernovaSummary.of(Optional.ofNullable(fits.get(0)), Optional.ofNullable(fits.get(1)));
        try (RemoteFunction<Band, FittedLightCurve> layer1 = pool.function(fit, CallOptions.defaults());
                RemoteFunction<List<@Nullable FittedLightCurve>, SupernovaSummary> layer2 =
                        pool.function(summary, CallOptions.defaults())) {
            Map<String, CompletableFuture<Optional<SupernovaSummary>>> summaries = new TreeMap<>();
            for (ObservedSupernova supernova : LightCurveSurvey.read(LightCurveSurvey.folder(data, "csp3"))) {
                CompletableFuture<Optional<FittedLightCurve>> b = fitted(layer1, supernova, List.of(CspSupernovae.B));
                CompletableFuture<Optional<FittedLightCurve>> v = fitted(layer1, supernova, CspSupernovae.V);
                summaries.put(
                        supernova.name(),
                        b.thenCombine(v, Fits::new)
                                .thenCompose(fits -> unlessSkipped(layer2.submit(nullable(fits.b(), fits.v())))));
            }
            Map<String, SupernovaSummary> found = new TreeMap<>();
            for (Map.Entry<String, CompletableFuture<Optional<SupernovaSummary>>> entry : summaries.entrySet()) {
                entry.getValue().get().ifPresent(value -> found.put(entry.getKey(), value));
            }
            return LightCurveSample.of(found);
        }
    }

    private static List<@Nullable FittedLightCurve> nullable(
            Optional<FittedLightCurve> b, Optional<FittedLightCurve> v) {
        List<@Nullable FittedLightCurve> both = new ArrayList<>();
        both.add(b.orElse(null));
        both.add(v.orElse(null));
        return both;
    }

    /** The first of the bands that can be fitted. */
    private static CompletableFuture<Optional<FittedLightCurve>> fitted(
            RemoteFunction<Band, FittedLightCurve> layer1, ObservedSupernova supernova, List<String> bands) {
        CompletableFuture<Optional<FittedLightCurve>> first = CompletableFuture.completedFuture(Optional.empty());
        for (String band : bands) {
            if (supernova.lightCurves().containsKey(band)) {
                CompletableFuture<Optional<FittedLightCurve>> fit =
                        unlessSkipped(layer1.submit(new Band(supernova, band)));
                first = first.thenCombine(fit, (before, after) -> before.or(() -> after));
            }
        }
        return first;
    }

    private static <T> CompletableFuture<Optional<T>> unlessSkipped(CompletableFuture<T> future) {
        return future.handle((value, failure) -> {
            Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
            if (cause == null || cause instanceof SkippedException) {
                return Optional.ofNullable(value);
            }
            throw new CompletionException(cause);
        });
    }

    /** Layer 3. */
    static Maximum population(Pool pool, Sample sample) {
        try (PoolEvaluator evaluator = new PoolEvaluator(pool, new PopulationDensity(sample, OMEGA_M))) {
            MaximizerOptions options = MaximizerOptions.of(STARTS, 38, Target.LOG_LIKELIHOOD);
            return new Maximizer(PRIOR, evaluator, options).maximize();
        }
    }

    private static String report(Sample sample, Maximum maximum) {
        StringBuilder text = new StringBuilder(sample.size() + " supernovae\n");
        for (int i = 0; i < PRIOR.dimensions(); i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-9s %.5f%n",
                    PRIOR.names().get(i),
                    maximum.best().point()[i]));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "log_likelihood %.6f; %d of %d searches ended there%n",
                        maximum.best().logLikelihood(),
                        maximum.agreeing(1e-3),
                        STARTS))
                .toString();
    }
}
