package org.astropool.examples;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.TaskContext;

/**
 * The selection bias of a magnitude-limited survey of supernovae, by Monte-Carlo simulation: an example of a model that
 * needs random numbers.
 *
 * <p>Supernovae of mean absolute magnitude M0 with a normal scatter of sigma magnitudes fill Euclidean space evenly out
 * to the edge of the survey. Those are detected whose apparent magnitude is below the limit. They are brighter than the
 * mean, so distances that take them for average ones are too small: the mean of M - M0 over the detected ones is the
 * mean error of their distance moduli.
 *
 * <p>Without an edge the bias is -k sigma^2, k = 0.6 ln 10 = 1.38, whatever the limit: Malmquist 1922, Meddelanden fran
 * Lunds Astronomiska Observatorium I 100, 1; reviewed by Teerikorpi 1997, ARA&amp;A 35, 101,
 * doi:10.1146/annurev.astro.35.1.101. With an edge at distance modulus mu_e, x = limit - M0 - mu_e, and Phi the normal
 * distribution function,
 *
 * <pre>
 * bias = -k sigma^2 B / (A + B),   detected fraction = A + B,
 * A = Phi(x / sigma),   B = exp(k x + k^2 sigma^2 / 2) (1 - Phi(x / sigma + k sigma)),
 * </pre>
 *
 * <p>since a supernova that is fainter than x + M0 is only seen in the part exp(-k (M - M0 - x)) of the volume. So a
 * bright limit gives Malmquist's bias, and a faint one none.
 */
public final class MalmquistBias implements Model {
    /** Even density: the number of supernovae nearer than distance modulus mu grows as exp(GROWTH mu). */
    static final double GROWTH = 0.6 * Math.log(10);

    private static final String EVENTS = "events";
    private static final String ABSOLUTE_MAGNITUDE = "absolute_magnitude";
    private static final String EDGE = "edge";
    private static final String MINIMUM_SECONDS = "minimum_seconds";
    private static final long MOST_EVENTS = 1_000_000_000;
    private static final int EVENTS_BETWEEN_LOOKS = 1 << 12;

    @Override
    public String name() {
        return "malmquist-bias";
    }

    @Override
    public String description() {
        return "Monte-Carlo simulation of the selection bias of a magnitude-limited supernova survey";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption(
                        EVENTS,
                        ModelOption.Type.INTEGER,
                        100_000L,
                        List.of(),
                        "how many supernovae are simulated for each point, from 2 to 10^9"),
                new ModelOption(
                        ABSOLUTE_MAGNITUDE,
                        ModelOption.Type.NUMBER,
                        -19.3,
                        List.of(),
                        "mean absolute magnitude of the supernovae, in mag"),
                new ModelOption(
                        EDGE,
                        ModelOption.Type.NUMBER,
                        40.0,
                        List.of(),
                        "distance modulus of the edge of the survey, in mag; 40 is 1000 Mpc"),
                new ModelOption(
                        MINIMUM_SECONDS,
                        ModelOption.Type.NUMBER,
                        0.0,
                        List.of(),
                        "each point takes at least this time, by waiting; to try out pools, from 0 to 3600"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        check(EVENTS, options.integer(EVENTS), 2, MOST_EVENTS);
        check(MINIMUM_SECONDS, options.number(MINIMUM_SECONDS), 0, 3600);
        return List.of(
                new Parameter("limiting_magnitude", "mag", -50, 50, "apparent magnitude of the faintest detection"),
                new Parameter("scatter", "mag", 0, 10, "standard deviation of the absolute magnitude"));
    }

    private static void check(String option, double value, double from, double to) {
        if (!(value >= from && value <= to)) {
            throw new OptionException(
                    option,
                    String.format(Locale.ROOT, "%s is %s, it must be from %.0f to %.0f", option, value, from, to));
        }
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.number("mean_bias", "mag", "mean error of the distance moduli of detected supernovae"),
                Output.number("mean_bias_error", "mag", "standard error of mean_bias from the number of detections"),
                Output.number("detected_fraction", "", "detected supernovae / all within the edge"));
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        long events = options.integer(EVENTS);
        double averageAtEdge = options.number(ABSOLUTE_MAGNITUDE) + options.number(EDGE);
        long minimumNanos = (long) (options.number(MINIMUM_SECONDS) * 1e9);
        return (point, row, context) -> {
            long start = System.nanoTime();
            simulate(events, point[0] - averageAtEdge, point[1], row, context);
            long left = minimumNanos - (System.nanoTime() - start);
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        };
    }

    /** @param limit by how many magnitudes it is fainter than an average supernova at the edge; x above */
    private static void simulate(long events, double limit, double scatter, OutputRow row, TaskContext context) {
        RandomGenerator random = context.random();
        long detected = 0;
        double sum = 0;
        double sumOfSquares = 0;
        for (long i = 0; i < events; i++) {
            if (i % EVENTS_BETWEEN_LOOKS == 0 && context.isCancelled()) {
                throw new CancellationException("cancelled after " + i + " of " + events + " events");
            }
            double deviation = scatter * random.nextGaussian();
            double modulusBelowEdge = random.nextExponential() / GROWTH; // by how much it is nearer than the edge
            if (deviation - modulusBelowEdge < limit) {
                detected++;
                sum += deviation;
                sumOfSquares += deviation * deviation;
            }
        }
        if (detected < 2) {
            row.skip("of " + events + " supernovae " + detected
                    + " are detected, 2 are needed; raise the option events");
            return;
        }
        double mean = sum / detected;
        double variance = Math.max(0, (sumOfSquares - sum * mean) / (detected - 1));
        row.set(0, mean);
        row.set(1, Math.sqrt(variance / detected));
        row.set(2, (double) detected / events);
    }
}
