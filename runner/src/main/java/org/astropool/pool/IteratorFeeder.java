package org.astropool.pool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.astropool.protocol.UnserializableException;
import org.astropool.protocol.ValueBlock;
import org.jspecify.annotations.Nullable;

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

    /** @throws IllegalArgumentException when an input cannot be serialized */
    @Override
    public void feed(long end) {
        while (fed < end && !atEnd) {
            long blockTasks = Math.min(BLOCK_TASKS, end - fed);
            if (fed > 0) {
                blockTasks = Math.min(blockTasks, Math.max(1, BLOCK_BYTES * fed / Math.max(1, fedBytes)));
            } else {
                blockTasks = 1; // its size tells how many to take at a time
            }
            List<@Nullable Object> block = new ArrayList<>((int) blockTasks);
            while (block.size() < blockTasks && inputs.hasNext()) {
                block.add(inputs.next());
            }
            supply(block);
            if (!inputs.hasNext()) {
                atEnd = true;
                driver.execute(() -> driver.endOfInputs(call));
            }
        }
    }

    private void supply(List<@Nullable Object> block) {
        ValueBlock values;
        try {
            values = ValueBlock.pack(block);
        } catch (UnserializableException e) {
            throw new IllegalArgumentException(
                    "an input among tasks " + fed + " to " + (fed + block.size() - 1) + ": " + e.getMessage(), e);
        }
        fed += block.size();
        fedBytes += values.bytes();
        driver.execute(() -> driver.supply(call, values));
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
