package org.astropool.maximizer;

import java.util.List;

/**
 * The best of several searches, and how far the others were from it: where some agree with it, it is credible.
 *
 * @param best the search that found it; the first of equals
 * @param searches all of them, by start
 */
public record Maximum(LocalMaximum best, List<LocalMaximum> searches) {
    public Maximum {
        searches = List.copyOf(searches);
    }

    /** How much lower a search ended than the best; 0 for the best itself. */
    public double deficit(LocalMaximum search) {
        return best.value() - search.value();
    }

    /** How many searches ended at most {@code deficit} below the best; 1 when it is alone. */
    public int agreeing(double deficit) {
        return (int)
                searches.stream().filter(search -> deficit(search) <= deficit).count();
    }
}
