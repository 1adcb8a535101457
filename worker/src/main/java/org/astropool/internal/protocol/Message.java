package org.astropool.internal.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.astropool.task.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * The whole protocol. A worker says {@link Hello}; the master answers {@link Welcome}, or {@link Stop} when it does not
 * want it. Then the master defines calls and sends chunks of their tasks, and the worker answers each chunk with one
 * {@link Result}, until the master says {@link Stop}.
 *
 * <p>Both sides say {@link Heartbeat} when they have nothing else to say: who is silent for longer than the lease is
 * lost.
 *
 * <p>A frame is a {@link FrameSeal}, the ordinal of the message type in one byte, then its fields in order,
 * little-endian.
 */
public sealed interface Message {

    /** Grows with every change that an older peer would misread. */
    int VERSION = 5;

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
            implements Message {}

    /**
     * Master to worker: you are one of us.
     *
     * @param worker the number by which the master knows the worker; under MPI its rank
     * @param threads how many evaluation threads to start
     * @param isolated whether chunks are to be evaluated in child processes, one a thread
     * @param leaseNanos who is silent for longer than this is lost
     * @param initializer serialized {@link org.astropool.task.TaskFunction} of a Long (worker number), or empty
     */
    record Welcome(int worker, int threads, boolean isolated, long leaseNanos, byte[] initializer) implements Message {}

    /** Worker to master: ready for chunks; or not, when {@code problem} is not empty (the initializer threw). */
    record Ready(String problem) implements Message {}

    /**
     * Master to worker: what the chunks of a call are to be evaluated with; sent once, before the first of them.
     *
     * @param batch tasks a batch; batches are the blocks [k * batch, (k + 1) * batch) of task indices
     * @param indexed whether the input of a task is its index, so that chunks carry no inputs
     * @param timeoutNanos a task, 0 for none
     * @param seed of the tasks' random streams
     * @param function serialized function of the call
     */
    record Define(int call, int batch, boolean indexed, long timeoutNanos, long seed, byte[] function)
            implements Message {}

    /** Master to worker: the call is over, forget its function. */
    record Forget(int call) implements Message {}

    /** Master to worker: a value that later functions refer to by its number. */
    record Share(int number, ValueBlock value) implements Message {}

    /** Master to worker: the shared value is not needed any more. */
    record Unshare(int number) implements Message {}

    /**
     * Master to worker: evaluate these tasks.
     *
     * @param chunk number of this execution
     * @param attempt from 1
     * @param inputs in order, together {@code count} values; empty for an indexed call
     */
    record Chunk(int call, long chunk, int attempt, long firstTask, int count, List<ValueBlock> inputs)
            implements Message {}

    /**
     * Master to worker: nobody wants this chunk any more. It is answered all the same, since that frees its slot.
     *
     * @param evenIfBegun whether to break it off; else it is answered in full if it has begun
     */
    record Withdraw(long chunk, boolean evenIfBegun) implements Message {}

    /**
     * Worker to master: the answer to a chunk.
     *
     * @param preparingNanos until the function was ready, for instance a model's data loaded
     * @param busyNanos how long the tasks were evaluated after that
     * @param abandoned how many threads this worker has abandoned so far, since they hung
     * @param outcomes of all tasks of the chunk; of none when it was withdrawn
     */
    record Result(long chunk, long preparingNanos, long busyNanos, int abandoned, OutcomeBlock outcomes)
            implements Message {

        /** The answer to a chunk of which nothing was evaluated. */
        public static Result nothing(long chunk) {
            return new Result(chunk, 0, 0, 0, new OutcomeBlock(new float[0], List.of(), ValueBlock.nothing(0)));
        }

        /** The same with no result: every task fails for this reason. */
        public Result failed(RuntimeException reason) {
            OutcomeBlock.Problem problem = new OutcomeBlock.Problem(
                    FailureKind.EXCEPTION, reason.getClass().getName(), String.valueOf(reason.getMessage()), "");
            List<OutcomeBlock.@Nullable Problem> problems = Collections.nCopies(outcomes.count(), problem);
            return new Result(
                    chunk,
                    preparingNanos,
                    busyNanos,
                    abandoned,
                    new OutcomeBlock(outcomes.seconds(), problems, ValueBlock.nothing(0)));
        }

        /** The same from a worker that has abandoned no thread. */
        public Result withoutAbandoned() {
            return new Result(chunk, preparingNanos, busyNanos, 0, outcomes);
        }
    }

