package org.astropool.pool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.astropool.task.Outcome;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * Accumulates a block of inputs on a worker. A task is a list: the identity, of which the task so has a copy of its
 * own, and the inputs.
 */
final class BlockFold<U, A> implements TaskFunction<List<Object>, U> {
    private static final long serialVersionUID = 1;

    private final Accumulator<U, A> accumulator;

    BlockFold(Accumulator<U, A> accumulator) {
        this.accumulator = accumulator;
    }

    @Override
    @SuppressWarnings("unchecked") // as blocks() has made the list
    public U apply(List<Object> block) throws Exception {
        U sum = (U) block.get(0);
        for (Object input : block.subList(1, block.size())) {
            try {
                sum = accumulator.accumulate(sum, (A) input);
            } catch (SkippedException e) {
                // this input is left out
            }
        }
        return sum;
    }

    /** {@link Pool#reduce}. */
    static <U, A> U reduce(
            Pool pool,
            Iterable<? extends A> inputs,
            U identity,
            Accumulator<U, A> accumulator,
            BinaryOperator<U> combiner,
            int blockSize,
            CallOptions options) {
        if (blockSize < 1) {
            throw new IllegalArgumentException("a block size of " + blockSize + " is below 1");
        }
        CallOptions inOrder = options.toBuilder().ordered(true).build();
        Combination<U> combination = new Combination<>(combiner);
        AtomicLong blocks = new AtomicLong();
        Iterator<List<Object>> tasks = blocks(identity, inputs.iterator(), blockSize, blocks);
        try (Stream<Outcome<U>> outcomes = pool.stream(new BlockFold<>(accumulator), tasks, inOrder)) {
            outcomes.forEachOrdered(combination::add);
        }
        if (!combination.failures.isEmpty()) {
            throw new TasksFailedException(combination.failures, List.of());
        }
        boolean cancelled =
                options.cancellation().filter(CancellationToken::isDraining).isPresent();
        if (cancelled && (combination.count < blocks.get() || tasks.hasNext())) {
            throw new CancellationException("the reduction was cancelled after " + combination.count + " blocks");
        }
        return combination.count == 0 ? identity : combination.sum();
    }

    /** The intermediate results that have arrived, in order. */
    private static final class Combination<U> {
        private final BinaryOperator<U> combiner;
        private final List<Outcome.Failed<?>> failures = new ArrayList<>();
        private @Nullable U sum;
        private long count;

        Combination(BinaryOperator<U> combiner) {
            this.combiner = combiner;
        }

        void add(Outcome<U> outcome) {
            if (outcome instanceof Outcome.Failed<U> failed) {
                failures.add(failed);
            } else if (outcome instanceof Outcome.Done<U> done && failures.isEmpty()) {
                add(done);
            }
        }

        @SuppressWarnings("NullAway") // null is a value of U
        private void add(Outcome.Done<U> done) {
            sum = count++ == 0 ? done.result() : combiner.apply(sum, done.result());
        }

        @SuppressWarnings("NullAway") // null is a value of U
        U sum() {
            return sum;
        }
    }

    /** The tasks: the inputs in blocks of a size, in order. */
    private static Iterator<List<Object>> blocks(Object identity, Iterator<?> inputs, int size, AtomicLong count) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return inputs.hasNext();
            }

            @Override
            public List<Object> next() {
                count.incrementAndGet();
                List<Object> block = new ArrayList<>();
                block.add(identity);
                do {
                    block.add(inputs.next());
                } while (block.size() <= size && inputs.hasNext());
                return block;
            }
        };
    }
}
