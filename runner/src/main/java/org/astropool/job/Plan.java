package org.astropool.job;

import java.nio.file.Path;
import java.util.List;
import org.astropool.task.Grid;

/** What a job wants evaluated: the one of {@code [grid]}, {@code [points]} and {@code [tasks]} that its file has. */
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
     * @param labels columns that are to be in the results, too
     */
    record Rows(String key, Path table, List<String> labels) implements Plan {
        public Rows {
            labels = List.copyOf(labels);
        }

        /** Under which the job file names the table. */
        String fileKey() {
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
}
