package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.Payload;

/**
 * Withdraws the outcomes of points that failed, so that they are evaluated again: once, even if that takes several
 * starts of the run. Stateless.
 */
public final class FailedOutcomes {
    private FailedOutcomes() {}

    /**
     * Withdraws those of a run that begins.
     *
     * @throws IOException when the journal cannot be written; then some of them may be withdrawn
     */
    static void withdraw(Journal journal, EvaluationResult points) throws IOException {
        BitSet failed = points.pointsWith(PointStatus.FAILED);
        withdraw(journal, failed);
        failed.stream().forEach(points::withdraw);
    }

    /**
     * Withdraws those of a run that is not going on. Does nothing if the directory has no journal.
     *
     * @param folder the output directory
     * @throws JobException when a run is going on there, or its journal cannot be read
     * @throws IOException when the journal cannot be written; then some of them may be withdrawn
     */
    public static void withdraw(Path folder) throws JobException, IOException {
        OutputDirectory directory = new OutputDirectory(folder);
        if (!Files.exists(directory.journal())) {
            return;
        }
        if (directory.isRunning()) {
            throw new JobException("a run is running in " + folder + ", so that its failed points are not evaluated"
                    + " again; wait for its end");
        }
        BitSet failed = RunReader.of(folder).runPoints().result().pointsWith(PointStatus.FAILED);
        directory.clear(false);
        try (Journal journal = PointJournal.reopen(directory.journal())) {
            withdraw(journal, failed);
        }
    }

    private static void withdraw(Journal journal, BitSet points) throws IOException {
        int from = points.nextSetBit(0);
        while (from >= 0) {
            int to = points.nextClearBit(from);
            journal.append(from, to - from, Payload.WITHDRAWN);
            from = points.nextSetBit(to);
        }
        journal.flush();
    }
}
