package org.astropool.internal.job.eval;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.plan.ProgramUse;
import org.astropool.internal.job.table.TextLines;
import org.astropool.internal.json.LineInput;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.RemoteFunction;
import org.astropool.task.Output;

/**
 * Evaluates the model of a job at points that arrive as lines of JSON, and writes a line for each. The workers keep
 * running, so that a sampler in another process can use them.
 */
public final class EvalSession {
    /** In characters; some hundred thousand points, so that one line cannot fill the memory. */
    static final int LONGEST_LINE = 1 << 26;

    private static final int BUFFER_BYTES = 1 << 16;

    private final EvaluationSpec spec;
    private final CallOptions options;
    private final PointReader reader;
    private final PointAnswer answer;
    private final boolean batchesTravel;
    private final boolean ordered;
    private final boolean byColumns;

    private EvalSession(Job job, EvaluationSpec spec, boolean ordered, boolean byColumns) {
        this.spec = spec;
        this.options = CallOptions.builder()
                .retries(job.run().retries())
                .seed(spec.seed())
                .timeout(job.run().timeout().orElse(Duration.ZERO))
                .build();
        this.reader = new PointReader(spec);
        this.answer = new PointAnswer(spec.outputs());
        this.batchesTravel = spec.outputs().stream().noneMatch(output -> output.type() == Output.Type.STRING);
        this.ordered = ordered;
        this.byColumns = byColumns;
    }

    /**
     * A session for the points of a job.
     *
     * @param ordered whether answers are written in the order of the points, or as they are completed
     * @param byColumns whether points that were evaluated together are answered together, by one line with a list of
     *     each output, if no point failed; by default each point has a line
     * @throws JobException when the job does not fit its model, or its program cannot be started
     */
    public static EvalSession of(Job job, boolean ordered, boolean byColumns) throws JobException {
        return new EvalSession(job, EvaluationSpec.of(job, ProgramUse.EVALUATE), ordered, byColumns);
    }

    /** What {@link #run} reads: UTF-8; lines with other bytes are answered like lines that cannot be read. */
    public static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, LineInput.decoder()), BUFFER_BYTES);
    }

    /**
     * Evaluates all lines up to the end of the input. A point is a list of numbers in the order of the axes, or an
     * object with the values by name; a list of points is a batch, which a model that evaluates batches receives in
     * pieces of its batch size. Points are numbered in their order, and each is answered; one that cannot be read is
     * answered like a point that failed, and so is a line that is not JSON, or is too long, as one point. When a point
     * of a batch fails, all of the batch are evaluated again, one by one. The model sees the number of a point, which
     * is that of its answer, and draws its random numbers by it.
     *
     * @throws PoolException when the pool is lost
     * @throws IOException when the input cannot be read, or the answers cannot be written; the remaining points are not
     *     evaluated then
     */
    public void run(Pool pool, BufferedReader in, PrintStream out) throws IOException, InterruptedException {
        AnswerLines answers = new AnswerLines(out, ordered);
        try (RemoteFunction<double[], Object> function = pool.batchFunction(spec.numberedPointFunction(), options)) {
            long count = 0;
            LineInput lines = new LineInput(in, LONGEST_LINE);
            for (String line = lines.next(); line != null && answers.end() == null; line = lines.next()) {
                String text = count == 0 ? TextLines.withoutMark(line) : line;
                if (lines.wasTooLong()) {
                    String why = "its line has more than " + LONGEST_LINE + " characters";
                    refuse(count++, new IllegalArgumentException(why), answers);
                } else if (!text.isBlank()) {
                    count += submitLine(function, count, text, answers);
                }
            }
            answers.awaitAll();
        }
        if (answers.end() instanceof PoolException lost) {
            throw lost;
        }
        if (answers.end() instanceof IOException unread) {
            throw unread;
        }
    }

    /** @return how many points are in the line */
    private int submitLine(RemoteFunction<double[], Object> function, long first, String line, AnswerLines answers)
            throws InterruptedException {
        List<?> batch;
        try {
            batch = reader.points(line);
        } catch (IllegalArgumentException e) {
            refuse(first, e, answers);
            return 1;
        }
        int together = batchesTravel ? Math.min(spec.batchSize(), AnswerLines.MOST_UNDER_WAY / 2) : 1;
        PointBatch gathered = new PointBatch(first);
        for (int i = 0; i < batch.size(); i++) {
            answers.begin();
            double[] point = null;
            try {
                point = reader.point(batch.get(i));
                String notFinite = reader.notFinite(point);
                if (notFinite == null) {
                    gathered.add(point);
                } else {
                    point = null;
                    answers.add(first + i, 1, answer.notFinite(notFinite));
                    answers.write();
                }
            } catch (IllegalArgumentException e) {
                answers.add(first + i, 1, answer.unreadable(e));
                answers.write(); // others may wait for its place
            }
            if (point == null || gathered.size() == together) {
                submit(function, gathered, answers);
                gathered = new PointBatch(first + i + 1);
            }
        }
        submit(function, gathered, answers);
        return batch.size();
    }

    private void refuse(long index, IllegalArgumentException why, AnswerLines answers) throws InterruptedException {
        answers.begin();
        answers.add(index, 1, answer.unreadable(why));
        answers.write();
    }

    private void submit(RemoteFunction<double[], Object> function, PointBatch batch, AnswerLines answers) {
        if (batch.size() == 0) {
            return;
        }
        function.submit(batch.input(), (result, cause) -> {
            if (cause instanceof PoolException lost) {
                answers.end(lost);
            } else if (cause == null) {
                addAll(batch, Objects.requireNonNull(result), answers);
            } else if (batch.size() == 1) {
                answers.add(batch.firstIndex(), 1, answer.failed(cause));
            } else { // in another thread, since this one may be needed for evaluation
                ForkJoinPool.commonPool()
                        .execute(() -> batch.singly().forEach(single -> submit(function, single, answers)));
            }
            answers.write();
        });
    }

    private void addAll(PointBatch batch, Object result, AnswerLines answers) {
        List<Object> rows = batch.rows(result);
        if (byColumns && rows.size() > 1) {
            answers.add(batch.firstIndex(), rows.size(), answer.okTogether(rows));
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            answers.add(batch.firstIndex() + i, 1, answer.ok(rows.get(i)));
        }
    }
}
