package org.astropool.internal.job;

import java.util.List;

/** A job cannot start: the job file, an option or the environment is wrong. Nothing was started or written. */
public final class JobException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** @param problems at least one; each names the subject, the problem, the limit and the next step */
    public JobException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    public JobException(String problem) {
        this(List.of(problem));
    }

    public List<String> problems() {
        return problems;
    }
}
