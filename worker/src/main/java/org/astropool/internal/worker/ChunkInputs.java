package org.astropool.internal.worker;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.text.ThrowableText;

/** A range of the inputs of a chunk, each deserialized when it is read. For one thread. */
final class ChunkInputs extends AbstractList<Object> {
    private final Message.Chunk chunk;
    private final DefinedCall call;
    private int from;
    private int to;
    /** The block that was read last, and the position in the chunk of its first value. */
    private int block;

    private int blockStart;

    /** Thrown for an input that is not needed any more. */
    static final class WithdrawnException extends RuntimeException {
        private static final long serialVersionUID = 1;

        WithdrawnException() {
            super("", null, false, false);
        }
    }

    /**
     * A range of inputs.
     *
     * @param from position in the chunk of the first input
     * @param to position after the last input
     */
    ChunkInputs(Message.Chunk chunk, DefinedCall call, int from, int to) {
        this.chunk = chunk;
        this.call = call;
        this.from = from;
        this.to = to;
    }

    /** Makes this list another range of the same chunk. */
    void moveTo(int newFrom, int newTo) {
        from = newFrom;
        to = newTo;
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    @SuppressWarnings("NullAway") // inputs may be null where the user gave null
    public Object get(int i) {
        Objects.checkIndex(i, to - from);
        int position = from + i;
        if (call.definition.indexed()) {
            return chunk.firstTask() + position;
        }
        if (position < blockStart) {
            block = 0;
            blockStart = 0;
        }
        List<ValueBlock> blocks = chunk.inputs();
        while (position >= blockStart + blocks.get(block).count()) {
            blockStart += blocks.get(block++).count();
        }
        ValueBlock values = blocks.get(block);
        if (values.kind() == ValueBlock.Kind.WITHDRAWN) {
            throw new WithdrawnException();
        }
        try {
            int inBlock = position - blockStart;
            return call.takesInputs()
                    ? values.take(inBlock, call.serialization())
                    : values.get(inBlock, call.serialization());
        } catch (Throwable e) { // the value's own readObject may throw anything
            throw new IllegalArgumentException(
                    "the input cannot be deserialized on this worker: " + ThrowableText.describe(e), e);
        }
    }
}
