package org.astropool.internal.batch;

import java.util.Arrays;
import java.util.Locale;

/** What the first start of a submitted run does about the points of an earlier run; later starts keep them. */
public enum FirstStart {
    /** Keeps them. */
    CONTINUE,
    /** Keeps them, apart from those that failed, which are evaluated again. */
    RETRY_FAILED,
    /** Removes them. */
    OVERWRITE;

    /** As in the record of the jobs. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is no such label */
    static FirstStart of(String label) {
        return Arrays.stream(values())
                .filter(one -> one.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("first_start is \"" + label + "\""));
    }
}
