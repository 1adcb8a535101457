package org.astropool.internal.job.eval;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.astropool.internal.job.result.OutputColumns;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.pool.TaskFailedException;
import org.astropool.task.FailureKind;
import org.astropool.task.Output;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFailure;

/** The answer to a point, or to several points that were evaluated together, as a JSON object. Immutable. */
final class PointAnswer {
    /** Distinguishes a point that was not evaluated, because it is not a point of this job, from one that failed. */
    private static final String UNREADABLE = "unreadable";

    private static final int MOST_QUOTED = 500;

    private final List<Output> outputs;

    PointAnswer(List<Output> outputs) {
        this.outputs = outputs;
    }

    /** @param row the outputs of a point, as {@link PointBatch#rows} gives them */
    Map<String, Object> ok(Object row) {
        OutputColumns columns = columns(List.of(row));
        return ok(output -> value(columns, output, 0));
    }

    /** The same for several points, with a list for each output. */
    Map<String, Object> okTogether(List<Object> rows) {
        OutputColumns columns = columns(rows);
        return ok(output -> IntStream.range(0, rows.size())
                .mapToObj(point -> value(columns, output, point))
                .toList());
    }

    private OutputColumns columns(List<Object> rows) {
        OutputColumns columns = new OutputColumns(outputs, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            columns.set(i, rows.get(i));
        }
        return columns;
    }

    private Map<String, Object> ok(IntFunction<Object> valueOfOutput) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", PointStatus.OK.label());
        for (int i = 0; i < outputs.size(); i++) {
            answer.put(outputs.get(i).name(), valueOfOutput.apply(i));
        }
        return answer;
    }

    private static Object value(OutputColumns columns, int output, int point) {
        return switch (columns.output(output).type()) {
            case DOUBLE -> json(columns.number(output, point));
            case LONG -> columns.integer(output, point);
            case BOOLEAN -> columns.flag(output, point);
            case STRING -> columns.string(output, point);
            case DOUBLE_VECTOR ->
                Arrays.stream(columns.vector(output, point))
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
        String why = String.valueOf(e.getMessage()); // which may quote the line
        Map<String, Object> answer = failed(
                FailureKind.EXCEPTION.label(),
                "the point cannot be read: "
                        + (why.length() > MOST_QUOTED ? why.substring(0, MOST_QUOTED) + "..." : why),
                "");
        answer.put(UNREADABLE, true);
        return answer;
    }

    Map<String, Object> notFinite(String why) {
        return failed(FailureKind.NOT_A_NUMBER.label(), why, "");
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
            return failed(failure.kind().label(), failure.description(), failure.output());
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
