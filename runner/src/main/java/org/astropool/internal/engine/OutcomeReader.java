package org.astropool.internal.engine;

import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.text.ThrowableText;
import org.astropool.task.FailureKind;
import org.astropool.task.Outcome;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the outcomes of one arrival, in order, on the thread that wants them: deserialization runs code of the user.
 *
 * @param <R> type of the results
 */
final class OutcomeReader<R> {
    private static final int MAX_STACK_TRACE = 8_000;

    private final Call.Arrival arrival;
    private final Serialization serialization;
    private final boolean isShared;
    private int position;
    private int valuePosition;
    private byte[] exception = {};

    /** For the only one who reads these outcomes. */
    OutcomeReader(Call.Arrival arrival, Serialization serialization) {
        this(arrival, serialization, false);
    }

    /** @param isShared whether a journal has the outcomes, too, and so must not see what becomes of an array */
    OutcomeReader(Call.Arrival arrival, Serialization serialization, boolean isShared) {
        this.arrival = arrival;
        this.serialization = serialization;
        this.isShared = isShared;
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
        NoResult missing = outcomes.missing(position++);
        if (missing instanceof NoResult.Failed failed) {
            exception = failed.exception();
            return failed(index, execution, failed.failure());
        }
        if (missing instanceof NoResult.Skipped skipped) {
            return new Outcome.Skipped<>(index, execution, skipped.reason());
        }
        try {
            int position = valuePosition++;
            Object result = isShared
                    ? outcomes.values().get(position, serialization)
                    : outcomes.values().take(position, serialization);
            return new Outcome.Done<>(index, execution, (R) result);
        } catch (Throwable e) { // the result's own readObject may throw anything
            String message = "the result cannot be deserialized on the master: " + ThrowableText.message(e);
            String trace = ThrowableText.stackTrace(e, MAX_STACK_TRACE);
            return failed(
                    index,
                    execution,
                    TaskFailure.of(
                            FailureKind.EXCEPTION,
                            message,
                            new TaskFailure.Thrown(e.getClass().getName(), trace)));
        }
    }

    /** What the task threw whose failure {@link #next} returned last; null where the exception cannot be had here. */
    @Nullable
    Throwable exception() {
        try {
            return exception.length > 0 && serialization.read(exception) instanceof Throwable thrown ? thrown : null;
        } catch (Throwable e) { // its class may be missing here, or its readObject may throw anything
            return null;
        }
    }

    private Outcome<R> failed(long index, Outcome.Execution execution, TaskFailure failure) {
        return new Outcome.Failed<>(index, execution, failure.at(arrival.worker(), arrival.host(), arrival.attempt()));
    }
}
