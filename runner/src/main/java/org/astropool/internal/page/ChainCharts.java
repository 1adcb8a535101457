package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.astropool.internal.contour.Edges;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.search.Samples;
import org.astropool.sampler.AutocorrelationTime;
import org.astropool.sampler.Chain;

/** The walkers of a chain by step, their autocorrelation, and the posterior so far. */
final class ChainCharts {
    private static final int MOST_PARAMETERS = 12;
    private static final int MOST_PAIRS = 6;
    private static final int MOST_STEPS = 300;
    private static final int SHOWN_WALKERS = 4;
    private static final int MOST_LAGS = 100;
    /** Lags up to this many autocorrelation times are shown. */
    private static final double LAGS_IN_TIMES = 6;
    /** Products for one autocorrelation function, beyond which steps are left out. */
    private static final double MOST_PRODUCTS = 2e7;

    private final Samples traces;
    private final Chain chain;
    private final Chain kept;
    private final EvaluationSpec spec;
    private double longestTime = 1;

    ChainCharts(Samples traces, EvaluationSpec spec) {
        this.traces = traces;
        this.spec = spec;
        this.chain = traces.chain();
        this.kept = chain.from(Math.min(traces.burn(), chain.length() - 1));
    }

    Map<String, Object> json() {
        List<String> names = traces.names();
        int shown = Math.min(names.size(), MOST_PARAMETERS);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("walkers", chain.walkers());
        fields.put("steps", chain.length() - 1);
        fields.put("burn", traces.burn());
        fields.put("acceptance", kept.acceptance());
        int interval = Math.max(1, (chain.length() + MOST_STEPS - 1) / MOST_STEPS);
        int[] steps = IntStream.iterate(0, step -> step < chain.length(), step -> step + interval)
                .toArray();
        fields.put("interval", interval);
        fields.put(
                "shown_steps",
                IntStream.of(steps).map(i -> (int) chain.get(i).step()).toArray());
        List<Object> parameters = new ArrayList<>();
        for (int p = 0; p < shown; p++) {
            parameters.add(parameter(p, steps));
        }
        fields.put("parameters", parameters);
        fields.put("log_posterior", logPosterior(steps));
        fields.put("parameters_left_out", names.size() - shown);
        List<Object> pairs = new ArrayList<>();
        for (int x = 0; x < shown; x++) {
            for (int y = x + 1; y < shown && pairs.size() < MOST_PAIRS; y++) {
                pairs.add(pair(x, y));
            }
        }
        fields.put("pairs", pairs);
        return fields;
    }

    private Map<String, Object> parameter(int parameter, int[] steps) {
        double[][] series = chain.series(parameter);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", traces.names().get(parameter));
        fields.putAll(bands(series, steps));
        if (kept.length() > 2) {
            fields.putAll(autocorrelation(kept.series(parameter)));
        }
        return fields;
    }

    /** Quantiles over the walkers at each of the steps, and some of the walkers. */
    private static Map<String, Object> bands(double[][] series, int[] steps) {
        double[] low = new double[steps.length];
        double[] middle = new double[steps.length];
        double[] high = new double[steps.length];
        double[] ofWalkers = new double[series.length];
        for (int i = 0; i < steps.length; i++) {
            for (int walker = 0; walker < series.length; walker++) {
                ofWalkers[walker] = series[walker][steps[i]];
            }
            Arrays.sort(ofWalkers);
            low[i] = Sampling.quantile(ofWalkers, 0.16);
            middle[i] = Sampling.quantile(ofWalkers, 0.5);
            high[i] = Sampling.quantile(ofWalkers, 0.84);
        }
        List<Object> walkers = new ArrayList<>();
        for (int walker = 0; walker < Math.min(SHOWN_WALKERS, series.length); walker++) {
            double[] path = series[walker];
            walkers.add(IntStream.of(steps).mapToDouble(step -> path[step]).toArray());
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("low", low);
        fields.put("middle", middle);
        fields.put("high", high);
        fields.put("walkers", walkers);
        return fields;
    }

    private Map<String, Object> logPosterior(int[] steps) {
        double[][] series = new double[chain.walkers()][chain.length()];
        for (int step = 0; step < chain.length(); step++) {
            for (int walker = 0; walker < series.length; walker++) {
                series[walker][step] = chain.get(step).logPosterior(walker);
            }
        }
        return bands(series, steps);
    }

    /** The mean over the walkers, after burn-in. */
    private Map<String, Object> autocorrelation(double[][] series) {
        double time = AutocorrelationTime.of(series);
        longestTime = Double.isFinite(time) ? Math.max(longestTime, time) : longestTime;
        int length = series[0].length;
        int last = (int) Math.min(length - 1, Double.isFinite(time) ? Math.max(10, LAGS_IN_TIMES * time) : length - 1);
        int interval = (last + MOST_LAGS) / MOST_LAGS;
        double mean =
                Arrays.stream(series).flatMapToDouble(Arrays::stream).average().orElse(0);
        int stride = (int) Math.max(1, (double) series.length * length * (last / interval + 1) / MOST_PRODUCTS);
        List<Integer> lags = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        double variance = product(series, mean, 0, stride);
        for (int lag = 0; lag <= last && variance > 0; lag += interval) {
            lags.add(lag);
            values.add(product(series, mean, lag, stride) / variance);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("autocorrelation_time", time);
        fields.put("lags", lags);
        fields.put(
                "autocorrelation",
                values.stream().mapToDouble(Double::doubleValue).toArray());
        return fields;
    }

    /** The sum over all walkers of the products of deviations that are so far apart, divided by the number of steps. */
    private static double product(double[][] series, double mean, int lag, int stride) {
        double sum = 0;
        int length = series[0].length;
        for (double[] walker : series) {
            for (int i = 0; i + lag < length; i += stride) {
                sum += (walker[i] - mean) * (walker[i + lag] - mean);
            }
        }
        return sum;
    }

    private Map<String, Object> pair(int x, int y) {
        double[][] ofX = kept.series(x);
        double[][] ofY = kept.series(y);
        int total = ofX.length * kept.length();
        int most = 1_500;
        int interval = Math.max(1, (total + most - 1) / most);
        int count = (total + interval - 1) / interval;
        double[] shownX = new double[count];
        double[] shownY = new double[count];
        for (int i = 0; i < count; i++) {
            int sample = i * interval;
            shownX[i] = ofX[sample % ofX.length][sample / ofX.length];
            shownY[i] = ofY[sample % ofX.length][sample / ofX.length];
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("x", x);
        fields.put("y", y);
        fields.put("samples_x", shownX);
        fields.put("samples_y", shownY);
        fields.put("contours", MassContours.ofSamples(ofX, ofY, total / longestTime, edges(x), edges(y)));
        return fields;
    }

    private Edges edges(int parameter) {
        return spec.prior(traces.names().get(parameter))
                .map(prior -> new Edges(prior.from(), prior.to()))
                .orElse(Edges.NONE);
    }
}
