package org.astropool.internal.plot;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.contour.ChainDensity;
import org.astropool.internal.contour.Density;
import org.astropool.internal.contour.Edges;
import org.astropool.internal.contour.Marginal;
import org.astropool.internal.job.search.Samples;
import org.astropool.sampler.AutocorrelationTime;
import org.astropool.sampler.Chain;

/** Of the steps of a chain after its burn-in. */
final class ChainPosterior implements Posterior {
    private static final double FEWEST = 100;

    private final PlotRun run;
    private final Samples samples;
    private final Chain kept;
    private final double[] weights;
    private final Map<String, Column> columns = new HashMap<>();

    /** @param effective how many independent samples there are */
    private record Column(double[] values, double effective, Edges edges) {}

    ChainPosterior(PlotRun run, Samples samples) {
        this.run = run;
        this.samples = samples;
        this.kept = samples.kept();
        this.weights = new double[kept.length() * kept.walkers()];
        Arrays.fill(weights, 1);
    }

    private Column column(String parameter) {
        return columns.computeIfAbsent(parameter, name -> {
            double[][] series = kept.series(samples.names().indexOf(name));
            double[] values =
                    Arrays.stream(series).flatMapToDouble(Arrays::stream).toArray();
            Edges edges = run.prior(name)
                    .map(prior -> new Edges(prior.from(), prior.to()))
                    .orElse(Edges.NONE);
            return new Column(values, values.length / Math.max(1, AutocorrelationTime.of(series)), edges);
        });
    }

    @Override
    public Marginal marginal(String parameter) {
        Column column = column(parameter);
        return ChainDensity.marginal(column.values, weights, column.effective, column.edges);
    }

    @Override
    public Optional<String> doubt() {
        double fewest = samples.names().stream()
                .mapToDouble(name -> column(name).effective)
                .min()
                .orElse(0);
        return fewest >= FEWEST
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the chain in %s has the precision of only %.0f independent samples so far, so its contours are"
                                + " rough; use more steps",
                        run.directory(),
                        fewest));
    }

    @Override
    public Density density(String xParameter, String yParameter) {
        Column x = column(xParameter);
        Column y = column(yParameter);
        return ChainDensity.density(x.values, y.values, weights, Math.min(x.effective, y.effective), x.edges, y.edges);
    }
}
