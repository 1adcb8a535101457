package org.astropool.internal.design;

import java.util.List;
import java.util.random.RandomGenerator;
import org.astropool.sampler.Prior;
import org.astropool.task.Points;
import org.astropool.task.RandomStreams;
import org.jspecify.annotations.Nullable;

/**
 * The points of a design. They are computed when they are asked for, so that any number of them needs no memory and
 * travels to the workers as their definition. Thread-safe.
 */
public final class DesignPoints implements Points {
    private static final long serialVersionUID = 1;

    /** So that the draws have nothing in common with the random numbers that the model gets at the same point. */
    private static final long STREAM = 0x64657369676eL;

    private final List<String> names;
    private final List<Prior> priors;
    private final int draws;
    private final DesignKind kind;
    private final long seed;
    private transient volatile @Nullable UnitPoints unit;

    /**
     * @param priors one for each name
     * @param draws the number of points
     * @param seed of the job
     * @throws IllegalArgumentException when there are more parameters than the kind of design supports
     */
    public DesignPoints(List<String> names, List<Prior> priors, int draws, DesignKind kind, long seed) {
        if (kind == DesignKind.SOBOL && names.size() > SobolPoints.MOST_DIMENSIONS) {
            throw new IllegalArgumentException(
                    "there are " + names.size() + " parameters, a Sobol sequence has at most "
                            + SobolPoints.MOST_DIMENSIONS + " dimensions; use kind = \"latin-hypercube\" or \"prior\"");
        }
        this.names = List.copyOf(names);
        this.priors = List.copyOf(priors);
        this.draws = draws;
        this.kind = kind;
        this.seed = seed;
    }

    public DesignKind kind() {
        return kind;
    }

    /** Everything that determines the points apart from priors and seed, as text. */
    public String identity() {
        return kind.label() + " " + draws + " " + names;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public long size() {
        return draws;
    }

    @Override
    public void point(long index, double[] into) {
        if (kind == DesignKind.PRIOR) {
            RandomGenerator random = RandomStreams.stream(RandomStreams.key(seed, STREAM), index);
            for (int i = 0; i < into.length; i++) {
                into[i] = priors.get(i).draw(random);
            }
            return;
        }
        unit().point((int) index, into);
        for (int i = 0; i < into.length; i++) {
            into[i] = PriorQuantile.of(priors.get(i), into[i]);
        }
    }

    private UnitPoints unit() {
        UnitPoints known = unit;
        if (known == null) {
            long key = RandomStreams.key(seed, STREAM);
            known = kind == DesignKind.SOBOL
                    ? new SobolPoints(names.size(), key)
                    : new LatinHypercube(names.size(), draws, key);
            unit = known;
        }
        return known;
    }

    /** Points in the unit cube, without its faces. */
    interface UnitPoints {
        void point(int index, double[] into);
    }
}
