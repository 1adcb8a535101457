package org.astropool.pool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.astropool.task.Outcome;

/**
 * The outcomes of a call on disk, so that a restarted program evaluates only the missing tasks. For calls whose tasks
 * are the indices 0 to N - 1 ({@link Pool#batches}), and for {@link TaskRounds}, whose caller numbers the tasks.
 *
 * <p>An outcome is on disk a fraction of a second after it has arrived, and after {@link #close} at the latest. The
 * format is described in docs/journal.md. Thread-safe.
 */
public interface CallJournal extends AutoCloseable {

    /**
     * Opens the journal of a call, or creates it if the file does not exist.
     *
     * @param file the file, whose folder must exist; only one program at a time may have it open
     * @param description what the outcomes depend on, for instance a name and version of the function with its
     *     settings: a journal with another description is refused
     * @param tasks the number of tasks, at least 0; a journal with another number is refused
     * @param loader the loader of the classes of the results. Results that are neither numbers nor bytes are
     *     deserialized by Java, so read only journals from trusted programs
     * @throws IOException when the file cannot be read or written, or is the journal of another call
     */
    static CallJournal open(Path file, String description, long tasks, ClassLoader loader) throws IOException {
        return PoolEngine.instance().openJournal(file, description, tasks, loader);
    }

    /**
     * The latest outcome of each task in the journal at the time when it was opened.
     *
     * @param <R> type of the results
     */
    <R> List<Outcome<R>> recovered();

    /**
     * The indices of the tasks without an outcome when the journal was opened, for {@link CallOptions.Builder#only}.
     */
    BitSet missing();

    /**
     * Writes all outcomes that have arrived and closes the file. Idempotent.
     *
     * @throws IOException when it cannot be written
     */
    @Override
    void close() throws IOException;
}
