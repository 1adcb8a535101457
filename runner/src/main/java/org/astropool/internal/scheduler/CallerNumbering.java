package org.astropool.internal.scheduler;

import java.util.Arrays;

/**
 * Tasks that are numbered by the caller, in the order in which they are supplied. Numbers of tasks that are over are
 * forgotten. For the communication thread.
 */
public final class CallerNumbering implements UnitOrder {
    private long[] numbers = new long[64];
    private long first; // position of the first that is remembered
    private int count;

    /** The numbers of the tasks that follow. */
    public void add(long[] more) {
        if (count + more.length > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(2 * numbers.length, count + more.length));
        }
        System.arraycopy(more, 0, numbers, count, more.length);
        count += more.length;
    }

    /** All tasks so far are over. */
    public void forget() {
        first += count;
        count = 0;
    }

    @Override
    public long unit(long position) {
        return numbers[(int) (position - first)];
    }

    @Override
    public long endOfRun(long position) {
        int at = (int) (position - first);
        while (at + 1 < count && numbers[at + 1] == numbers[at] + 1) {
            at++;
        }
        return first + at + 1;
    }
}
