package org.astropool.internal.job.search;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.result.BestFit;
import org.astropool.internal.job.result.EvaluationResult;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.StarTable;

/** What a search has found so far. Immutable. */
public interface SearchResult {

    /** The point that it found to be the best; empty for the best of all points that were evaluated. */
    default Optional<BestFit> best() {
        return Optional.empty();
    }

    /**
     * The entry {@code marginals} of summary.json: for each parameter its statistics, with null for numbers that JSON
     * cannot represent. Empty if it has none.
     */
    default Optional<Map<String, Object>> marginals() {
        return Optional.empty();
    }

    /** Further entries of summary.json, in order. */
    Map<String, @Nullable Object> summary();

    /**
     * Writes the files of a complete search.
     *
     * @param points all points that were evaluated
     */
    void write(EvaluationResult points, SearchOutput output) throws IOException;

    /**
     * The table that {@code astropool status --table} writes, also during the run; empty for one of the points that
     * have an outcome.
     */
    default Optional<StarTable> tableSoFar(EvaluationResult points) {
        return Optional.empty();
    }

    /** The posterior that it has sampled; empty for other kinds of search. */
    default Optional<Samples> samples() {
        return Optional.empty();
    }

    /** How well its chain has mixed; empty if it has none, or one that is too short to say. */
    default Optional<Mixing> mixing() {
        return Optional.empty();
    }

    /** The table in the report of a run; empty if it has none. */
    Optional<ReportTable> report();

    /** The lines below that table, each with its end. */
    String lines();
}
