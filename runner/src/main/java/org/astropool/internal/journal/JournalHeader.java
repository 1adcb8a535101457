package org.astropool.internal.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * What a journal belongs to. A journal is continued only by a run with an equal header.
 *
 * @param release the release of astropool that evaluates
 * @param job the name of the job
 * @param model the name of the model
 * @param jobDigest of the parts of the job that results depend on
 * @param modelDigest of the model's options and data
 * @param points the number of points, at least 0; tasks are 0 to points - 1
 */
public record JournalHeader(
        String release, String job, String model, String jobDigest, String modelDigest, long points) {

    /** @throws IllegalArgumentException if {@code points} is negative */
    public JournalHeader {
        if (points < 0) {
            throw new IllegalArgumentException("a journal of " + points + " points; at least 0 are needed");
        }
    }

    /**
     * How this header differs from another, in the terms of the user, such as {@code its model is "a", not "b"}.
     *
     * @return one sentence a difference; empty if the two are equal
     */
    public List<String> differencesFrom(JournalHeader other) {
        List<String> differences = new ArrayList<>();
        compare("release", release, other.release, differences);
        compare("job", job, other.job, differences);
        compare("model", model, other.model, differences);
        if (!jobDigest.equals(other.jobDigest)) {
            differences.add("its seed, options, axes, fixed values or priors are different");
        }
        if (!modelDigest.equals(other.modelDigest)) {
            differences.add("its model's options or data files are different");
        }
        if (points != other.points) {
            differences.add("it has " + points + " points, not " + other.points);
        }
        return differences;
    }

    private static void compare(String name, String mine, String theirs, List<String> differences) {
        if (!mine.equals(theirs)) {
            differences.add("its " + name + " is \"" + mine + "\", not \"" + theirs + "\"");
        }
    }
}
