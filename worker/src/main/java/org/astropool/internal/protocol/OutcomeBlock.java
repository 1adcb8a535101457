package org.astropool.internal.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.text.CutText;
import org.astropool.task.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the tasks of a chunk, in order.
 *
 * @param seconds how long each task took
 * @param problems null where the task is done; shorter than {@code seconds} (empty) when all are
 * @param values the results of the tasks that are done, in order
 */
public record OutcomeBlock(float[] seconds, List<@Nullable Problem> problems, ValueBlock values) {
    private static final byte SKIPPED = -1;
    private static final byte DONE = -2;
    private static final FailureKind[] KINDS = FailureKind.values();

    /**
     * Why a task has no result. Longer texts than the limits here lose their middle, wherever they come from: the
     * message of an exception may have a megabyte, and every point may have one.
     *
     * @param kind null when the task was skipped
     * @param exception class name, or ""
     * @param message what it said, or the reason of the skip
     * @param stackTrace text, or ""
     */
    public record Problem(@Nullable FailureKind kind, String exception, String message, String stackTrace) {
        /** Characters of a message, and of the name of an exception. */
        public static final int MAX_MESSAGE = 4_000;
        /** Characters of a stack trace, or of last words. */
        public static final int MAX_STACK_TRACE = 9_000;

        public Problem {
            exception = CutText.of(exception, MAX_MESSAGE);
            message = CutText.of(message, MAX_MESSAGE);
            stackTrace = CutText.of(stackTrace, MAX_STACK_TRACE);
        }

        public static Problem skipped(String reason) {
            return new Problem(null, "", reason, "");
        }
    }

    /** Number of tasks. */
    public int count() {
        return seconds.length;
    }

    /** The problem of a task, or null when it is done. */
    public @Nullable Problem problem(int task) {
        return problems.isEmpty() ? null : problems.get(task);
    }

    /** How many of the tasks before this one are done; that is where its value is, if it is done itself. */
    public int doneBefore(int task) {
        if (problems.isEmpty()) {
            return task;
        }
        int done = 0;
        for (int i = 0; i < task; i++) {
            if (problems.get(i) == null) {
                done++;
            }
        }
        return done;
    }

    /** Bytes of {@link #write}. */
    public long bytes() {
        long size = Integer.BYTES + (long) seconds.length * Float.BYTES + Byte.BYTES + values.bytes();
        for (Problem problem : problems) {
            size += Byte.BYTES;
            if (problem != null) {
                size += Wire.size(Wire.utf8(problem.exception()))
                        + Wire.size(Wire.utf8(problem.message()))
                        + Wire.size(Wire.utf8(problem.stackTrace()));
            }
        }
        return size;
    }

    public void write(ByteBuffer out) {
        out.putInt(seconds.length);
        out.asFloatBuffer().put(seconds);
        out.position(out.position() + seconds.length * Float.BYTES);
        out.put((byte) (problems.isEmpty() ? 0 : 1));
        for (Problem problem : problems) {
            if (problem == null) {
                out.put(DONE);
            } else {
                FailureKind kind = problem.kind();
                out.put(kind == null ? SKIPPED : (byte) kind.ordinal());
                Wire.put(out, Wire.utf8(problem.exception()));
                Wire.put(out, Wire.utf8(problem.message()));
                Wire.put(out, Wire.utf8(problem.stackTrace()));
            }
        }
        values.write(out);
    }

    /** @throws ProtocolException when these are no outcomes */
    public static OutcomeBlock read(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / Float.BYTES) {
            throw new ProtocolException(count + " outcomes in a frame with " + in.remaining() + " bytes left");
        }
        float[] seconds = new float[count];
        in.asFloatBuffer().get(seconds);
        in.position(in.position() + count * Float.BYTES);
        List<@Nullable Problem> problems = List.of();
        if (in.get() != 0) {
            problems = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                problems.add(readProblem(in));
            }
        }
        return new OutcomeBlock(seconds, problems, ValueBlock.read(in));
    }

    private static @Nullable Problem readProblem(ByteBuffer in) {
        byte code = in.get();
        if (code == DONE) {
            return null;
        }
        if (code != SKIPPED && (code < 0 || code >= KINDS.length)) {
            throw new ProtocolException("no outcome: kind " + code);
        }
        FailureKind kind = code == SKIPPED ? null : KINDS[code];
        return new Problem(kind, Wire.string(in), Wire.string(in), Wire.string(in));
    }
}
