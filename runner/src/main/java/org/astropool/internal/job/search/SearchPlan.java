package org.astropool.internal.job.search;

import java.io.IOException;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.config.SearchSpace;

/** What every {@link org.astropool.internal.job.config.SearchKind} reads from its section. Immutable. */
public interface SearchPlan extends Plan.Search {

    /**
     * A search that has not evaluated any point.
     *
     * @throws IllegalArgumentException when the settings do not fit the parameters
     * @throws IOException when a file that it reads cannot be read, or does not fit
     */
    RunningSearch start(SearchSpace space) throws IOException;

    /** The least number of evaluations after which a search that is not complete may have a result. */
    int leastEvaluations();

    /** Into how many concurrent paths its evaluations are divided, whose numbers follow each other; 0 for none. */
    default int paths() {
        return 0;
    }

    /** How many numbers each path has for its evaluations. */
    default int evaluationsPerPath() {
        return 0;
    }

    /** How many rounds of evaluations it has that follow each other; 0 if that is not known. */
    default long roundCount() {
        return 0;
    }

    /** How many evaluations a round has at most. */
    default int evaluationsPerRound() {
        return 0;
    }

    @Override
    default void check(SearchSpace space) throws IOException {
        start(space);
    }

    /**
     * The same plan; the reader of job files knows of it only what it needs.
     *
     * @throws IllegalStateException when its kind reads other plans
     */
    static SearchPlan of(Plan.Search plan) {
        if (plan instanceof SearchPlan search) {
            return search;
        }
        throw new IllegalStateException("the kind of search of [" + plan.key() + "] reads a "
                + plan.getClass().getName() + ", which is no " + SearchPlan.class.getName());
    }
}
