package org.astropool.internal.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.JournalException;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.pool.CallJournal;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.task.Outcome;

/** A {@link CallJournal} on a {@link Journal}. */
public final class EngineJournal implements CallJournal {
    private final Journal journal;
    private final long tasks;
    private final Map<Long, Outcome<Object>> recovered;

    private EngineJournal(Journal journal, long tasks, Map<Long, Outcome<Object>> recovered) {
        this.journal = journal;
        this.tasks = tasks;
        this.recovered = recovered;
    }

    /** For a journal that somebody else opens, reads and closes. */
    public static EngineJournal of(Journal journal) {
        return new EngineJournal(journal, 0, new TreeMap<>());
    }

    static EngineJournal open(Path file, String description, long tasks, ClassLoader loader) throws IOException {
        JournalHeader header = new JournalHeader("1.0", "call", description, "", "", tasks);
        Map<Long, Outcome<Object>> recovered = new TreeMap<>();
        return new EngineJournal(journal(file, header, recovered, loader), tasks, recovered);
    }

    private static Journal journal(
            Path file, JournalHeader header, Map<Long, Outcome<Object>> recovered, ClassLoader loader)
            throws IOException {
        if (!Files.exists(file)) {
            return Journal.create(file, header);
        }
        try {
            return Journal.reopen(
                            file,
                            header,
                            (firstTask, count, payload) -> JournalledOutcomes.<Object>read(firstTask, payload, loader)
                                    .forEach(outcome -> recovered.put(outcome.index(), outcome)))
                    .journal();
        } catch (JournalException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Journal journal(CallJournal journal) {
        if (journal instanceof EngineJournal ours) {
            return ours.journal;
        }
        throw new IllegalArgumentException(
                "a journal of " + journal.getClass().getName() + "; use one of CallJournal.open");
    }

    /** Takes the outcomes of one call. A journal that cannot be written fails this call, not the pool. */
    static final class Writer {
        private final Journal journal;
        private final Driver driver;
        private final int call;

        /** @throws IllegalArgumentException when it is not a journal of {@link CallJournal#open} */
        Writer(CallJournal journal, Driver driver, int call) {
            this.journal = journal(journal);
            this.driver = driver;
            this.call = call;
            Faults.on(this.journal);
            this.journal.onFailure(e -> driver.execute(() -> fail(e)));
        }

        /** On the communication thread. Fails the call when the outcomes are too large for a record. */
        void append(Call.Arrival arrival) {
            try {
                journal.append(arrival.firstTask(), arrival.count(), JournalledOutcomes.payload(arrival));
            } catch (IllegalArgumentException | ArithmeticException e) {
                fail(e);
            }
        }

        private void fail(Exception cause) {
            driver.failCall(call, new PoolException(Reason.JOURNAL, String.valueOf(cause.getMessage()), cause));
        }

        /** How much waits to be written. From any thread. */
        long backlogBytes() {
            return journal.backlogBytes();
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the function that was journalled gave results of this type
    public <R> List<Outcome<R>> recovered() {
        return recovered.values().stream()
                .map(outcome -> (Outcome<R>) (Outcome<?>) outcome)
                .toList();
    }

    @Override
    public BitSet missing() {
        BitSet missing = new BitSet();
        missing.set(0, Math.toIntExact(tasks));
        recovered.keySet().forEach(index -> missing.clear(Math.toIntExact(index)));
        return missing;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