    /**
     * Worker to master, instead of {@link Result}: the child process that evaluated the chunk has died.
     *
     * @param reason how it ended
     * @param lastWords the last lines that it wrote to its standard error
     */
    record ChunkLost(long chunk, String reason, String lastWords) implements Message {}

    /**
     * Worker to master: I want to leave. It is sent no more chunks, what it has not begun is recalled, and it is told
     * to {@link Stop} when the rest is answered.
     */
    record Leave() implements Message {}

    /** Both ways: I am still here. */
    record Heartbeat() implements Message {}

    /**
     * Master to worker: end.
     *
     * @param failure why, when the master's program failed; "" when all is well
     */
    record Stop(String failure) implements Message {}

    /** Bytes in a frame. */
    default long bytes() {
        long size = Byte.BYTES;
        if (this instanceof Chunk m) {
            size += 2 * Long.BYTES + 4 * Integer.BYTES;
            for (ValueBlock block : m.inputs) {
                size += block.bytes();
            }
        } else if (this instanceof Result m) {
            size += 3 * Long.BYTES + Integer.BYTES + m.outcomes.bytes();
        } else if (this instanceof Hello m) {
            size += 3 * Integer.BYTES
                    + Long.BYTES
                    + Wire.size(Wire.utf8(m.release))
                    + Wire.size(Wire.utf8(m.host))
                    + Wire.size(Wire.utf8(m.affinity))
                    + Wire.size(Wire.utf8(m.code));
        } else if (this instanceof Welcome m) {
            size += 2 * Integer.BYTES + Byte.BYTES + Long.BYTES + Wire.size(m.initializer);
        } else if (this instanceof Ready m) {
            size += Wire.size(Wire.utf8(m.problem));
        } else if (this instanceof Define m) {
            size += 2 * Integer.BYTES + Byte.BYTES + 2 * Long.BYTES + Wire.size(m.function);
        } else if (this instanceof Share m) {
            size += Integer.BYTES + m.value.bytes();
        } else if (this instanceof Stop m) {
            size += Wire.size(Wire.utf8(m.failure));
        } else if (this instanceof Withdraw) {
            size += Long.BYTES + Byte.BYTES;
        } else if (this instanceof ChunkLost m) {
            size += Long.BYTES + Wire.size(Wire.utf8(m.reason)) + Wire.size(Wire.utf8(m.lastWords));
        } else if (this instanceof Forget || this instanceof Unshare) {
            size += Integer.BYTES;
        }
        return size;
    }

