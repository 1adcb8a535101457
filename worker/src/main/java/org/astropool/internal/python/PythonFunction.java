package org.astropool.internal.python;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.internal.model.EvaluatedElsewhere;
import org.astropool.internal.python.PythonLostException.Why;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.Broadcast;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * A function of a script, which a worker process of Python evaluates. Inputs are requests: 16 bytes (the number of the
 * call, the time limit of an item in milliseconds or 0, the number of items), then the pickled items. Results are the
 * bytes of a {@link PythonAnswer}.
 *
 * <p>Each evaluation thread has a process of its own, which serves all functions of a script. If it is lost while it
 * evaluates several items, they are evaluated one by one, so that only the one that is to blame fails: after three
 * losses, or at once when it exceeded its time limit. Thread-safe.
 */
public final class PythonFunction implements BatchFunction<byte[], byte[]>, EvaluatedElsewhere {
    private static final long serialVersionUID = 1;
    private static final int HEADER = 16;
    private static final int MAX_LOSSES = 3;
    /** Half of the bytes that a pipe holds: neither end then waits for the other one to read. */
    private static final int MOST_BYTES_AHEAD = 1 << 15;

    private static final int MOST_REQUESTS_AHEAD = 64;
    private static final AtomicInteger SLOTS = new AtomicInteger();
    private static final ThreadLocal<Slot> SLOT = ThreadLocal.withInitial(Slot::new);

    private final PythonSettings settings;
    private final List<Broadcast<PythonObject>> initializer;
    private final List<Broadcast<PythonObject>> objects;

    /**
     * A function that needs objects at the worker process.
     *
     * @param initializer the object of the initializer, or none
     * @param objects the function, then the broadcast values that it may use
     */
    public PythonFunction(
            PythonSettings settings, List<Broadcast<PythonObject>> initializer, List<Broadcast<PythonObject>> objects) {
        this.settings = settings;
        this.initializer = List.copyOf(initializer);
        this.objects = List.copyOf(objects);
    }

    /** The process of an evaluation thread. */
    private static final class Slot {
        private final int number = SLOTS.getAndIncrement();
        private @Nullable PythonProcess process;
        private List<byte[]> expected = List.of();
        private long firstExpected;

        PythonProcess process(PythonFunction function, int worker) throws PythonLostException {
            PythonProcess known = process;
            if (known != null && known.settings().session() != function.settings.session()) {
                known.close();
                known = null;
            }
            if (known != null && !known.isUsable()) {
                known.kill();
                known = null;
            }
            if (known == null) {
                process = null;
                known = new PythonProcess(function.settings, values(function.initializer), worker + "." + number);
                process = known;
            }
            return known;
        }
    }

    private static List<PythonObject> values(List<Broadcast<PythonObject>> broadcasts) {
        return broadcasts.stream().map(Broadcast::value).toList();
    }

    /** Starts the process of this thread, if it has none: to find out whether that is possible. */
    public void start(int worker) throws Exception {
        SLOT.get().process(this, worker);
    }

    @Override
    public void expect(List<byte[]> inputs, long firstIndex) throws Exception {
        Slot slot = SLOT.get();
        slot.expected = inputs;
        slot.firstExpected = firstIndex;
        PythonProcess process = slot.process;
        if (process != null && process.isUsable()) {
            process.discardAnswers(); // of a chunk that was withdrawn
        }
    }

    @Override
    public void applyBatch(List<byte[]> inputs, BatchResults<byte[]> results, TaskContext context) throws Exception {
        byte[] request = inputs.get(0);
        ByteBuffer header = ByteBuffer.wrap(request, 0, HEADER);
        header.getLong();
        long millis = Integer.toUnsignedLong(header.getInt());
        int count = header.getInt();
        ByteBuffer items =
                ByteBuffer.wrap(request, HEADER, request.length - HEADER).slice();
        Slot slot = SLOT.get();
        PythonAnswer answer = new PythonAnswer();
        try {
            if (!evaluated(slot, items, 0, count, millis * count, count == 1 ? MAX_LOSSES : 1, answer, context)) {
                for (int i = 0; i < count; i++) {
                    evaluated(slot, items, i, i + 1, millis, MAX_LOSSES, answer, context);
                }
            }
        } catch (PythonLostException e) {
            results.failed(0, FailureKind.EXCEPTION, String.valueOf(e.getMessage()));
            return;
        }
        results.done(0, answer.bytes());
    }

    /**
     * Evaluates items.
     *
     * @return false when there are several, and their process was lost
     * @throws PythonLostException when no process can be started, or the task is cancelled
     */
    private boolean evaluated(
            Slot slot,
            ByteBuffer items,
            int from,
            int to,
            long millis,
            int losses,
            PythonAnswer answer,
            TaskContext context)
            throws PythonLostException {
        for (int loss = 1; ; loss++) {
            PythonProcess process = slot.process(this, context.worker());
            try {
                if (!process.isAsked(context.index())) {
                    process.send(context.index(), values(objects), items, from, to);
                }
                if (millis == 0) {
                    sendAhead(slot, process);
                }
                answer.answered(process.answer(millis));
                return true;
            } catch (PythonLostException e) {
                if (e.why() == Why.CANCELLED || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (to - from > 1) {
                    return false;
                }
                if (loss == losses || e.why() == Why.TIMED_OUT) {
                    answer.lost(e, loss, process.label());
                    return true;
                }
            }
        }
    }

    /** Small tasks take less time than the process and this thread need to wait for each other at each of them. */
    private void sendAhead(Slot slot, PythonProcess process) throws PythonLostException {
        List<byte[]> expected = slot.expected;
        while (process.unanswered() <= MOST_REQUESTS_AHEAD) {
            long next = process.lastAsked() + 1 - slot.firstExpected;
            if (next < 0 || next >= expected.size()) {
                return;
            }
            byte[] request = expected.get((int) next);
            ByteBuffer header = ByteBuffer.wrap(request, 0, HEADER);
            boolean hasLimit = header.getInt(Long.BYTES) != 0;
            if (hasLimit || process.unansweredBytes() + request.length > MOST_BYTES_AHEAD) {
                return;
            }
            int count = header.getInt(Long.BYTES + Integer.BYTES);
            ByteBuffer items = ByteBuffer.wrap(request, HEADER, request.length - HEADER);
            process.send(process.lastAsked() + 1, values(objects), items, 0, count);
        }
    }

    /** Has all processes of a session in this JVM free an object. */
    public static void forget(long session, long object) {
        PythonProcess.forget(session, object);
    }
}
