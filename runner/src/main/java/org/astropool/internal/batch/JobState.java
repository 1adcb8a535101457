package org.astropool.internal.batch;

import java.time.Instant;
import java.util.Optional;

/**
 * What a batch system says of a job.
 *
 * @param word the state in the words of the batch system, such as PENDING
 * @param reason why it waits, in its words and explained; "" when it says nothing
 * @param expected when it may start
 */
public record JobState(Phase phase, String word, String reason, Optional<Instant> expected) {
    /** The life of a job. */
    public enum Phase {
        WAITING,
        RUNNING,
        /** The batch system does not have it any more. */
        ENDED
    }

    static final JobState GONE = new JobState(Phase.ENDED, "ended", "", Optional.empty());

    /** A job that has ended, with the word of the batch system for how it did. */
    public static JobState ended(String word) {
        return new JobState(Phase.ENDED, word, "", Optional.empty());
    }

    /** Whether it runs or will run. */
    public boolean isAlive() {
        return phase != Phase.ENDED;
    }
}
