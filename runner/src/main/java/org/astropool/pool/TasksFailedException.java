package org.astropool.pool;

import java.util.List;
import org.astropool.task.Outcome;

/** Some tasks of a {@code map} failed; all the others were evaluated. */
public final class TasksFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 5;

    private final transient List<Outcome.Failed<?>> failures;

    TasksFailedException(List<Outcome.Failed<?>> failures, int tasks) {
        super(message(failures, tasks));
        this.failures = List.copyOf(failures);
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
}
