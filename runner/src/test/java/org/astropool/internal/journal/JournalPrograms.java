package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What the tests run in JVMs of their own. */
final class JournalPrograms {
    private static final int POINTS = 10_000_000;
    private static final int BLOCK = 16_384;

    private JournalPrograms() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "append" -> append(file, Long.parseLong(arguments[2]), Double.parseDouble(arguments[3]));
            case "millions" -> millions(file);
            case "lock" -> lock(file, Long.parseLong(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Appends where the journal ends, and prints what was flushed, until something ends it. */
    private static void append(Path file, long fatalWrite, double fraction) throws Exception {
        Points points = new Points();
        Journal journal = Files.exists(file)
                ? Journal.reopen(file, Points.header(), points).journal()
                : Journal.create(file, Points.header());
        journal.onFailure(failure -> {
            System.out.println("failed " + failure.getMessage());
            System.out.flush();
            Runtime.getRuntime().halt(4);
        });
        if (fatalWrite >= 0) {
            journal.writeFault(dieInTheMiddleOf(fatalWrite, fraction));
        }
        int next = points.seen.nextClearBit(0);
        System.out.println("begins " + next);
        while (true) {
            for (int i = 0; i < 100; i++) {
                int count = 1 + i % 20;
                Points.append(journal, next, count);
                next += count;
            }
            int flushed = next;
            Points.append(journal, next, 3); // on its way while the others are reported
            next += 3;
            try {
                journal.flush();
            } catch (IOException reported) {
                LockSupport.park(); // until the listener has ended us
            }
            System.out.println("flushed " + flushed);
        }
    }

    private static WriteFault dieInTheMiddleOf(long fatalWrite, double fraction) {
        return new WriteFault() {
            @Override
            public int bytesBeforeDeath(long write, int bytes) {
                return write == fatalWrite ? (int) (fraction * bytes) : -1;
            }

            @Override
            public void die() {
                Runtime.getRuntime().halt(9);
            }
        };
    }

    /** Far more than the heap has. */
    private static void millions(Path file) throws Exception {
        try (Journal journal = Journal.create(file, Points.header())) {
            for (int first = 0; first < POINTS; first += BLOCK) {
                Points.append(journal, first, Math.min(BLOCK, POINTS - first));
                if (journal.backlogBytes() > 1 << 23) {
                    journal.flush();
                }
            }
        }
        Points points = new Points();
        Recovery recovery = Journal.read(file, Points.header(), points);
        System.out.println(points.seen.cardinality() + " points, " + recovery.tornBytes() + " torn bytes");
    }

    private static void lock(Path file, long silenceMillis) throws Exception {
        Liveness liveness = liveness(silenceMillis);
        try (RunLock lock = RunLock.acquire(file, Map.of(), liveness)) {
            lock.onLost(() -> System.out.println("lost"));
            System.out.println("held");
            while (System.in.read() >= 0) {
                // until the test closes it
            }
        } catch (RunLockedException e) {
            System.out.println("refused");
        }
        System.out.println("ended");
    }

    static Liveness liveness(long silenceMillis) {
        return new Liveness(
                LockOwner.thisHost(),
                Duration.ofMillis(100),
                Duration.ofMillis(silenceMillis),
                List.of("/nonexistent/squeue"));
    }
}
