package org.astropool.examples.hierarchical;

import java.util.List;
import java.util.stream.Stream;

/** What the brightness of the supernovae of a sample is corrected with. */
enum SampleKind {
    /** SALT2's stretch, {@code mB = mu + M_B + dM [host log mass > 10] - alpha x1 + beta c} (Betoule et al. 2014). */
    JLA("jla", -1, true),
    /**
     * The decline rate of our own fits, {@code mB = mu + M_B + alpha (dm15 - 1.1) + beta (Bmax - Vmax)} (Tripp 1998).
     */
    LIGHT_CURVES("light-curves", 1, false);

    private final String label;
    private final int signOfAlpha;
    private final boolean hasMassStep;

    SampleKind(String label, int signOfAlpha, boolean hasMassStep) {
        this.label = label;
        this.signOfAlpha = signOfAlpha;
        this.hasMassStep = hasMassStep;
    }

    static List<String> labels() {
        return Stream.of(values()).map(kind -> kind.label).toList();
    }

    /** @param label one of {@link #labels} */
    static SampleKind of(String label) {
        return Stream.of(values())
                .filter(kind -> kind.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no sample \"" + label + "\", only " + labels()));
    }

    /** +1 or -1: of the term alpha x in the magnitude. */
    int signOfAlpha() {
        return signOfAlpha;
    }

    /** Whether the masses of the hosts are known, so that dM is a parameter. */
    boolean hasMassStep() {
        return hasMassStep;
    }
}
