package org.astropool.job;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.job.Plan.WalkerStart;
import org.astropool.sampler.BurnIn;
import org.astropool.sampler.Chain;
import org.astropool.sampler.ChainStatistics;
import org.astropool.sampler.EnsembleOptions;
import org.astropool.sampler.EnsembleSampler;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.LengthCheck;
import org.astropool.sampler.Maximizer;
import org.astropool.sampler.MaximizerOptions;
import org.astropool.sampler.Maximum;
import org.astropool.sampler.PointEvaluator;
import org.astropool.sampler.Prior;
import org.astropool.sampler.Start;
import org.astropool.task.PointTable;

/**
 * A search as a job asks for it. It is a function of the job and of the log-likelihoods alone, so that one which was cut
 * off comes to the same points when it is begun again with what the journal has.
 */
final class Search {
    private static final int CHECK_INTERVAL = 50;

    private final Plan.Search plan;
    private final long seed;
    private final JointPrior prior;
    private final Start start;
    private Optional<Finding> finding = Optional.empty();

    private Search(Plan.Search plan, long seed, JointPrior prior, Start start) {
        this.plan = plan;
        this.seed = seed;
        this.prior = prior;
        this.start = start;
    }

    /**
     * A search that has not begun.
     *
     * @throws JobException when the sampler's settings do not fit the parameters
     */
    static Search of(Plan.Search plan, PointsSpec spec) throws JobException {
        List<String> names = spec.points().names();
        List<Prior> priors =
                names.stream().map(name -> spec.prior(name).orElseThrow()).toList();
        JointPrior prior = new JointPrior(names, priors);
        try {
            Start start = plan instanceof Plan.Sample sample ? start(sample, spec) : new Start.FromPrior();
            Search search = new Search(plan, spec.seed(), prior, start);
            if (plan instanceof Plan.Sample sample) {
                search.sampler(sample, (numbers, points) -> new double[numbers.length]); // checks its settings
            }
            return search;
        } catch (IllegalArgumentException | IOException e) {
            throw new JobException("[" + plan.key() + "]: " + e.getMessage());
        }
    }

    /**
     * How many numbers its evaluations need.
     *
     * @throws ArithmeticException when there are not so many
     */
    static int size(Plan.Search plan, int parameters) {
        if (plan instanceof Plan.Sample sample) {
            return Math.multiplyExact(
                    sample.walkers(), Math.addExact(sample.steps(), EnsembleSampler.MAX_START_ROUNDS));
        }
        Plan.Maximize maximize = (Plan.Maximize) plan;
        int curvature = 4 * parameters * parameters + 40 * parameters + 40;
        return Math.addExact(Math.multiplyExact(maximize.starts(), maximize.evaluations()), curvature);
    }

    /**
     * The same chain with as many steps as the run took that has left a journal, if these are fewer: the journal is then
     * the beginning of this chain's.
     *
     * @param points that the header of the journal gives
     */
    static Optional<Plan.Sample> begunWithFewerSteps(Plan.Sample sample, long points) {
        long steps = points / sample.walkers() - EnsembleSampler.MAX_START_ROUNDS;
        return points % sample.walkers() == 0 && steps >= 1 && steps < sample.steps()
                ? Optional.of(sample.withSteps((int) steps))
                : Optional.empty();
    }

    /** What decides on its points beside priors and seed, in words. */
    static String identity(Plan.Search plan) throws IOException {
        if (plan instanceof Plan.Sample sample) {
            return "sampler " + sample.walkers() + " walkers, " + sample.steps() + " steps, " + sample.moves()
                    + ", start "
                    + (sample.start() instanceof WalkerStart.Rows rows ? identity(rows.table()) : sample.start());
        }
        return plan.toString();
    }

    private static String identity(TableChoice table) throws IOException {
        if (!Files.isReadable(table.file()) || Files.isDirectory(table.file())) {
            TableFormats.open(table); // says why not
        }
        return Digests.of(table.file())
                + table.extension().map(name -> " " + name).orElse("");
    }

    private static Start start(Plan.Sample sample, PointsSpec spec) throws IOException {
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
                        + sample.walkers() + " walkers; give a row a walker");
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

    /**
     * Searches to the end.
     *
     * @throws RuntimeException what the evaluator throws; {@link #finding} tells how far it came
     */
    void run(PointEvaluator evaluator) {
        if (plan instanceof Plan.Sample sample) {
            sample(sample, evaluator);
        } else {
            maximize((Plan.Maximize) plan, evaluator);
        }
    }

    /** What it has found so far. */
    Optional<Finding> finding() {
        return finding;
    }

    private EnsembleSampler sampler(Plan.Sample sample, PointEvaluator evaluator) {
        EnsembleOptions options = new EnsembleOptions(sample.walkers(), seed, sample.moves(), start);
        return new EnsembleSampler(prior, evaluator, options);
    }

    private void sample(Plan.Sample sample, PointEvaluator evaluator) {
        EnsembleSampler sampler = sampler(sample, evaluator);
        Optional<LengthCheck> check = sample.enough().isPresent()
                ? Optional.of(new LengthCheck(sample.enough().getAsDouble(), CHECK_INTERVAL))
                : Optional.empty();
        Chain chain = new Chain();
        boolean isLongEnough = false;
        try {
            while (chain.length() <= sample.steps() && !isLongEnough) {
                chain.append(sampler.step());
                isLongEnough = check.isPresent() && check.get().isMet(chain);
            }
        } finally {
            if (chain.length() > 0) {
                finding = Optional.of(sampled(sample, chain, sampler, isLongEnough));
            }
        }
    }

    private Finding sampled(Plan.Sample sample, Chain chain, EnsembleSampler sampler, boolean isLongEnough) {
        int burn = Math.min(
                sample.burn().isPresent() ? sample.burn().getAsInt() : BurnIn.steps(chain), chain.length() - 1);
        Chain kept = chain.from(burn);
        return new Finding.Sampled(
                prior.names(),
                chain,
                burn,
                kept,
                kept.length() < 2 ? Optional.empty() : Optional.of(ChainStatistics.of(kept)),
                sampler.counts(),
                sample.enough().isPresent() ? Optional.of(isLongEnough) : Optional.empty());
    }

    private void maximize(Plan.Maximize maximize, PointEvaluator evaluator) {
        MaximizerOptions options =
                MaximizerOptions.of(maximize.starts(), seed, maximize.target()).evaluationLimit(maximize.evaluations());
        Maximizer maximizer = new Maximizer(prior, evaluator, options);
        Maximum maximum = maximizer.maximize();
        finding = Optional.of(new Finding.Maximized(prior.names(), maximum, Optional.empty()));
        finding = Optional.of(new Finding.Maximized(prior.names(), maximum, maximizer.covariance(maximum)));
    }
}
