package org.astropool.internal.activity;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the core-seconds of a run went. The parts add up to the allocation, but for the accuracy of the clocks. All
 * values are in core-seconds. Immutable.
 *
 * @param allocation cores times the time for which the run had them
 * @param evaluation evaluation whose outcome was used
 * @param start until a worker was ready, and until its model was
 * @param waiting no task was there to evaluate: the search, or the program of the user, had not proposed one yet
 * @param transport a task was on its way to the slot, or its outcome back to the master
 * @param retries attempts that failed and were repeated
 * @param lost evaluation whose outcome never arrived or was not used, and the cores of workers that were lost or could
 *     not evaluate
 * @param tail a slot was idle because no task was left for it, while other slots still evaluated
 * @param results after the last outcome: result files were written
 * @param outside cores of the allocation that no slot used
 */
public record Ledger(
        double allocation,
        double evaluation,
        double start,
        double waiting,
        double transport,
        double retries,
        double lost,
        double tail,
        double results,
        double outside) {

    public static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The parts by their names, in the order in which they are shown; without the allocation. */
    public Map<String, Double> parts() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("evaluation", evaluation);
        parts.put("start", start);
        parts.put("waiting", waiting);
        parts.put("transport", transport);
        parts.put("retries", retries);
        parts.put("lost", lost);
        parts.put("tail", tail);
        parts.put("results", results);
        parts.put("outside", outside);
        return parts;
    }

    /**
     * The inverse of {@link #parts}. Parts that are absent are 0.
     *
     * @param allocation see {@link #allocation}
     */
    public static Ledger of(double allocation, Map<String, Double> parts) {
        return new Ledger(
                allocation,
                parts.getOrDefault("evaluation", 0.0),
                parts.getOrDefault("start", 0.0),
                parts.getOrDefault("waiting", 0.0),
                parts.getOrDefault("transport", 0.0),
                parts.getOrDefault("retries", 0.0),
                parts.getOrDefault("lost", 0.0),
                parts.getOrDefault("tail", 0.0),
                parts.getOrDefault("results", 0.0),
                parts.getOrDefault("outside", 0.0));
    }

    /** The sum of the parts. */
    public double sum() {
        return parts().values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Both together, for instance of two starts of one run. */
    public Ledger plus(Ledger other) {
        return new Ledger(
                allocation + other.allocation,
                evaluation + other.evaluation,
                start + other.start,
                waiting + other.waiting,
                transport + other.transport,
                retries + other.retries,
                lost + other.lost,
                tail + other.tail,
                results + other.results,
                outside + other.outside);
    }
}
