package org.astropool.internal.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the tasks of a chunk, in order.
 *
 * @param seconds how long each task took
 * @param missing null where the task is done; shorter than {@code seconds} (empty) when all are
 * @param values the results of the tasks that are done, in order
 */
public record OutcomeBlock(float[] seconds, List<@Nullable NoResult> missing, ValueBlock values) {
    private static final byte SKIPPED = -1;
    private static final byte DONE = -2;
    /** Before the code of a failure that has its exception. */
    private static final byte WITH_EXCEPTION = -3;

    private static final byte[] NO_EXCEPTION = {};
    private static final FailureKind[] KINDS = FailureKind.values();

    /** Number of tasks. */
    public int count() {
        return seconds.length;
    }

    /** Why a task has no result, or null when it is done. */
    public @Nullable NoResult missing(int task) {
        return missing.isEmpty() ? null : missing.get(task);
    }

    /** How many of the tasks before this one are done; that is where its value is, if it is done itself. */
    public int doneBefore(int task) {
        if (missing.isEmpty()) {
            return task;
        }
        int done = 0;
        for (int i = 0; i < task; i++) {
            if (missing.get(i) == null) {
                done++;
            }
        }
        return done;
    }

    /** Bytes of {@link #write}. */
    public long bytes() {
        long size = Integer.BYTES + (long) seconds.length * Float.BYTES + Byte.BYTES + values.bytes();
        for (NoResult one : missing) {
            size += Byte.BYTES;
            if (one != null) {
                for (String text : texts(one)) {
                    size += Wire.size(Wire.utf8(text));
                }
                size += hasException(one) ? Byte.BYTES + Wire.size(exception(one)) : 0;
            }
        }
        return size;
    }

    public void write(ByteBuffer out) {
        out.putInt(seconds.length);
        out.asFloatBuffer().put(seconds);
        out.position(out.position() + seconds.length * Float.BYTES);
        out.put((byte) (missing.isEmpty() ? 0 : 1));
        for (NoResult one : missing) {
            if (one == null) {
                out.put(DONE);
            } else {
                if (hasException(one)) {
                    out.put(WITH_EXCEPTION);
                }
                out.put(
                        one instanceof NoResult.Failed failed
                                ? (byte) failed.failure().kind().ordinal()
                                : SKIPPED);
                for (String text : texts(one)) {
                    Wire.put(out, Wire.utf8(text));
                }
                if (hasException(one)) {
                    Wire.put(out, exception(one));
                }
            }
        }
        values.write(out);
    }

    private static boolean hasException(NoResult one) {
        return exception(one).length > 0;
    }

    private static byte[] exception(NoResult one) {
        return one instanceof NoResult.Failed failed ? failed.exception() : NO_EXCEPTION;
    }

    /** The exception or "", the message or reason, and the stack trace or output or "". */
    private static String[] texts(NoResult one) {
        if (one instanceof NoResult.Failed failed) {
            TaskFailure failure = failed.failure();
            String trace = failure.exception().isEmpty() ? failure.output() : failure.stackTrace();
            return new String[] {failure.exception(), failure.message(), trace};
        }
        return new String[] {"", ((NoResult.Skipped) one).reason(), ""};
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
        List<@Nullable NoResult> missing = List.of();
        if (in.get() != 0) {
            missing = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                missing.add(readNoResult(in));
            }
        }
        return new OutcomeBlock(seconds, missing, ValueBlock.read(in));
    }

    private static @Nullable NoResult readNoResult(ByteBuffer in) {
        byte code = in.get();
        if (code == DONE) {
            return null;
        }
        boolean hasException = code == WITH_EXCEPTION;
        if (hasException) {
            code = in.get();
        }
        if (code != SKIPPED && (code < 0 || code >= KINDS.length)) {
            throw new ProtocolException("no outcome: kind " + code);
        }
        String exception = Wire.string(in);
        String message = Wire.string(in);
        String trace = Wire.string(in);
        if (code == SKIPPED) {
            return new NoResult.Skipped(message);
        }
        TaskFailure failure = exception.isEmpty()
                ? TaskFailure.ofProgram(KINDS[code], message, trace)
                : TaskFailure.of(KINDS[code], message, new TaskFailure.Thrown(exception, trace));
        return hasException ? new NoResult.Failed(failure, Wire.bytes(in)) : new NoResult.Failed(failure);
    }
}
