package org.astropool.internal.job.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.astropool.internal.engine.JournalledOutcomes;
import org.astropool.internal.job.plan.PointPages;
import org.astropool.internal.job.result.OutputSource;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.JournalException;
import org.astropool.internal.journal.JournalRecords;
import org.astropool.internal.journal.RecordReader;
import org.astropool.task.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Outputs in the journal of a run, for results that are larger than the memory. The first use reads the journal to find
 * the newest record of each point; after that one record is in memory at a time. So reading points in their order is
 * fast, since workers evaluate consecutive points together. Thread-safe.
 */
final class JournalledOutputs implements OutputSource, AutoCloseable {
    private final Path file;
    private final PointPages layout;
    /** By page and place: the position of the record, 0 if there is none. */
    private final long[] @Nullable [] positions;

    private @Nullable JournalRecords records;
    private long openPosition;
    private long openFirst;
    private List<Outcome<Object>> open = List.of();

    /** @param file the journal, whose outcomes are on disk when the first one is asked for */
    JournalledOutputs(Path file, long points) {
        this.file = file;
        this.layout = new PointPages(Math.toIntExact(points), 1);
        this.positions = new long[layout.count()][];
    }

    @Override
    public synchronized Object outputs(int point) {
        try {
            long position = position(point);
            if (position == 0) {
                throw new IOException(file + " has no outcome of point " + point + " any more");
            }
            if (position != openPosition) {
                open(position);
            }
            if (open.get((int) (point - openFirst)) instanceof Outcome.Done<Object> done) {
                return Objects.requireNonNull(done.result());
            }
            throw new IOException(file + ": point " + point + " was evaluated again meanwhile; try again");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long position(int point) throws IOException {
        if (records == null) {
            try {
                Journal.read(file, null, new Index());
                records = JournalRecords.open(file);
            } catch (JournalException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        long[] page = positions[layout.page(point)];
        return page == null ? 0 : page[layout.place(point)];
    }

    private void open(long position) throws IOException {
        JournalRecords.Entry entry = Objects.requireNonNull(records).at(position);
        open = JournalledOutcomes.readPlain(entry.firstTask(), entry.count(), entry.payload());
        openFirst = entry.firstTask();
        openPosition = position;
    }

    /** Notes where the records are. */
    private final class Index implements RecordReader {
        @Override
        public void record(long firstTask, int count, ByteBuffer payload) {
            throw new UnsupportedOperationException("a record without a position");
        }

        @Override
        public void record(long firstTask, int count, ByteBuffer payload, long position) {
            for (int point = (int) firstTask; point < firstTask + count; point++) {
                long[] page = positions[layout.page(point)];
                if (page == null) {
                    page = new long[layout.size()];
                    positions[layout.page(point)] = page;
                }
                page[layout.place(point)] = position;
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (records != null) {
            records.close();
        }
    }
}
