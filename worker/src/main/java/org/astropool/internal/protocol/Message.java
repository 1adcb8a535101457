package org.astropool.internal.protocol;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * The whole protocol. A worker says {@link Hello}; the master answers {@link Welcome}, or {@link Stop} when it does not
 * accept the worker. Then the master defines calls and sends chunks of their tasks, and the worker answers each chunk
 * with one {@link Result}, until the master says {@link Stop}.
 *
 * <p>Both sides say {@link Heartbeat} when they have nothing else to say: a peer that is silent for longer than the
 * lease is lost.
 *
 * <p>A frame is a {@link FrameSeal}, the {@link MessageType} in one byte, then the fields in order, little-endian. Each
 * message knows how its own fields are laid out. A receiver implements {@link ToWorker.Handler} or
 * {@link ToMaster.Handler}, so that a new message does not compile until it is handled.
 *
 * <p>All messages are in this file, which is long for that reason: it is the reference of the protocol.
 */
public sealed interface Message permits ToWorker, ToMaster, Message.Heartbeat {

    /** Grows with every change that an older peer would misread. */
    int VERSION = 7;

    MessageType type();

    /** Hands over the fields, in their order in a frame; {@link MessageType} knows what reads them. */
    void fields(FieldWriter out);

    /** Bytes in a frame. */
    default long bytes() {
        FieldWriter length = new FieldWriter(null);
        fields(length);
        return Byte.BYTES + length.bytes();
    }

    default void write(ByteBuffer out) {
        out.put(type().code());
        fields(new FieldWriter(out));
    }

    /** @throws ProtocolException when the frame is no message of this version */
    static Message read(ByteBuffer in) {
        try {
            return MessageType.of(in.get()).read(in);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new ProtocolException("a frame that ends too early: " + e);
        }
    }

    /**
     * Worker to master, first.
     *
     * @param protocol {@link #VERSION} of the worker; the master refuses another one
     * @param release astropool's version; the master refuses another one, since results may differ
     * @param affinity the processors that the process may use, as the kernel writes them ("0-3,8")
     * @param threads how many evaluation threads it was told to use, or 0 for its share of its processors
     * @param code digests of the user's jars that it was given, which the master compares with its own; "" for a worker
     *     that was started together with the master
     * @param processors how many processors the process may use: those of the affinity, or fewer where a cgroup says so
     */
    record Hello(
            int protocol,
            String release,
            String host,
            long pid,
            String affinity,
            int threads,
            String code,
            int processors)
            implements ToMaster {
        static Hello read(ByteBuffer in) {
            int protocol = in.getInt();
            String release = Wire.string(in);
            String host = Wire.string(in);
            long pid = in.getLong();
            String affinity = Wire.string(in);
            int threads = in.getInt();
            // another version may send fewer or more fields; it is to be refused by its number instead of being misread
            boolean sameVersion = protocol == VERSION;
            String code = sameVersion ? Wire.string(in) : "";
            return new Hello(protocol, release, host, pid, affinity, threads, code, sameVersion ? in.getInt() : 0);
        }

        @Override
        public MessageType type() {
            return MessageType.HELLO;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(protocol)
                    .putString(release)
                    .putString(host)
                    .putLong(pid)
                    .putString(affinity)
                    .putInt(threads)
                    .putString(code)
                    .putInt(processors);
        }

        @Override
        public void accept(ToMaster.Handler handler) {
            handler.onHello(this);
        }
    }

    /**
     * Master to worker: the worker is accepted.
     *
     * @param worker the number by which the master knows the worker; under MPI its rank
     * @param threads how many evaluation threads to start
     * @param isolated whether chunks are to be evaluated in child processes, one a thread
     * @param leaseNanos a peer that is silent for longer than this is lost
     * @param initializer serialized {@link org.astropool.task.TaskFunction} of a Long (worker number), or empty
     */
    record Welcome(int worker, int threads, boolean isolated, long leaseNanos, byte[] initializer) implements ToWorker {
        static Welcome read(ByteBuffer in) {
            return new Welcome(in.getInt(), in.getInt(), in.get() != 0, in.getLong(), Wire.bytes(in));
        }

        @Override
        public MessageType type() {
            return MessageType.WELCOME;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(worker)
                    .putInt(threads)
                    .putBoolean(isolated)
                    .putLong(leaseNanos)
                    .putBytes(initializer);
        }

        @Override
        public void accept(ToWorker.Handler handler) {
            handler.onWelcome(this);
        }
    }

    /**
     * Worker to master: ready for chunks; or unable to evaluate any, when {@code problem} is not empty (the initializer
     * threw).
     */
    record Ready(String problem) implements ToMaster {
        static Ready read(ByteBuffer in) {
            return new Ready(Wire.string(in));
        }

        @Override
        public MessageType type() {
            return MessageType.READY;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putString(problem);
        }

        @Override
        public void accept(ToMaster.Handler handler) {
            handler.onReady(this);
        }
    }

