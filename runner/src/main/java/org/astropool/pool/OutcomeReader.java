package org.astropool.pool;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.astropool.protocol.OutcomeBlock;
import org.astropool.protocol.OutcomeBlock.Problem;
import org.astropool.protocol.Serialization;
import org.astropool.task.FailureKind;
import org.astropool.task.Outcome;
import org.astropool.task.TaskFailure;

/**
 * Unpacks the outcomes of one arrival, in order, on the thread that wants them: deserialization runs code of the user.
 *
 * @param <R> type of the results
 */
final class OutcomeReader<R> {
    private final Call.Arrival arrival;
    private final Serialization serialization;
    private int position;
    private int valuePosition;

    OutcomeReader(Call.Arrival arrival, Serialization serialization) {
        this.arrival = arrival;
        this.serialization = serialization;
        this.position = arrival.from();
        this.valuePosition = arrival.outcomes().doneBefore(position);
    }

    long firstTask() {
        return arrival.firstTask();
    }

    int count() {
        return arrival.count();
    }

    boolean hasNext() {
        return position < arrival.to();
    }

    @SuppressWarnings("unchecked") // the function that was sent gives results of this type
    Outcome<R> next() {
        OutcomeBlock outcomes = arrival.outcomes();
        long index = arrival.firstTask() + position - arrival.from();
        Outcome.Execution execution = new Outcome.Execution(
                arrival.attempt(), arrival.worker(), arrival.host(), outcomes.seconds()[position]);
        Problem problem = outcomes.problem(position++);
        if (problem == null) {
            try {
                return new Outcome.Done<>(
                        index, execution, (R) outcomes.values().get(valuePosition++, serialization));
            } catch (Exception | LinkageError e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace, true));
                String message = "the result cannot be deserialized on the master: " + e.getMessage();
                return failed(
                        index,
                        execution,
                        new Problem(FailureKind.EXCEPTION, e.getClass().getName(), message, trace.toString()),
                        FailureKind.EXCEPTION);
            }
        }
        FailureKind kind = problem.kind();
        return kind == null
                ? new Outcome.Skipped<>(index, execution, problem.message())
                : failed(index, execution, problem, kind);
    }

    private Outcome<R> failed(long index, Outcome.Execution execution, Problem problem, FailureKind kind) {
        return new Outcome.Failed<>(
                index,
                execution,
                new TaskFailure(
                        kind,
                        problem.exception(),
                        problem.message(),
                        problem.stackTrace(),
                        arrival.worker(),
                        arrival.host(),
                        arrival.attempt()));
    }
}
