package org.astropool.internal.design;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the points of a design are spread over the priors. */
public enum DesignKind {
    /** Independent draws from the priors. */
    PRIOR,
    /** A Sobol sequence, shifted at random by exclusive or. */
    SOBOL,
    /** A Latin hypercube: each parameter has one value in each of as many intervals of equal probability. */
    LATIN_HYPERCUBE;

    /** The name in job files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<DesignKind> of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(DesignKind::label).toList();
    }
}
