package org.astropool.task;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes the outcomes of points that are evaluated together, and makes one of them. */
final class JoinedResults implements BatchResults<Object> {
    private final double[][] rows;
    private @Nullable Failure failure;

    private record Failure(FailureKind kind, String message, String lastWords) {}

    JoinedResults(int points) {
        this.rows = new double[points][];
    }

    @Override
    public void done(int i, @Nullable Object result) {
        if (result instanceof double[] numbers) {
            rows[i] = numbers;
        } else {
            failed(i, FailureKind.EXCEPTION, "outputs that are strings have no place in a batch");
        }
    }

    @Override
    public void failed(int i, FailureKind kind, String message) {
        failed(i, kind, message, "");
    }

    @Override
    public void failed(int i, FailureKind kind, String message, String lastWords) {
        if (failure == null) {
            failure = new Failure(kind, "point " + i + " of " + rows.length + ": " + message, lastWords);
        }
    }

    @Override
    public void skipped(int i, String reason) {
        failed(i, FailureKind.EXCEPTION, "skipped: " + reason);
    }

    /** @param i the position of all these points, as one task, in another batch */
    void report(int i, BatchResults<Object> results) {
        Failure first = failure;
        if (first == null) {
            results.done(i, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
        } else {
            results.failed(i, first.kind, first.message, first.lastWords);
        }
    }
}
