package org.astropool.maximizer;

import java.util.List;

/**
 * The results of several searches, and the best of them. A maximum that several searches have found is more reliable.
 *
 * @param best the search that found it; the first one if several have the same value
 * @param searches all searches, by start
 */
public record Maximum(LocalMaximum best, List<LocalMaximum> searches) {
    public Maximum {
        searches = List.copyOf(searches);
    }

    /** The difference between the best value and that of a search; 0 for the best itself. */
    public double deficit(LocalMaximum search) {
        return best.value() - search.value();
    }

    /** How many searches, including the best, ended at most {@code deficit} below the best. */
    public int agreeing(double deficit) {
        return (int)
                searches.stream().filter(search -> deficit(search) <= deficit).count();
    }
}
