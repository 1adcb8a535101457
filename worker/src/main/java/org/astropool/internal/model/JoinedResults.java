package org.astropool.internal.model;

import java.util.Arrays;
import java.util.stream.Stream;
import org.astropool.task.BatchResults;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * Takes the outcomes of points that are evaluated together, and combines them to one. The outcome of a single point is
 * kept as it is.
 */
final class JoinedResults implements BatchResults<Object> {
    private final @Nullable Object[] rows;
    private @Nullable TaskFailure failure;
    private @Nullable String skipReason;

    JoinedResults(int points) {
        this.rows = new Object[points];
    }

    @Override
    public void done(int i, @Nullable Object result) {
        if (rows.length > 1 && !(result instanceof double[])) {
            failed(i, FailureKind.EXCEPTION, "outputs that are strings have no place in a batch");
        }
        rows[i] = result;
    }

    @Override
    public void failed(int i, TaskFailure why) {
        if (failure == null) {
            failure = rows.length == 1
                    ? why
                    : why.withMessage("point " + i + " of " + rows.length + ": " + why.message());
        }
    }

    @Override
    public void skipped(int i, String reason) {
        if (rows.length == 1) {
            skipReason = reason;
        } else {
            failed(i, FailureKind.EXCEPTION, "skipped: " + reason);
        }
    }

    /** @param i the position of all these points, as one task, in another batch */
    void report(int i, BatchResults<Object> results) {
        if (failure != null) {
            results.failed(i, failure);
        } else if (skipReason != null) {
            results.skipped(i, skipReason);
        } else if (rows.length == 1) {
            results.done(i, rows[0]);
        } else {
            results.done(
                    i,
                    Stream.of(rows)
                            .flatMapToDouble(row -> Arrays.stream((double[]) row))
                            .toArray());
        }
    }
}
