package org.astropool.internal.job.config;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.astropool.internal.job.table.TableReference;
import org.astropool.maximizer.MaximizerOptions;
import org.astropool.sampler.Moves;
import org.astropool.task.Grid;

/**
 * What a job evaluates: the one of {@code [grid]}, {@code [points]}, {@code [tasks]}, {@code [sampler]} and
 * {@code [maximize]} that its file has.
 */
public sealed interface Plan {

    /** The key of its table in the job file. */
    String key();

    /** All points of a grid. */
    record OnGrid(Grid grid) implements Plan {
        @Override
        public String key() {
            return "grid";
        }
    }

    /**
     * The rows of a table: its columns that are named like parameters of the model.
     *
     * @param key {@code points} or {@code tasks}
     * @param labels columns that are copied into the results
     */
    record Rows(String key, TableReference table, List<String> labels) implements Plan {
        public Rows {
            labels = List.copyOf(labels);
        }

        /** The key under which the job file names the table. */
        public String fileKey() {
            return fileKey(key);
        }

        public static String fileKey(String key) {
            return key.equals("points") ? "file" : "table";
        }
    }

    /** The tasks that the model lists. */
    record ListedByModel() implements Plan {
        @Override
        public String key() {
            return "tasks";
        }
    }

    /** Points that are chosen during the run, within the priors of the parameters. */
    sealed interface Search extends Plan {}

    /**
     * An ensemble of walkers that samples the posterior.
     *
     * @param steps the maximum number of steps
     * @param burn steps at the beginning that are left out of the results; empty to derive the number from the
     *     autocorrelation time
     * @param thin one step out of this many is written
     * @param enough after how many autocorrelation times it ends, even before its last step; or empty
     */
    record Sample(
            int walkers, int steps, OptionalInt burn, int thin, Moves moves, WalkerStart start, OptionalDouble enough)
            implements Search {
        @Override
        public String key() {
            return "sampler";
        }

        public Sample withSteps(int other) {
            return new Sample(walkers, other, burn, thin, moves, start, enough);
        }
    }

    /** Where the walkers start. */
    sealed interface WalkerStart {

        /** Draws from the prior. */
        record FromPrior() implements WalkerStart {}

        /**
         * A normal distribution around a point.
         *
         * @param center of each parameter
         * @param spread of each parameter, its standard deviation
         */
        record Around(Map<String, Double> center, Map<String, Double> spread) implements WalkerStart {}

        /** The first rows of a table, one row per walker. */
        record Rows(TableReference table) implements WalkerStart {}
    }

    /**
     * The maximum of the likelihood or the posterior.
     *
     * @param starts the number of searches, each of which starts at another draw from the prior
     * @param evaluations the maximum number of evaluations of one search
     */
    record Maximize(int starts, MaximizerOptions.Target target, int evaluations) implements Search {
        @Override
        public String key() {
            return "maximize";
        }
    }
}
