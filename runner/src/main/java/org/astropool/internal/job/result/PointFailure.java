package org.astropool.internal.job.result;

import java.util.Optional;
import org.astropool.task.Outcome;
import org.astropool.task.TaskFailure;

/**
 * Why a point has no outputs.
 *
 * @param index of the point
 * @param failure empty when the model does not apply to the point
 * @param reason why the model does not apply, or the message of the failure
 * @param host where the point failed, or ""
 * @param attempts how many times the point was executed
 */
public record PointFailure(long index, Optional<TaskFailure> failure, String reason, String host, int attempts) {

    static PointFailure of(Outcome.Failed<?> failed) {
        TaskFailure failure = failed.failure();
        return new PointFailure(
                failed.index(), Optional.of(failure), failure.message(), failure.host(), failure.attempts());
    }

    static PointFailure of(Outcome.Skipped<?> skipped) {
        Outcome.Execution execution = skipped.execution();
        return new PointFailure(
                skipped.index(), Optional.empty(), skipped.reason(), execution.host(), execution.attempt());
    }

    /** exception, timeout, not-a-number, worker-lost or skipped. */
    public String kind() {
        return failure.map(why -> why.kind().label()).orElse("skipped");
    }

    /** The last lines that a program wrote to its standard error; "" if there was none. */
    public String output() {
        return failure.map(TaskFailure::output).orElse("");
    }
}
