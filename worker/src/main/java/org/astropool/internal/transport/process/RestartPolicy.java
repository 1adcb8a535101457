package org.astropool.internal.transport.process;

import java.util.concurrent.TimeUnit;

/**
 * Decides when a process that has ended is started again: at once, or after a pause when it ends soon again and again,
 * and no more when it has never worked. One object for the processes of one slot; for one thread at a time.
 */
public final class RestartPolicy {
    /** A process that ends so often in a row without having worked cannot work here: options, memory, class path. */
    public static final int MAX_USELESS_STARTS = 3;

    /** A process that lived longer than this is replaced at once. */
    private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long LONGEST_DELAY_MILLIS = 2_000;
    private static final int MAX_DOUBLINGS = 10;

    private int quickEnds;
    private int uselessStarts;

    /** It has ended, or could not even be started, before it did anything. */
    public void endedBeforeWork() {
        uselessStarts++;
        quickEnds++;
    }

    /** It has worked, and has ended by itself. */
    public void endedAfterWork(long ageNanos) {
        uselessStarts = 0;
        quickEnds = ageNanos < QUICK_NANOS ? quickEnds + 1 : 0;
    }

    /** It was ended from outside, which says nothing about the next one. */
    void endedOnRequest() {
        quickEnds = 0;
    }

    /** Whether it is not started again. */
    public boolean isGivenUp() {
        return uselessStarts >= MAX_USELESS_STARTS;
    }

    /** How long to wait before it is started again: not at all after the first quick end, then longer and longer. */
    public long delayMillis() {
        return quickEnds < 2
                ? 0
                : Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(quickEnds - 2, MAX_DOUBLINGS));
    }
}
