package org.astropool.internal.job.search.ensemble;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.config.SearchSpace;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.search.SearchPlan;
import org.astropool.internal.job.table.RowTable;
import org.astropool.internal.job.table.TableReaders;
import org.astropool.internal.job.table.TableReference;
import org.astropool.internal.model.PointTable;
import org.astropool.sampler.EnsembleOptions;
import org.astropool.sampler.EnsembleSampler;
import org.astropool.sampler.Moves;
import org.astropool.sampler.Start;

/**
 * An ensemble of walkers that samples the posterior.
 *
 * @param steps the maximum number of steps
 * @param burn steps at the beginning that are left out of the results; empty to derive the number from the
 *     autocorrelation time
 * @param thin one step out of this many is written
 * @param enough after how many autocorrelation times it ends, even before its last step; or empty
 */
record EnsemblePlan(
        int walkers, int steps, OptionalInt burn, int thin, Moves moves, WalkerStart start, OptionalDouble enough)
        implements SearchPlan {

    @Override
    public String key() {
        return EnsembleKind.KEY;
    }

    @Override
    public int size(int parameters) {
        return Math.multiplyExact(walkers, Math.addExact(steps, EnsembleSampler.MAX_START_ROUNDS));
    }

    @Override
    public int leastEvaluations() {
        return walkers;
    }

    /** Half of the walkers move, then the others. */
    @Override
    public long roundCount() {
        return 2L * steps;
    }

    @Override
    public int evaluationsPerRound() {
        return walkers / 2;
    }

    /** The same chain with fewer steps. */
    @Override
    public Optional<Plan.Search> shorter(long points) {
        long fewer = points / walkers - EnsembleSampler.MAX_START_ROUNDS;
        return points % walkers == 0 && fewer >= 1 && fewer < steps
                ? Optional.of(new EnsemblePlan(walkers, (int) fewer, burn, thin, moves, start, enough))
                : Optional.empty();
    }

    @Override
    public Optional<String> lengthKey() {
        return Optional.of("steps");
    }

    @Override
    public Map<String, Object> recorded() {
        if (!(start instanceof WalkerStart.Rows rows)) {
            return Map.of();
        }
        Map<String, Object> table = rows.table().values("file");
        return Map.of(
                "start", table.size() > 1 ? table : table.values().iterator().next());
    }

    @Override
    public String identity() throws IOException {
        return "sampler " + walkers + " walkers, " + steps + " steps, " + moves + ", start "
                + (start instanceof WalkerStart.Rows rows ? identity(rows.table()) : start);
    }

    private static String identity(TableReference table) throws IOException {
        if (!Files.isReadable(table.file()) || Files.isDirectory(table.file())) {
            TableReaders.open(table); // throws an exception if it cannot be read
        }
        return Digests.of(table.file())
                + table.extension().map(name -> " " + name).orElse("");
    }

    @Override
    public EnsembleSearch start(SearchSpace space) throws IOException {
        EnsembleOptions options = new EnsembleOptions(walkers, space.seed(), moves, startIn(space));
        // The sampler checks the settings.
        new EnsembleSampler(space.prior(), (numbers, points) -> new double[numbers.length], options);
        return new EnsembleSearch(this, space, options);
    }

    private Start startIn(SearchSpace space) throws IOException {
        List<String> names = space.names();
        if (start instanceof WalkerStart.Around around) {
            return new Start.Around(
                    values(around.center(), names, "start.around"), values(around.spread(), names, "start.spread"));
        }
        if (start instanceof WalkerStart.Rows rows) {
            PointTable table = RowTable.read(rows.table()).points(space.parameters());
            if (table.size() < walkers) {
                throw new IOException(rows.table().file() + " has " + table.size() + " rows, there are " + walkers
                        + " walkers; give one row per walker");
            }
            double[][] positions = new double[walkers][];
            Arrays.setAll(positions, table::point);
            return new Start.At(positions);
        }
        return new Start.FromPrior();
    }

    private static double[] values(Map<String, Double> given, List<String> names, String key) {
        if (!given.keySet().equals(new HashSet<>(names))) {
            throw new IllegalArgumentException(
                    key + " has " + given.keySet() + ", it must have a value for each of " + names);
        }
        return names.stream().mapToDouble(given::get).toArray();
    }
}
