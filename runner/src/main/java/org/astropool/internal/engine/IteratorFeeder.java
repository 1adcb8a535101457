package org.astropool.internal.engine;

import java.util.Iterator;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;

/** Supplies the elements of an iterator, packed in blocks. */
final class IteratorFeeder implements OutcomeIterator.Feeder {
    private static final int BLOCK_TASKS = 1024;
    private static final long BLOCK_BYTES = 1 << 20;

    private final Driver driver;
    private final int call;
    private final Iterator<?> inputs;
    private long fed;
    private long fedBytes;
    private boolean atEnd;

    IteratorFeeder(Driver driver, int call, Iterator<?> inputs) {
        this.driver = driver;
        this.call = call;
        this.inputs = inputs;
    }

    /**
     * @throws IllegalArgumentException when an input cannot be serialized, or is too large for a message of the carrier
     */
    @Override
    public void feed(long end) {
        while (fed < end && !atEnd) {
            long blockTasks = Math.min(BLOCK_TASKS, end - fed);
            if (fed > 0) {
                blockTasks = Math.min(blockTasks, Math.max(1, BLOCK_BYTES * fed / Math.max(1, fedBytes)));
            } else {
                blockTasks = 1; // its size tells how many to take at a time
            }
            supply(nextBlock((int) blockTasks));
            if (!inputs.hasNext()) {
                atEnd = true;
                driver.execute(() -> driver.endOfInputs(call));
            }
        }
    }

    /** Packs each input before it asks for the next: an iterator may give the same buffer again and again. */
    private ValueBlock nextBlock(int tasks) {
        ValueBlock.Builder block = new ValueBlock.Builder(tasks);
        while (block.count() < tasks && block.bytes() < BLOCK_BYTES && inputs.hasNext()) {
            Object input = inputs.next();
            long bytes = ValueBlock.snapshotBytes(input);
            if (bytes > BLOCK_BYTES) { // before it is copied
                driver.refuseTooLarge("an input", bytes);
            }
            try {
                block.add(input);
            } catch (UnserializableException e) {
                throw new IllegalArgumentException(
                        "the input of task " + (fed + block.count()) + ": " + e.getMessage(), e);
            }
        }
        return block.build();
    }

    private void supply(ValueBlock values) {
        driver.refuseTooLarge("an input", values.largestBytes());
        fed += values.count();
        fedBytes += values.bytes();
        driver.execute(() -> driver.supply(call, values, position -> {}));
    }

    @Override
    public long fed() {
        return fed;
    }

    @Override
    public long fedBytes() {
        return fedBytes;
    }

    @Override
    public boolean isAtEnd() {
        return atEnd;
    }
}
