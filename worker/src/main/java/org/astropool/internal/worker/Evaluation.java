package org.astropool.internal.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.astropool.internal.model.ProgramLostException;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.text.ThrowableText;
import org.astropool.internal.transport.FrameTooLargeException;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.FailureKind;
import org.astropool.task.ProgramException;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * A chunk while it is evaluated by one thread.
 *
 * <p>A task that hangs past its deadline is interrupted, and when that does not help its thread is abandoned and
 * another one continues with a copy of the state reached so far ({@link #withoutHungTask}). A copy, because the
 * abandoned thread may resume at any time and must then write into arrays that are not read any more.
 */
final class Evaluation {
    private static final int MAX_STACK_TRACE = 8_000;
    private static final int MAX_EXCEPTION = 64 << 10;
    /** As often as the scheduler retries a task whose workers are lost. */
    private static final int MAX_LOST_PROGRAMS = 3;

    private final Message.Chunk chunk;
    private final DefinedCall call;
    private final int worker;
    /** Snapshots: a task may return the same array again and again. */
    private final @Nullable Object[] results;

    private final @Nullable NoResult[] missing;
    private final float[] seconds;
    private boolean prepared = true;
    private long preparingNanos;
    private long startNanos;

    /** Tasks below this position have their outcome; written by the evaluating thread, read when it hangs. */
    private volatile int reached;
    /** Tasks below this position are evaluated one by one, since their batch threw or hung. */
    private int singlyBelow;

    private volatile boolean cancelled;
    /** Positions of tasks that are not needed any more; null when there are none. */
    private volatile @Nullable Set<Integer> unwanted;
    /**
     * Whether a cancellation has interrupted, or is about to interrupt, the current task. Written before
     * {@link #reached} is read, and read after {@link #reached} is written, so that the next task does not see the
     * interrupt.
     */
    private volatile boolean interrupted;

    // Guarded by this: the thread may be interrupted only while it evaluates tasks.
    private @Nullable Thread thread;
    private boolean timed;
    private long deadlineNanos;
    private boolean expired;

    Evaluation(Message.Chunk chunk, DefinedCall call, int worker) {
        this(chunk, call, worker, new Object[chunk.count()], new NoResult[chunk.count()], new float[chunk.count()]);
    }

    private Evaluation(
            Message.Chunk chunk,
            DefinedCall call,
            int worker,
            @Nullable Object[] results,
            @Nullable NoResult[] missing,
            float[] seconds) {
        this.chunk = chunk;
        this.call = call;
        this.worker = worker;
        this.results = results;
        this.missing = missing;
        this.seconds = seconds;
    }

    long chunkNumber() {
        return chunk.chunk();
    }

    int attempt() {
        return chunk.attempt();
    }

    int worker() {
        return worker;
    }

    ClassLoader loader() {
        return call.loader();
    }

    long seed() {
        return call.definition.seed();
    }

    boolean isElsewhere() {
        return call.isElsewhere();
    }

    boolean isCancelled(long task) {
        return cancelled || isUnwanted((int) (task - chunk.firstTask()));
    }

    private boolean isUnwanted(int position) {
        Set<Integer> positions = unwanted;
        return positions != null && positions.contains(position);
    }

    /** The chunk is not needed any more: its current task is interrupted, the others are not begun. */
    synchronized void cancel() {
        cancelled = true;
        if (thread != null) {
            interrupted = true;
            thread.interrupt();
        }
    }

    /**
     * A task is not needed any more, and is not begun.
     *
     * @param interrupt whether to interrupt it if it has begun
     */
    synchronized void cancel(long task, boolean interrupt) {
        int position = (int) (task - chunk.firstTask());
        if (unwanted == null) {
            unwanted = ConcurrentHashMap.newKeySet();
        }
        unwanted.add(position);
        if (interrupt && thread != null && !interrupted) {
            interrupted = true;
            if (reached == position) {
                thread.interrupt();
            } else {
                interrupted = false;
            }
        }
    }

    private synchronized void enter() {
        thread = Thread.currentThread();
    }

    private synchronized void leave() {
        thread = null;
        forgetInterrupt();
    }

    /** An interrupt that was meant for a task that has ended must not reach the next one. */
    private synchronized void forgetInterrupt() {
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
    }

    /** Evaluates the rest of the chunk. Returns early when it was cancelled. */
    void run() {
        long preparing = System.nanoTime();
        DefinedCall.Prepared function =
                call.prepared(new ChunkInputs(chunk, call, reached, chunk.count()), chunk.firstTask() + reached);
        prepared = function.isUsable();
        ChunkInputs inputs = new ChunkInputs(chunk, call, reached, reached);
        long begin = System.nanoTime();
        preparingNanos = begin - preparing;
        startNanos = begin;
        enter();
        try {
            evaluateAll(function.function(), inputs, begin);
        } finally {
            leave();
        }
    }

    private void evaluateAll(BatchFunction<Object, Object> function, ChunkInputs inputs, long firstBegin) {
        long begin = firstBegin;
        while (reached < chunk.count() && !cancelled) {
            int from = reached;
            int to = from < singlyBelow ? from + 1 : endOfBatch(from);
            if (isUnwanted(from) || evaluate(function, inputs, from, to)) {
                long end = System.nanoTime();
                Arrays.fill(seconds, from, to, (end - begin) * 1e-9f / (to - from));
                begin = end;
                if (isUnwanted(from)) {
                    skip(from);
                }
                reached = to;
                if (interrupted) {
                    forgetInterrupt();
                }
            } else {
                singlyBelow = to;
            }
        }
    }

    private void skip(int position) {
        results[position] = null;
        missing[position] = new NoResult.Skipped("cancelled");
    }

    private int endOfBatch(int from) {
        int batch = call.definition.batch();
        if (batch == 1) {
            return from + 1;
        }
        long intoBatch = (chunk.firstTask() + from) % batch;
        return (int) Math.min(chunk.count(), from + batch - intoBatch);
    }

    /** Returns false when a batch of several threw, so that its tasks are to be evaluated one by one. */
    private boolean evaluate(BatchFunction<Object, Object> function, ChunkInputs inputs, int from, int to) {
        boolean alone = to - from == 1;
        Block block = new Block(from, to);
        for (int lost = 1; ; lost++) {
            Throwable thrown = prepare(function);
            boolean late = false;
            if (thrown == null) {
                begin(to - from);
                thrown = apply(function, inputs, block);
                late = end();
            }
            if (thrown == null && !late) {
                block.failWhatIsUnset();
                return true;
            }
            if (!alone) {
                block.forget();
                return false;
            }
            boolean mayTryAgain = thrown instanceof ProgramLostException && !call.takesInputs();
            if (late || !mayTryAgain || lost == MAX_LOST_PROGRAMS || cancelled || isUnwanted(from)) {
                results[from] = null;
                missing[from] = late ? timedOut(thrown) : withException(missing(thrown), thrown);
                return true;
            }
        }
    }

    /** Restoring what an evaluation has broken takes time, which does not count towards a timeout. */
    private static @Nullable Throwable prepare(BatchFunction<Object, Object> function) {
        try {
            function.prepare();
            return null;
        } catch (Throwable t) { // as below
            return t;
        }
    }

    private @Nullable Throwable apply(BatchFunction<Object, Object> function, ChunkInputs inputs, Block block) {
        try {
            inputs.moveTo(block.from, block.from + block.isSet.length);
            function.applyBatch(inputs, block, new EvaluatedTask(this, chunk.firstTask() + block.from));
            return null;
        } catch (Throwable t) { // errors, too: a StackOverflowError or a missing class at one point must not end this
            // thread
            return t;
        }
    }

    private static NoResult missing(@Nullable Throwable thrown) {
        if (thrown == null) {
            return new NoResult.Failed(TaskFailure.of(FailureKind.EXCEPTION, ""));
        }
        if (thrown instanceof ChunkInputs.WithdrawnException) {
            return new NoResult.Skipped("withdrawn");
        }
        if (thrown instanceof SkippedException) {
            return new NoResult.Skipped(String.valueOf(thrown.getMessage()));
        }
        if (thrown instanceof ProgramException program) {
            try {
                return new NoResult.Failed(program.failure());
            } catch (Throwable t) { // a class of the user's, with methods of its own
                return exception(program);
            }
        }
        return exception(thrown);
    }

    /** With the exception itself, where the call wants it and it can be sent. */
    private NoResult withException(NoResult missing, @Nullable Throwable thrown) {
        if (call.definition.exceptions() && thrown != null && missing instanceof NoResult.Failed failed) {
            try {
                byte[] exception = Serialization.write(thrown);
                return exception.length > MAX_EXCEPTION ? missing : new NoResult.Failed(failed.failure(), exception);
            } catch (UnserializableException e) {
                return missing; // its class, message and stack trace are sent in any case
            }
        }
        return missing;
    }

    private static NoResult exception(Throwable thrown) {
        return new NoResult.Failed(TaskFailure.of(
                FailureKind.EXCEPTION,
                ThrowableText.message(thrown),
                new TaskFailure.Thrown(
                        thrown.getClass().getName(), ThrowableText.stackTrace(thrown, MAX_STACK_TRACE))));
    }

    private NoResult timedOut(@Nullable Throwable thrown) {
        return new NoResult.Failed(TaskFailure.ofProgram(
                FailureKind.TIMEOUT,
                "took longer than the timeout of " + call.definition.timeoutNanos() * 1e-9 + " s",
                thrown instanceof ProgramException program ? program.lastWords() : ""));
    }

    private void begin(int tasks) {
        long timeout = call.definition.timeoutNanos();
        if (timeout == 0) {
            return;
        }
        synchronized (this) {
            timed = true;
            deadlineNanos = System.nanoTime() + timeout * tasks;
            expired = false;
        }
    }

    private boolean end() {
        if (call.definition.timeoutNanos() == 0) {
            return false;
        }
        synchronized (this) {
            boolean late = expired || System.nanoTime() - deadlineNanos > 0;
            if (expired) {
                Thread.interrupted(); // meant for this task, not for the next one
            }
            timed = false;
            return late;
        }
    }

    /** Interrupts the current task when it is past its deadline; called from time to time by the watch. */
    synchronized void interruptIfLate(long nowNanos) {
        if (timed && thread != null && !expired && nowNanos - deadlineNanos > 0) {
            expired = true;
            thread.interrupt();
        }
    }

    /** Whether the current task was interrupted so long ago that its thread must be abandoned. */
    synchronized boolean isHung(long nowNanos, long graceNanos) {
        return timed && expired && nowNanos - deadlineNanos > graceNanos;
    }

    /** What another thread continues with after this one was abandoned. */
    synchronized Evaluation withoutHungTask() {
        int hung = reached;
        Evaluation rest = new Evaluation(chunk, call, worker, results.clone(), missing.clone(), seconds.clone());
        rest.cancelled = cancelled;
        rest.unwanted = unwanted;
        cancelled = true; // if the abandoned thread resumes, it must not continue
        if (singlyBelow <= hung && endOfBatch(hung) - hung > 1) {
            rest.singlyBelow = endOfBatch(hung);
            rest.reached = hung;
        } else {
            rest.singlyBelow = singlyBelow;
            rest.results[hung] = null;
            rest.missing[hung] = timedOut(null);
            rest.seconds[hung] = call.definition.timeoutNanos() * 1e-9f;
            rest.reached = hung + 1;
        }
        return rest;
    }

    /** The answer to the chunk: all outcomes, or none when it was withdrawn before its end. */
    Message.Result answer(int abandonedThreads) {
        OutcomeBlock outcomes =
                reached < chunk.count() ? new OutcomeBlock(new float[0], List.of(), ValueBlock.nothing(0)) : outcomes();
        long busyNanos = startNanos == 0 ? 0 : System.nanoTime() - startNanos;
        return new Message.Result(chunk.chunk(), preparingNanos, busyNanos, abandonedThreads, prepared, outcomes);
    }

    /**
     * The answer when the outcomes are too large for a frame: the largest results fail, until the others fit.
     *
     * @param maxBytes of a message
     */
    Message.Result answerWithin(long maxBytes, int abandonedThreads) {
        long bytes = 0;
        for (Object result : done()) {
            bytes += ValueBlock.snapshotBytes(result);
        }
        while (true) {
            int largest = largestResult();
            if (bytes <= maxBytes) {
                Message.Result answer = answer(abandonedThreads);
                if (largest < 0 || answer.bytes() <= maxBytes) {
                    return answer;
                }
            }
            long size = ValueBlock.snapshotBytes(results[largest]);
            bytes -= size;
            results[largest] = null;
            missing[largest] = new NoResult.Failed(TaskFailure.of(
                    FailureKind.EXCEPTION,
                    tooLarge(size, maxBytes),
                    new TaskFailure.Thrown(FrameTooLargeException.class.getName(), "")));
        }
    }

    private String tooLarge(long size, long maxBytes) {
        return "its result of " + size + " bytes"
                + (size < maxBytes ? ", together with the others of its chunk of " + chunk.count() + " tasks," : "")
                + " is larger than the limit of " + maxBytes + " bytes per message; "
                + (size < maxBytes ? "use fewer tasks per chunk, or " : "")
                + "return less data per task, for example through files";
    }

    private int largestResult() {
        int largest = -1;
        for (int i = 0; i < results.length; i++) {
            if (missing[i] == null
                    && (largest < 0
                            || ValueBlock.snapshotBytes(results[i]) > ValueBlock.snapshotBytes(results[largest]))) {
                largest = i;
            }
        }
        return largest;
    }

    /** The answer when no other can be made, for instance for lack of memory: every task fails with this reason. */
    Message.Result answerWithout(Throwable reason, int abandonedThreads) {
        Arrays.fill(results, null);
        Arrays.fill(missing, missing(reason));
        return answer(abandonedThreads);
    }

    /** The rest of the chunk fails, because the evaluation itself cannot continue. */
    void fail(Throwable reason) {
        NoResult failed = missing(reason);
        for (int i = reached; i < missing.length; i++) {
            results[i] = null;
            missing[i] = failed;
        }
        reached = missing.length;
    }

    private OutcomeBlock outcomes() {
        ValueBlock values;
        try {
            values = ValueBlock.packSnapshots(done());
        } catch (UnserializableException e) {
            throw new IllegalStateException("a result was no snapshot", e);
        }
        boolean allDone = values.count() == chunk.count();
        return new OutcomeBlock(seconds, allDone ? List.of() : Arrays.asList(missing), values);
    }

    private List<@Nullable Object> done() {
        List<@Nullable Object> done = new ArrayList<>(results.length);
        for (int i = 0; i < results.length; i++) {
            if (missing[i] == null) {
                done.add(results[i]);
            }
        }
        return done;
    }

    /** Takes the outcomes of the current batch. */
    private final class Block implements BatchResults<Object> {
        private final int from;
        private final boolean[] isSet;

        Block(int from, int to) {
            this.from = from;
            this.isSet = new boolean[to - from];
        }

        @Override
        public void done(int i, @Nullable Object result) {
            isSet[i] = true;
            // After the last task of a chunk no user code runs that could change its result before it is packed.
            boolean isLast = call.takesInputs() && from + i == results.length - 1;
            try {
                results[from + i] = ValueBlock.snapshot(result, isLast);
                missing[from + i] = null;
            } catch (UnserializableException e) {
                results[from + i] = null;
                missing[from + i] = missing(e);
            }
        }

        @Override
        public void failed(int i, TaskFailure failure) {
            isSet[i] = true;
            missing[from + i] = new NoResult.Failed(failure);
        }

        @Override
        public void skipped(int i, String reason) {
            isSet[i] = true;
            missing[from + i] = new NoResult.Skipped(reason);
        }

        void failWhatIsUnset() {
            for (int i = 0; i < isSet.length; i++) {
                if (!isSet[i]) {
                    failed(
                            i,
                            FailureKind.EXCEPTION,
                            "the batch function set no outcome for task " + i + " of its batch");
                }
            }
        }

        void forget() {
            Arrays.fill(results, from, from + isSet.length, null);
            Arrays.fill(missing, from, from + isSet.length, null);
        }
    }
}
