package org.astropool.pool;

import java.util.Arrays;
import java.util.BitSet;

/** Which unit (batch of consecutive tasks) is handed out at which position. Immutable. */
interface UnitOrder {

    /** All units, as they are numbered. */
    UnitOrder NATURAL = new UnitOrder() {
        @Override
        public long unit(long position) {
            return position;
        }

        @Override
        public long endOfRun(long position) {
            return Long.MAX_VALUE;
        }
    };

    /** The unit at a position. */
    long unit(long position);

    /** The position behind the last of those whose units are consecutive with this one's. */
    long endOfRun(long position);

    /** One by one, in any order. */
    static UnitOrder of(int[] units) {
        return new UnitOrder() {
            @Override
            public long unit(long position) {
                return units[(int) position];
            }

            @Override
            public long endOfRun(long position) {
                return position + 1;
            }
        };
    }

    /** The units of some tasks, ascending. */
    static Selection select(BitSet tasks, int batch) {
        long[] starts = new long[16];
        long[] firstUnits = new long[16];
        int runs = 0;
        long units = 0;
        long next = 0;
        for (int task = tasks.nextSetBit(0);
                task >= 0;
                task = tasks.nextSetBit((int) Math.min(Integer.MAX_VALUE, next * batch))) {
            long first = task / batch;
            if (runs == 0 || first > next) {
                if (runs == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * runs);
                    firstUnits = Arrays.copyOf(firstUnits, 2 * runs);
                }
                starts[runs] = units;
                firstUnits[runs++] = first;
            }
            next = first + 1;
            if (batch == 1) { // a long run at once
                next = tasks.nextClearBit(task);
            }
            units += next - first;
        }
        return new Selection(Arrays.copyOf(starts, runs), Arrays.copyOf(firstUnits, runs), units);
    }

    /** Runs of consecutive units. */
    final class Selection implements UnitOrder {
        private final long[] starts;
        private final long[] firstUnits;
        private final long units;

        private Selection(long[] starts, long[] firstUnits, long units) {
            this.starts = starts;
            this.firstUnits = firstUnits;
            this.units = units;
        }

        /** How many there are. */
        long units() {
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
    }
}