    /**
     * Master to worker: what the chunks of a call are to be evaluated with; sent once, before the first of them.
     *
     * @param batch tasks a batch; batches are the blocks [k * batch, (k + 1) * batch) of task indices
     * @param indexed whether the input of a task is its index, so that chunks carry no inputs
     * @param exceptions whether a failure also has the exception itself, serialized
     * @param elsewhere whether other processes evaluate the tasks, which need the processors
     * @param timeoutNanos a task, 0 for none
     * @param seed of the tasks' random streams
     * @param classes the number of the class loader that the function has on the master, 0 for that of the pool;
     *     functions of different loaders may have classes of the same names
     * @param function serialized function of the call
     */
    record Define(
            int call,
            int batch,
            boolean indexed,
            boolean exceptions,
            boolean elsewhere,
            long timeoutNanos,
            long seed,
            int classes,
            byte[] function)
            implements Work {
        static Define read(ByteBuffer in) {
            return new Define(
                    in.getInt(),
                    in.getInt(),
                    in.get() != 0,
                    in.get() != 0,
                    in.get() != 0,
                    in.getLong(),
                    in.getLong(),
                    in.getInt(),
                    Wire.bytes(in));
        }

        @Override
        public MessageType type() {
            return MessageType.DEFINE;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(call)
                    .putInt(batch)
                    .putBoolean(indexed)
                    .putBoolean(exceptions)
                    .putBoolean(elsewhere)
                    .putLong(timeoutNanos)
                    .putLong(seed)
                    .putInt(classes)
                    .putBytes(function);
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onDefine(this);
        }
    }

    /** Master to worker: the call has ended; its function can be dropped. */
    record Forget(int call) implements Work {
        static Forget read(ByteBuffer in) {
            return new Forget(in.getInt());
        }

        @Override
        public MessageType type() {
            return MessageType.FORGET;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(call);
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onForget(this);
        }
    }

    /** Master to worker: a value that later functions refer to by its number. */
    record Share(int number, ValueBlock value) implements Work {
        static Share read(ByteBuffer in) {
            return new Share(in.getInt(), ValueBlock.read(in));
        }

        @Override
        public MessageType type() {
            return MessageType.SHARE;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(number).putValues(value);
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onShare(this);
        }
    }

    /** Master to worker: the shared value is not needed any more. */
    record Unshare(int number) implements Work {
        static Unshare read(ByteBuffer in) {
            return new Unshare(in.getInt());
        }

        @Override
        public MessageType type() {
            return MessageType.UNSHARE;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(number);
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onUnshare(this);
        }
    }

    /**
     * Master to worker: evaluate these tasks.
     *
     * @param chunk number of this execution
     * @param attempt from 1
     * @param inputs in order, together {@code count} values; empty for an indexed call
     */
    record Chunk(int call, long chunk, int attempt, long firstTask, int count, List<ValueBlock> inputs)
            implements Work {
        static Chunk read(ByteBuffer in) {
            int call = in.getInt();
            long chunk = in.getLong();
            int attempt = in.getInt();
            long firstTask = in.getLong();
            int count = in.getInt();
            int blocks = in.getInt();
            List<ValueBlock> inputs = new ArrayList<>(Math.min(Math.max(blocks, 0), 1024));
            for (int i = 0; i < blocks; i++) {
                inputs.add(ValueBlock.read(in));
            }
            return new Chunk(call, chunk, attempt, firstTask, count, inputs);
        }

        @Override
        public MessageType type() {
            return MessageType.CHUNK;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(call)
                    .putLong(chunk)
                    .putInt(attempt)
                    .putLong(firstTask)
                    .putInt(count)
                    .putInt(inputs.size());
            for (ValueBlock block : inputs) {
                out.putValues(block);
            }
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onChunk(this);
        }
    }

    /**
     * Master to worker: the chunk is not needed any more. It is answered all the same, since that frees its slot.
     *
     * @param evenIfBegun whether to interrupt it; otherwise it is answered in full if it has begun
     */
    record Withdraw(long chunk, boolean evenIfBegun) implements Work {
        static Withdraw read(ByteBuffer in) {
            return new Withdraw(in.getLong(), in.get() != 0);
        }

        @Override
        public MessageType type() {
            return MessageType.WITHDRAW;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putLong(chunk).putBoolean(evenIfBegun);
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onWithdraw(this);
        }
    }

    /**
     * Master to worker: one task of a chunk is not needed any more. It is not begun, and is answered as skipped.
     *
     * @param task index of the task in its call
     * @param interrupt whether to interrupt it if it has begun
     */
    record Cancel(long chunk, long task, boolean interrupt) implements Work {
        static Cancel read(ByteBuffer in) {
            return new Cancel(in.getLong(), in.getLong(), in.get() != 0);
        }

        @Override
        public MessageType type() {
            return MessageType.CANCEL;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putLong(chunk).putLong(task).putBoolean(interrupt);
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onCancel(this);
        }
    }