    default void write(ByteBuffer out) {
        if (this instanceof Chunk m) {
            out.put(CHUNK)
                    .putInt(m.call)
                    .putLong(m.chunk)
                    .putInt(m.attempt)
                    .putLong(m.firstTask)
                    .putInt(m.count);
            out.putInt(m.inputs.size());
            for (ValueBlock block : m.inputs) {
                block.write(out);
            }
        } else if (this instanceof Result m) {
            out.put(RESULT)
                    .putLong(m.chunk)
                    .putLong(m.preparingNanos)
                    .putLong(m.busyNanos)
                    .putInt(m.abandoned);
            m.outcomes.write(out);
        } else if (this instanceof Hello m) {
            out.put(HELLO).putInt(m.protocol);
            Wire.put(out, Wire.utf8(m.release));
            Wire.put(out, Wire.utf8(m.host));
            out.putLong(m.pid);
            Wire.put(out, Wire.utf8(m.affinity));
            out.putInt(m.threads);
            Wire.put(out, Wire.utf8(m.code));
            out.putInt(m.processors);
        } else if (this instanceof Welcome m) {
            out.put(WELCOME)
                    .putInt(m.worker)
                    .putInt(m.threads)
                    .put((byte) (m.isolated ? 1 : 0))
                    .putLong(m.leaseNanos);
            Wire.put(out, m.initializer);
        } else if (this instanceof Ready m) {
            out.put(READY);
            Wire.put(out, Wire.utf8(m.problem));
        } else if (this instanceof Define m) {
            out.put(DEFINE).putInt(m.call).putInt(m.batch).put((byte) (m.indexed ? 1 : 0));
            out.putLong(m.timeoutNanos).putLong(m.seed);
            Wire.put(out, m.function);
        } else if (this instanceof Forget m) {
            out.put(FORGET).putInt(m.call);
        } else if (this instanceof Share m) {
            out.put(SHARE).putInt(m.number);
            m.value.write(out);
        } else if (this instanceof Unshare m) {
            out.put(UNSHARE).putInt(m.number);
        } else if (this instanceof Withdraw m) {
            out.put(WITHDRAW).putLong(m.chunk).put((byte) (m.evenIfBegun ? 1 : 0));
        } else if (this instanceof ChunkLost m) {
            out.put(CHUNK_LOST).putLong(m.chunk);
            Wire.put(out, Wire.utf8(m.reason));
            Wire.put(out, Wire.utf8(m.lastWords));
        } else if (this instanceof Heartbeat) {
            out.put(HEARTBEAT);
        } else if (this instanceof Leave) {
            out.put(LEAVE);
        } else if (this instanceof Stop m) {
            out.put(STOP);
            Wire.put(out, Wire.utf8(m.failure));
        }
    }

    /** @throws ProtocolException when the frame is no message of this version */
    static Message read(ByteBuffer in) {
        try {
            byte type = in.get();
            switch (type) {
                case CHUNK:
                    return readChunk(in);
                case RESULT:
                    return new Result(in.getLong(), in.getLong(), in.getLong(), in.getInt(), OutcomeBlock.read(in));
                case HELLO:
                    return readHello(in);
                case WELCOME:
                    return new Welcome(in.getInt(), in.getInt(), in.get() != 0, in.getLong(), Wire.bytes(in));
                case READY:
                    return new Ready(Wire.string(in));
                case DEFINE:
                    return new Define(
                            in.getInt(), in.getInt(), in.get() != 0, in.getLong(), in.getLong(), Wire.bytes(in));
                case FORGET:
                    return new Forget(in.getInt());
                case SHARE:
                    return new Share(in.getInt(), ValueBlock.read(in));
                case UNSHARE:
                    return new Unshare(in.getInt());
                case WITHDRAW:
                    return new Withdraw(in.getLong(), in.get() != 0);
                case CHUNK_LOST:
                    return new ChunkLost(in.getLong(), Wire.string(in), Wire.string(in));
                case HEARTBEAT:
                    return new Heartbeat();
                case LEAVE:
                    return new Leave();
                case STOP:
                    return new Stop(Wire.string(in));
                default:
                    throw new ProtocolException("a frame of unknown type " + type + "; is every rank started from the"
                            + " same version of astropool?");
            }
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new ProtocolException("a frame that ends too early: " + e);
        }
    }

    private static Hello readHello(ByteBuffer in) {
        int protocol = in.getInt();
        String release = Wire.string(in);
        String host = Wire.string(in);
        long pid = in.getLong();
        String affinity = Wire.string(in);
        int threads = in.getInt();
        // another version may say less or more, and is to be told so instead of being misread
        String code = protocol == VERSION ? Wire.string(in) : "";
        return new Hello(protocol, release, host, pid, affinity, threads, code, protocol == VERSION ? in.getInt() : 0);
    }

    private static Chunk readChunk(ByteBuffer in) {
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

    /** Type bytes; Hello comes first and keeps its place and form, so that versions can tell each other apart. */
    byte HELLO = 0;

    byte WELCOME = 1;
    byte READY = 2;
    byte DEFINE = 3;
    byte FORGET = 4;
    byte SHARE = 5;
    byte UNSHARE = 6;
    byte CHUNK = 7;
    byte WITHDRAW = 8;
    byte RESULT = 9;
    byte STOP = 10;
    byte CHUNK_LOST = 11;
    byte HEARTBEAT = 12;
    byte LEAVE = 13;
}
