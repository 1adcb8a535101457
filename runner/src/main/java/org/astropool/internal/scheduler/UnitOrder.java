package org.astropool.internal.scheduler;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which unit (batch of consecutive tasks) is handed out at which position: in the order of their numbers, unless stated
 * otherwise. To the scheduler, positions are its units.
 */
public interface UnitOrder {

    /** All units, in the order of their numbers. */
    UnitOrder NATURAL = new UnitOrder() {};

    /** The unit at a position. */
    default long unit(long position) {
        return position;
    }

    /** The position after the last one of those whose units are consecutive with this one's. */
    default long endOfRun(long position) {
        return Long.MAX_VALUE;
    }

    /** What the unit at each position costs, relative to the others; null where that is not known. From any thread. */
    default @Nullable LongToDoubleFunction costs() {
        return null;
    }

    /** The units of some tasks, ascending. */
    static Runs select(BitSet tasks, int batch) {
        Runs.Builder runs = new Runs.Builder();
        long next = 0;
        for (int task = tasks.nextSetBit(0);
                task >= 0;
                task = tasks.nextSetBit((int) Math.min(Integer.MAX_VALUE, next * batch))) {
            long first = task / batch;
            next = batch == 1 ? tasks.nextClearBit(task) : first + 1; // a long run at once
            runs.add(first, next);
        }
        return runs.build();
    }

    /** Runs of consecutive units. */
    final class Runs implements UnitOrder {
        private final long[] starts;
        private final long[] firstUnits;
        private final long units;

        private Runs(long[] starts, long[] firstUnits, long units) {
            this.starts = starts;
            this.firstUnits = firstUnits;
            this.units = units;
        }

        /** How many there are. */
        public long units() {
            return units;
        }

        @Override
        public long unit(long position) {
            int run = run(position);
            return firstUnits[run] + position - starts[run];
        }

        @Override
        public long endOfRun(long position) {
            int run = run(position);
            return run + 1 < starts.length ? starts[run + 1] : units;
        }

        private int run(long position) {
            int found = Arrays.binarySearch(starts, position);
            return found >= 0 ? found : -found - 2;
        }

        /** Takes the units in the order in which they are to be handed out. */
        static final class Builder {
            private long[] starts = new long[16];
            private long[] firstUnits = new long[16];
            private int runs;
            private long units;
            private long next = -1;

            /** The units from {@code first} to {@code end - 1}. */
            void add(long first, long end) {
                if (first != next) {
                    if (runs == starts.length) {
                        starts = Arrays.copyOf(starts, 2 * runs);
                        firstUnits = Arrays.copyOf(firstUnits, 2 * runs);
                    }
                    starts[runs] = units;
                    firstUnits[runs++] = first;
                }
                next = end;
                units += end - first;
            }

            Runs build() {
                return new Runs(Arrays.copyOf(starts, runs), Arrays.copyOf(firstUnits, runs), units);
            }
        }
    }
}