    /**
     * Worker to master: the answer to a chunk.
     *
     * @param preparingNanos until the function was ready, for instance a model's data loaded
     * @param busyNanos how long the tasks were evaluated after that
     * @param abandoned how many threads this worker has abandoned so far because they hung
     * @param prepared whether the function could be prepared; otherwise all tasks fail for this reason
     * @param outcomes of all tasks of the chunk, or of no task when it was withdrawn
     */
    record Result(
            long chunk, long preparingNanos, long busyNanos, int abandoned, boolean prepared, OutcomeBlock outcomes)
            implements ToMaster {
        static Result read(ByteBuffer in) {
            return new Result(
                    in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.get() != 0, OutcomeBlock.read(in));
        }

        @Override
        public MessageType type() {
            return MessageType.RESULT;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putLong(chunk)
                    .putLong(preparingNanos)
                    .putLong(busyNanos)
                    .putInt(abandoned)
                    .putBoolean(prepared)
                    .putOutcomes(outcomes);
        }

        @Override
        public void accept(ToMaster.Handler handler) {
            handler.onResult(this);
        }

        /** The answer to a chunk that was not evaluated. */
        public static Result nothing(long chunk) {
            return new Result(chunk, 0, 0, 0, true, new OutcomeBlock(new float[0], List.of(), ValueBlock.nothing(0)));
        }

        /** The same with no result: every task fails for this reason. */
        public Result failed(RuntimeException reason) {
            NoResult failed = new NoResult.Failed(TaskFailure.of(
                    FailureKind.EXCEPTION,
                    String.valueOf(reason.getMessage()),
                    new TaskFailure.Thrown(reason.getClass().getName(), "")));
            List<@Nullable NoResult> all = Collections.nCopies(outcomes.count(), failed);
            return new Result(
                    chunk,
                    preparingNanos,
                    busyNanos,
                    abandoned,
                    prepared,
                    new OutcomeBlock(outcomes.seconds(), all, ValueBlock.nothing(0)));
        }

        /** The same from a worker that has abandoned no thread. */
        public Result withoutAbandoned() {
            return new Result(chunk, preparingNanos, busyNanos, 0, prepared, outcomes);
        }
    }

    /**
     * Worker to master, instead of {@link Result}: the child process that evaluated the chunk has died.
     *
     * @param reason how it ended
     * @param lastWords the last lines that it wrote to its standard error
     */
    record ChunkLost(long chunk, String reason, String lastWords) implements ToMaster {
        static ChunkLost read(ByteBuffer in) {
            return new ChunkLost(in.getLong(), Wire.string(in), Wire.string(in));
        }

        @Override
        public MessageType type() {
            return MessageType.CHUNK_LOST;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putLong(chunk).putString(reason).putString(lastWords);
        }

        @Override
        public void accept(ToMaster.Handler handler) {
            handler.onChunkLost(this);
        }
    }

    /**
     * Worker to master: the worker wants to leave. It is sent no more chunks, those that it has not begun are recalled,
     * and it is sent {@link Stop} when the rest is answered.
     */
    record Leave() implements ToMaster {
        @Override
        public MessageType type() {
            return MessageType.LEAVE;
        }

        @Override
        public void fields(FieldWriter out) {}

        @Override
        public void accept(ToMaster.Handler handler) {
            handler.onLeave(this);
        }
    }

    /**
     * Worker to master: the worker lacks a class, for instance one that exists only in the memory of the master's
     * process. Answered by {@link ClassBytes}.
     *
     * @param classes the number of the class loader, as in {@link Define}
     * @param name binary name
     */
    record ClassWanted(int classes, String name) implements ToMaster {
        static ClassWanted read(ByteBuffer in) {
            return new ClassWanted(in.getInt(), Wire.string(in));
        }

        @Override
        public MessageType type() {
            return MessageType.CLASS_WANTED;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(classes).putString(name);
        }

        @Override
        public void accept(ToMaster.Handler handler) {
            handler.onClassWanted(this);
        }
    }

    /**
     * Master to worker: a class that the worker wanted.
     *
     * @param classes the number of the class loader
     * @param name binary name
     * @param content its class file; empty when the master does not have it either
     */
    record ClassBytes(int classes, String name, byte[] content) implements Work {
        static ClassBytes read(ByteBuffer in) {
            return new ClassBytes(in.getInt(), Wire.string(in), Wire.bytes(in));
        }

        @Override
        public MessageType type() {
            return MessageType.CLASS_BYTES;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putInt(classes).putString(name).putBytes(content);
        }

        @Override
        public void accept(Work.Handler handler) {
            handler.onClassBytes(this);
        }
    }

    /** Both ways: the sender is alive. */
    record Heartbeat() implements Message {
        @Override
        public MessageType type() {
            return MessageType.HEARTBEAT;
        }

        @Override
        public void fields(FieldWriter out) {}
    }

    /**
     * Master to worker: end.
     *
     * @param failure the reason, when the master's program failed; "" otherwise
     */
    record Stop(String failure) implements ToWorker {
        static Stop read(ByteBuffer in) {
            return new Stop(Wire.string(in));
        }

        @Override
        public MessageType type() {
            return MessageType.STOP;
        }

        @Override
        public void fields(FieldWriter out) {
            out.putString(failure);
        }

        @Override
        public void accept(ToWorker.Handler handler) {
            handler.onStop(this);
        }
    }
}
