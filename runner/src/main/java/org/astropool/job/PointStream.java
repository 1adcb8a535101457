package org.astropool.job;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.RemoteFunction;
import org.astropool.pool.TaskFailedException;
import org.astropool.task.FailureKind;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the model of a job at points that come as lines of JSON, and writes a line for each. The workers stay, so a
 * sampler in another process can drive them.
 */
public final class PointStream {
    /** So many points at most are under way: a program that only writes is slowed down, and no memory fills up. */
    private static final int MOST_UNDER_WAY = 1 << 14;

    private final PointsSpec spec;
    private final CallOptions options;
    private final List<String> names;
    private final List<String> axes;
    private final boolean batchesTravel;

    private record Line(long index, String text) {}

    private PointStream(Job job, PointsSpec spec) {
        this.spec = spec;
        CallOptions calls = CallOptions.defaults().retries(job.run().retries()).seed(spec.seed());
        this.options = job.run().timeout().map(calls::timeout).orElse(calls);
        this.names = spec.parameters().stream().map(Parameter::name).toList();
        this.axes = spec.points().names();
        this.batchesTravel = spec.outputs().stream().noneMatch(output -> output.type() == Output.Type.STRING);
    }

    /** @throws JobException when the job does not fit its model, or its program cannot be started */
    public static PointStream of(Job job) throws JobException {
        return new PointStream(job, PointsSpec.of(job));
    }

    /**
     * Evaluates all lines up to the end of the input. A point is a list of numbers in the order of the axes, or an object
     * with the values by name; a list of points is a batch, which a model that evaluates batches gets whole, cut into pieces
     * of its batch size. Points are numbered in their order, and each is answered; one that cannot be read is answered like
     * a point that failed, and so is a line that is no JSON, as one point. When a point of a batch fails, all of the batch
     * are evaluated again, one by one.
     *
     * @param ordered whether answers come in the order of the points, or as they are completed
     * @throws PoolException when the pool is lost
     */
    public void run(Pool pool, BufferedReader in, PrintStream out, boolean ordered)
            throws IOException, InterruptedException {
        Answers answers = new Answers(out, ordered);
        try (RemoteFunction<double[], Object> function = pool.batchFunction(spec.pointFunction(), options)) {
            long count = 0;
            for (String line = in.readLine(); line != null && answers.lost == null; line = in.readLine()) {
                if (!line.isBlank()) {
                    count += submitLine(function, count, line, answers);
                }
            }
            answers.awaitAll();
        }
        if (answers.lost != null) {
            throw answers.lost;
        }
    }

    /** @return how many points are in the line */
    private int submitLine(RemoteFunction<double[], Object> function, long first, String line, Answers answers)
            throws InterruptedException {
        List<?> batch;
        try {
            Object json = JsonParser.any().from(line);
            batch = isBatch(json) ? (JsonArray) json : Collections.singletonList(json);
        } catch (JsonParserException e) {
            answers.begin();
            answers.add(first, unreadable(e));
            answers.write();
            return 1;
        }
        int together = batchesTravel ? Math.min(spec.batchSize(), MOST_UNDER_WAY / 2) : 1;
        PointBatch gathered = new PointBatch();
        for (int i = 0; i < batch.size(); i++) {
            answers.begin();
            try {
                gathered.add(first + i, point(batch.get(i)));
            } catch (IllegalArgumentException e) {
                answers.add(first + i, unreadable(e));
                answers.write(); // others may wait for its place
            }
            if (gathered.size() == together) {
                submit(function, gathered, answers);
                gathered = new PointBatch();
            }
        }
        if (gathered.size() > 0) {
            submit(function, gathered, answers);
        }
        return batch.size();
    }

    private static boolean isBatch(@Nullable Object json) {
        return json instanceof JsonArray list
                && list.stream().allMatch(element -> element instanceof JsonArray || element instanceof JsonObject)
                && !list.isEmpty();
    }

    private static Map<String, Object> unreadable(Exception e) {
        return failed(FailureKind.EXCEPTION.label(), "the point cannot be read: " + e.getMessage(), "");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold is an answer by then
    private void submit(RemoteFunction<double[], Object> function, PointBatch batch, Answers answers) {
        function.submit(batch.input()).whenComplete((result, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof PoolException lost) {
                answers.end(lost);
            } else if (cause == null) {
                batch.rows(Objects.requireNonNull(result), (index, row) -> answers.add(index, ok(row)));
            } else if (batch.size() == 1) {
                answers.add(batch.index(0), failed(cause));
            } else {
                batch.singly().forEach(single -> submit(function, single, answers));
            }
            answers.write();
        });
    }

