package org.astropool.internal.job.search.ensemble;

import java.util.Map;
import org.astropool.internal.job.table.TableReference;

/** Where the walkers start. The digest of a job has the text of these records: their names and fields are fixed. */
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
