package org.astropool.pool;

import java.util.Collections;
import java.util.List;
import org.astropool.task.Outcome;
import org.jspecify.annotations.Nullable;

/** Some tasks of a {@code map} failed; all the others were evaluated. Immutable. */
public final class TasksFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 5;

    private final transient List<Outcome.Failed<?>> failures;
    private final transient List<? extends @Nullable Object> results;

    TasksFailedException(List<Outcome.Failed<?>> failures, List<? extends @Nullable Object> results) {
        super(message(failures, results.size()));
        this.failures = List.copyOf(failures);
        this.results = Collections.unmodifiableList(results);
    }

    private static String message(List<Outcome.Failed<?>> failures, int tasks) {
        StringBuilder text =
                new StringBuilder().append(failures.size()).append(" of ").append(tasks);
        text.append(" tasks failed");
        for (Outcome.Failed<?> failed : failures.subList(0, Math.min(SHOWN, failures.size()))) {
            text.append("\n  task ").append(failed.index()).append(": ").append(failed.failure());
        }
        if (failures.size() > SHOWN) {
            text.append("\n  ...");
        }
        String trace = failures.get(0).failure().stackTrace();
        if (!trace.isEmpty()) {
            text.append("\nremote stack of the first:\n").append(trace);
        }
        return text.toString();
    }

    /** All failures, by index. */
    public List<Outcome.Failed<?>> failures() {
        return failures;
    }

    /**
     * The results of the tasks that did not fail, in the order of the inputs, so that they are not lost.
     *
     * @param <R> type of the results of the function that was mapped
     * @return the list that {@link Pool#map} would have returned; null for each task that failed or was skipped.
     *     Unmodifiable
     */
    @SuppressWarnings("unchecked") // the caller knows the type of its function
    public <R> List<@Nullable R> results() {
        return (List<@Nullable R>) results;
    }
}
