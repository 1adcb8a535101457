package org.astropool.sampler;

import java.util.ArrayList;
import java.util.List;

/**
 * Ensembles of consecutive steps in memory: steps x walkers x parameters, with log-posteriors and evaluation numbers.
 * Walkers that stay where they are share their position with the step before. Not thread-safe while it grows.
 */
public final class Chain {
    private final List<Ensemble> steps;

    /** An empty chain. */
    public Chain() {
        this(new ArrayList<>());
    }

    private Chain(List<Ensemble> steps) {
        this.steps = steps;
    }

    /**
     * Adds a step at the end.
     *
     * @throws IllegalArgumentException when it has another shape than the previous ones
     */
    public void append(Ensemble ensemble) {
        if (!steps.isEmpty() && (ensemble.walkers() != walkers() || ensemble.dimensions() != dimensions())) {
            throw new IllegalArgumentException("a step of " + ensemble.walkers() + " walkers and "
                    + ensemble.dimensions() + " parameters does not fit a chain of " + walkers() + " and "
                    + dimensions());
        }
        steps.add(ensemble);
    }

    /** The number of steps; the starts count as one. */
    public int length() {
        return steps.size();
    }

    /** The number of walkers; 0 when the chain is empty. */
    public int walkers() {
        return steps.isEmpty() ? 0 : steps.get(0).walkers();
    }

    /** The number of parameters; 0 when the chain is empty. */
    public int dimensions() {
        return steps.isEmpty() ? 0 : steps.get(0).dimensions();
    }

    /** The ensemble at an index below {@link #length}. */
    public Ensemble get(int index) {
        return steps.get(index);
    }

    /** A copy of this chain without its first steps, for instance {@link BurnIn#steps}. */
    public Chain from(int first) {
        return new Chain(new ArrayList<>(steps.subList(first, steps.size())));
    }

    /**
     * A copy with every n-th step only, the first included. It needs less memory, and has no more information than the
     * whole chain.
     *
     * @throws IllegalArgumentException when {@code interval} is below 1
     */
    public Chain every(int interval) {
        if (interval < 1) {
            throw new IllegalArgumentException("every " + interval + " steps: it must be at least 1");
        }
        List<Ensemble> kept = new ArrayList<>();
        for (int i = 0; i < steps.size(); i += interval) {
            kept.add(steps.get(i));
        }
        return new Chain(kept);
    }

    /** The fraction of moves that were accepted, from 0 to 1; NaN when there are none. Starts are not moves. */
    public double acceptance() {
        long moves = 0;
        long accepted = 0;
        for (Ensemble ensemble : steps) {
            for (int walker = 0; walker < ensemble.walkers() && ensemble.step() > 0; walker++) {
                moves++;
                if (ensemble.accepted(walker)) {
                    accepted++;
                }
            }
        }
        return (double) accepted / moves;
    }

    /** The values of one parameter, shape walkers x steps. */
    public double[][] series(int parameter) {
        return series(parameter, 0);
    }

    /** The same, beginning at a step. */
    double[][] series(int parameter, int first) {
        double[][] series = new double[walkers()][steps.size() - first];
        for (int i = first; i < steps.size(); i++) {
            double[][] positions = steps.get(i).positions();
            for (int walker = 0; walker < positions.length; walker++) {
                series[walker][i - first] = positions[walker][parameter];
            }
        }
        return series;
    }
}
