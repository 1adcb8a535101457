package org.astropool.internal.job.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.config.Plan.WalkerStart;
import org.astropool.internal.job.table.RowTable;
import org.astropool.internal.job.table.TableReaders;
import org.astropool.internal.job.table.TableReference;
import org.astropool.internal.model.PointTable;
import org.astropool.sampler.EnsembleOptions;
import org.astropool.sampler.EnsembleSampler;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.PointEvaluator;
import org.astropool.sampler.Prior;
import org.astropool.sampler.Start;

/**
 * A search that was checked against the model. Immutable.
 *
 * @param prior the prior of the parameters that it varies
 * @param start of the walkers of a sampler
 */
public record SearchSetup(Plan.Search plan, long seed, JointPrior prior, Start start) {
    /**
     * The setup of a search.
     *
     * @throws JobException when the sampler's settings do not fit the parameters
     */
    public static SearchSetup of(Plan.Search plan, EvaluationSpec spec) throws JobException {
        List<String> names = spec.points().names();
        List<Prior> priors =
                names.stream().map(name -> spec.prior(name).orElseThrow()).toList();
        JointPrior prior = new JointPrior(names, priors);
        try {
            Start start = plan instanceof Plan.Sample sample ? start(sample, spec) : new Start.FromPrior();
            SearchSetup search = new SearchSetup(plan, spec.seed(), prior, start);
            if (plan instanceof Plan.Sample sample) {
                search.sampler(sample, (numbers, points) -> new double[numbers.length]); // checks its settings
            }
            return search;
        } catch (IllegalArgumentException | IOException e) {
            throw new JobException("[" + plan.key() + "]: " + e.getMessage());
        }
    }

    /**
     * An upper limit for the numbers of its evaluations.
     *
     * @throws ArithmeticException when it is too large
     */
    public static int size(Plan.Search plan, int parameters) {
        if (plan instanceof Plan.Sample sample) {
            return Math.multiplyExact(
                    sample.walkers(), Math.addExact(sample.steps(), EnsembleSampler.MAX_START_ROUNDS));
        }
        Plan.Maximize maximize = (Plan.Maximize) plan;
        int curvature = 4 * parameters * parameters + 40 * parameters + 40;
        return Math.addExact(Math.multiplyExact(maximize.starts(), maximize.evaluations()), curvature);
    }

    /**
     * The same chain with the number of steps of the run that wrote the journal, if that is smaller: the journal then
     * contains the beginning of this chain.
     *
     * @param points the number of points in the header of the journal
     */
    public static Optional<Plan.Sample> begunWithFewerSteps(Plan.Sample sample, long points) {
        long steps = points / sample.walkers() - EnsembleSampler.MAX_START_ROUNDS;
        return points % sample.walkers() == 0 && steps >= 1 && steps < sample.steps()
                ? Optional.of(sample.withSteps((int) steps))
                : Optional.empty();
    }

    /** Everything that determines its points in addition to priors and seed, as text. */
    static String identity(Plan.Search plan) throws IOException {
        if (plan instanceof Plan.Sample sample) {
            return "sampler " + sample.walkers() + " walkers, " + sample.steps() + " steps, " + sample.moves()
                    + ", start "
                    + (sample.start() instanceof WalkerStart.Rows rows ? identity(rows.table()) : sample.start());
        }
        return plan.toString();
    }

    private static String identity(TableReference table) throws IOException {
        if (!Files.isReadable(table.file()) || Files.isDirectory(table.file())) {
            TableReaders.open(table); // throws an exception if it cannot be read
        }
        return Digests.of(table.file())
                + table.extension().map(name -> " " + name).orElse("");
    }

    private static Start start(Plan.Sample sample, EvaluationSpec spec) throws IOException {
        List<String> names = spec.points().names();
        if (sample.start() instanceof WalkerStart.Around around) {
            return new Start.Around(
                    values(around.center(), names, "start.around"), values(around.spread(), names, "start.spread"));
        }
        if (sample.start() instanceof WalkerStart.Rows rows) {
            PointTable table = RowTable.read(rows.table())
                    .points(names.stream().map(spec::parameter).toList());
            if (table.size() < sample.walkers()) {
                throw new IOException(rows.table().file() + " has " + table.size() + " rows, there are "
                        + sample.walkers() + " walkers; give one row per walker");
            }
            double[][] positions = new double[sample.walkers()][];
            Arrays.setAll(positions, table::point);
            return new Start.At(positions);
        }
        return new Start.FromPrior();
    }

    private static double[] values(Map<String, Double> given, List<String> names, String key) {
        if (!given.keySet().equals(new java.util.HashSet<>(names))) {
            throw new IllegalArgumentException(
                    key + " has " + given.keySet() + ", it must have a value for each of " + names);
        }
        return names.stream().mapToDouble(given::get).toArray();
    }

    /** A sampler at its start. */
    public EnsembleSampler sampler(Plan.Sample sample, PointEvaluator evaluator) {
        EnsembleOptions options = new EnsembleOptions(sample.walkers(), seed, sample.moves(), start);
        return new EnsembleSampler(prior, evaluator, options);
    }
}
