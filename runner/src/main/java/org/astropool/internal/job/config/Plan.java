package org.astropool.internal.job.config;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.design.DesignKind;
import org.astropool.internal.job.table.TableReference;
import org.astropool.task.Grid;

/**
 * What a job evaluates: the one of {@code [grid]}, {@code [points]}, {@code [tasks]} and the sections of the
 * {@linkplain SearchKind kinds of search} that its file has.
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

    /** Points that are spread over the priors of the parameters, for training sets. */
    record Design(int draws, DesignKind kind) implements Plan {
        @Override
        public String key() {
            return "design";
        }
    }

    /**
     * Points that somebody gives, one by one: the job has none. They have a value for each parameter that is not fixed.
     */
    record Given() implements Plan {
        @Override
        public String key() {
            return "model";
        }
    }

    /** The tasks that the model lists. */
    record ListedByModel() implements Plan {
        @Override
        public String key() {
            return "tasks";
        }
    }

    /**
     * Points that are chosen during the run, within the priors of the parameters. Each {@link SearchKind} has its own
     * implementation, a record with the settings of its section.
     */
    non-sealed interface Search extends Plan {

        /**
         * An upper limit for the numbers of its evaluations.
         *
         * @param parameters how many parameters it varies
         * @throws ArithmeticException when it is too large
         */
        int size(int parameters);

        /**
         * Everything that determines its points in addition to priors and seed, as text: it is part of the digest of
         * the job.
         *
         * @throws IOException when a file that it reads cannot be read
         */
        String identity() throws IOException;

        /**
         * Checks its settings against the parameters. Evaluates nothing.
         *
         * @throws IllegalArgumentException when they do not fit
         * @throws IOException when a file that it reads cannot be read, or does not fit
         */
        void check(SearchSpace space) throws IOException;

        /**
         * The same search with fewer evaluations, whose points are the first ones of this search: the run that wrote a
         * journal may have been that one, and is then continued. Empty if there is none.
         *
         * @param points the number of points in the header of the journal
         */
        default Optional<Search> shorter(long points) {
            return Optional.empty();
        }

        /** The key of its section that {@link #shorter} changes; empty if it has none. */
        default Optional<String> lengthKey() {
            return Optional.empty();
        }

        /**
         * Values of its section that replace those of the job file in the record of the run, which has no folder to
         * which a path could be relative.
         */
        default Map<String, Object> recorded() {
            return Map.of();
        }
    }
}
