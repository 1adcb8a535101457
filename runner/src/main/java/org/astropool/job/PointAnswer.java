package org.astropool.job;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.astropool.pool.TaskFailedException;
import org.astropool.task.FailureKind;
import org.astropool.task.Output;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFailure;

/** What is said of a point, or of some that were evaluated together, as an object for JSON. Immutable. */
final class PointAnswer {
    private final List<Output> outputs;

    PointAnswer(List<Output> outputs) {
        this.outputs = outputs;
    }

    /** @param result of {@link org.astropool.task.PointFunction} at one point */
    Map<String, Object> ok(Object result) {
        OutputColumns row = new OutputColumns(outputs, 1);
        row.set(0, result);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", PointStatus.OK.label());
        for (int i = 0; i < outputs.size(); i++) {
            answer.put(outputs.get(i).name(), value(row, i, 0));
        }
        return answer;
    }

    /**
     * A list of each output.
     *
     * @param result of {@link org.astropool.task.PointFunction} at the points of the batch
     */
    Map<String, Object> ok(PointBatch batch, Object result) {
        OutputColumns rows = new OutputColumns(outputs, batch.size());
        int[] filled = {0};
        batch.rows(result, (index, row) -> rows.set(filled[0]++, row));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", PointStatus.OK.label());
        for (int i = 0; i < outputs.size(); i++) {
            int output = i;
            IntFunction<Object> value = point -> value(rows, output, point);
            answer.put(
                    outputs.get(i).name(),
                    IntStream.range(0, batch.size()).mapToObj(value).toList());
        }
        return answer;
    }

    private static Object value(OutputColumns rows, int output, int point) {
        return switch (rows.output(output).type()) {
            case DOUBLE -> json(rows.number(output, point));
            case LONG -> rows.integer(output, point);
            case BOOLEAN -> rows.flag(output, point);
            case STRING -> rows.string(output, point);
            case DOUBLE_VECTOR ->
                Arrays.stream(rows.vector(output, point))
                        .mapToObj(PointAnswer::json)
                        .toList();
        };
    }

    /** JSON has no infinite numbers. */
    private static Object json(double number) {
        if (Double.isFinite(number)) {
            return number;
        }
        return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }

    Map<String, Object> unreadable(Exception e) {
        return failed(FailureKind.EXCEPTION.label(), "the point cannot be read: " + e.getMessage(), "");
    }

    Map<String, Object> failed(Throwable cause) {
        if (cause instanceof SkippedException) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("status", PointStatus.SKIPPED.label());
            answer.put("message", String.valueOf(cause.getMessage()));
            return answer;
        }
        if (cause instanceof TaskFailedException task) {
            TaskFailure failure = task.failure();
            String message =
                    failure.exception().isEmpty() ? failure.message() : failure.exception() + ": " + failure.message();
            return failed(failure.kind().label(), message, failure.exception().isEmpty() ? failure.stackTrace() : "");
        }
        return failed(FailureKind.EXCEPTION.label(), cause.toString(), "");
    }

    private static Map<String, Object> failed(String kind, String message, String lastWords) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", PointStatus.FAILED.label());
        answer.put("kind", kind);
        answer.put("message", message);
        if (!lastWords.isEmpty()) {
            answer.put("stderr", lastWords);
        }
        return answer;
    }
}
