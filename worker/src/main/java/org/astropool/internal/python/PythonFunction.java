package org.astropool.internal.python;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.astropool.internal.model.EvaluatedElsewhere;
import org.astropool.internal.python.PythonLostException.Why;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.Broadcast;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskContext;

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

    private static List<PythonObject> values(List<Broadcast<PythonObject>> broadcasts) {
        return broadcasts.stream().map(Broadcast::value).toList();
    }

    private PythonProcess process(PythonSlot slot, int worker) throws PythonLostException {
        return slot.process(settings, values(initializer), worker);
    }

    /** Starts the process of this thread, if it has none: to find out whether that is possible. */
    public void start(int worker) throws Exception {
        process(PythonSlot.ofThread(), worker);
    }

    @Override
    public void expect(List<byte[]> inputs, long firstIndex) throws Exception {
        PythonSlot slot = PythonSlot.ofThread();
        slot.lock();
        try {
            slot.expect(inputs, firstIndex);
        } finally {
            slot.unlock();
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
        PythonSlot slot = PythonSlot.ofThread();
        PythonAnswer answer = new PythonAnswer();
        slot.lock();
        try {
            if (!evaluated(slot, items, 0, count, millis * count, count == 1 ? MAX_LOSSES : 1, answer, true, context)) {
                for (int i = 0; i < count; i++) {
                    evaluated(slot, items, i, i + 1, millis, MAX_LOSSES, answer, false, context);
                }
            }
        } catch (PythonLostException e) {
            results.failed(0, FailureKind.EXCEPTION, String.valueOf(e.getMessage()));
            return;
        } finally {
            slot.unlock();
        }
        results.done(0, answer.bytes());
    }

    /**
     * Evaluates items.
     *
     * @param isWhole whether these are all items of the request
     * @return false when there are several, and their process was lost
     * @throws PythonLostException when no process can be started, or the task is cancelled
     */
    private boolean evaluated(
            PythonSlot slot,
            ByteBuffer items,
            int from,
            int to,
            long millis,
            int losses,
            PythonAnswer answer,
            boolean isWhole,
            TaskContext context)
            throws PythonLostException {
        for (int loss = 1; ; loss++) {
            PythonProcess process = process(slot, context.worker());
            process.discardUntil(context.index());
            if (!process.isUsable()) {
                process = process(slot, context.worker());
            }
            try {
                if (!process.isAsked(context.index())) {
                    process.send(context.index(), values(objects), items, from, to);
                }
                if (millis == 0 && isWhole) { // the answer to one sent ahead would come before that to the next item
                    sendAhead(slot, process);
                }
                Frame done = process.answer(millis);
                if (done.count() != to - from) { // of another request, and so would be those that follow
                    process.kill();
                    throw new IllegalStateException(
                            "an answer of " + done.count() + " results to " + (to - from) + " items");
                }
                answer.answered(done);
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
    private void sendAhead(PythonSlot slot, PythonProcess process) throws PythonLostException {
        while (process.unanswered() <= MOST_REQUESTS_AHEAD) {
            byte[] request = slot.expected(process.lastAsked() + 1);
            if (request == null) {
                return;
            }
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

    /**
     * Evaluates a request of one item once in each process of this JVM, at the same time. Those that do not exist yet
     * are started; those that evaluate a task do so first.
     *
     * @param processes how many there are, or more
     * @return the bytes of an answer with one part for each process
     */
    public byte[] everywhere(int worker, int processes, byte[] request) throws InterruptedException {
        ByteBuffer items =
                ByteBuffer.wrap(request, HEADER, request.length - HEADER).slice();
        List<PythonSlot> slots = PythonSlot.all(processes);
        ExecutorService threads = Executors.newFixedThreadPool(slots.size(), PythonFunction::helper);
        try {
            List<Callable<byte[]>> each = new ArrayList<>();
            for (PythonSlot slot : slots) {
                each.add(() -> evaluatedOnce(slot, worker, items.duplicate()));
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Future<byte[]> one : threads.invokeAll(each)) {
                all.writeBytes(one.get());
            }
            return all.toByteArray();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Thread helper(Runnable work) {
        Thread thread = new Thread(work, "astropool-python-everywhere");
        thread.setDaemon(true);
        return thread;
    }

    private byte[] evaluatedOnce(PythonSlot slot, int worker, ByteBuffer items) throws InterruptedException {
        PythonAnswer answer = new PythonAnswer();
        slot.lockInterruptibly();
        try {
            answer.answered(process(slot, worker).ask(values(objects), items));
        } catch (PythonLostException e) {
            answer.lost(e, 1, "");
        } finally {
            slot.unlock();
        }
        return answer.bytes();
    }

    /** The bytes of an answer of {@link #everywhere} for a worker that was lost. */
    public static byte[] notEvaluated(String message, String worker) {
        PythonAnswer answer = new PythonAnswer();
        answer.lost(message, worker);
        return answer.bytes();
    }

    /** Has all processes of a session in this JVM free an object. */
    public static void forget(long session, long object) {
        PythonProcess.forget(session, object);
    }
}