    private double[] point(@Nullable Object json) {
        Map<String, Double> values = new LinkedHashMap<>(spec.fixed());
        if (json instanceof JsonArray list) {
            if (list.size() != axes.size()) {
                throw new IllegalArgumentException(list.size() + " values, expected one for each of " + axes);
            }
            for (int i = 0; i < axes.size(); i++) {
                values.put(axes.get(i), number(axes.get(i), list.get(i)));
            }
        } else if (json instanceof JsonObject object) {
            object.forEach((name, value) -> values.put(name, number(name, value)));
        } else {
            throw new IllegalArgumentException("expected a list of numbers, or an object with numbers by name");
        }
        double[] point = new double[names.size()];
        for (int i = 0; i < point.length; i++) {
            Double value = values.remove(names.get(i));
            if (value == null) {
                throw new IllegalArgumentException("no value for the parameter " + names.get(i));
            }
            point[i] = value;
        }
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("there is no parameter " + values.keySet() + ", only " + names);
        }
        return point;
    }

    private static double number(String name, @Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(name + " is " + value + ", not a number");
    }

    private Map<String, Object> ok(Object result) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", PointStatus.OK.label());
        List<Output> outputs = spec.outputs();
        OutputColumns row = new OutputColumns(outputs, 1);
        row.set(0, result);
        for (int i = 0; i < outputs.size(); i++) {
            answer.put(
                    outputs.get(i).name(),
                    switch (outputs.get(i).type()) {
                        case DOUBLE -> json(row.number(i, 0));
                        case LONG -> row.integer(i, 0);
                        case BOOLEAN -> row.flag(i, 0);
                        case STRING -> row.string(i, 0);
                        case DOUBLE_VECTOR ->
                            Arrays.stream(row.vector(i, 0))
                                    .mapToObj(PointStream::json)
                                    .toList();
                    });
        }
        return answer;
    }

    /** JSON has no infinite numbers. */
    private static Object json(double number) {
        if (Double.isFinite(number)) {
            return number;
        }
        return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }

    private static Map<String, Object> failed(Throwable cause) {
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

    /**
     * Lines on their way out. Who adds one writes it, and what others add meanwhile: a thread for that would have to be woken
     * up. Slow readers hold up at most one of those that complete futures.
     */
    private static final class Answers {
        private final PrintStream out;
        private final boolean ordered;
        private final Queue<Line> queue = new ConcurrentLinkedQueue<>();
        private final ReentrantLock writing = new ReentrantLock();
        private final Map<Long, String> early = new TreeMap<>();
        private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
        private long next;
        private volatile @Nullable PoolException lost;

        Answers(PrintStream out, boolean ordered) {
            this.out = out;
            this.ordered = ordered;
        }

        void add(long index, Map<String, Object> answer) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("index", index);
            line.putAll(answer);
            queue.add(new Line(index, JsonWriter.string(line)));
        }

        /** Waits until there is room for one more point. */
        void begin() throws InterruptedException {
            underWay.acquire();
        }

        void end(PoolException cause) {
            lost = cause;
            underWay.release(MOST_UNDER_WAY);
        }

        void awaitAll() throws InterruptedException {
            if (lost == null) {
                underWay.acquire(MOST_UNDER_WAY); // each answer has given back its own
            }
            writing.lock();
            try {
                out.flush();
            } finally {
                writing.unlock();
            }
        }

        /** Writes what was added, unless another thread does. */
        void write() {
            while (!queue.isEmpty() && writing.tryLock()) {
                try {
                    for (Line line = queue.poll(); line != null; line = queue.poll()) {
                        write(line);
                    }
                    out.flush();
                } finally {
                    writing.unlock();
                }
            }
        }

        private void write(Line line) {
            if (ordered) {
                early.put(line.index, line.text);
                for (String text = early.remove(next); text != null; text = early.remove(next)) {
                    out.println(text);
                    underWay.release();
                    next++;
                }
            } else {
                out.println(line.text);
                underWay.release();
            }
        }
    }
}
