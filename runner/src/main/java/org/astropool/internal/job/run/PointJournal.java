package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.engine.JournalledOutcomes;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.Version;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.plan.DataFile;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.journal.Damage;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.JournalException;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.internal.journal.RecordReader;
import org.astropool.internal.journal.Recovery;
import org.astropool.task.Outcome;

/** The points of a grid in the journal of a run. Stateless. */
final class PointJournal {
    private PointJournal() {}

    static JournalHeader header(EvaluationSpec spec, List<DataFile> files) {
        return new JournalHeader(
                Version.number(),
                spec.name(),
                spec.model().name(),
                Digests.of(spec),
                Digests.ofOptionsAndData(spec, files),
                spec.points().size());
    }

    /** Creates a journal without points, and next to it the record of the run. */
    static Journal create(Path file, Job job, EvaluationSpec spec, List<DataFile> files) throws IOException {
        RunRecord.write(parent(file), job, spec, files, 0); // first, so that every journal has one
        return Journal.create(file, header(spec, files));
    }

    /**
     * Opens a journal to append to it.
     *
     * @param sameModel whether the model is taken to be that of the journal, because its changes were accepted in this
     *     or an earlier run
     * @param result receives the points in the journal
     * @throws JobException when it belongs to another job or model, or cannot be used
     */
    static Journal.Opened reopen(
            Path file, EvaluationSpec spec, boolean sameModel, List<DataFile> files, EvaluationResult result)
            throws JobException, IOException {
        try {
            JournalHeader mine = header(spec, files);
            return Journal.reopen(file, sameModel ? withModelOf(file, mine) : mine, into(result));
        } catch (JournalException e) {
            throw new JobException("--resume: " + e.getMessage());
        }
    }

    /**
     * Compares the header of a journal with that of a job, as {@link #reopen} does.
     *
     * @throws JobException when it belongs to another job or model, or cannot be used
     */
    static void check(Path file, EvaluationSpec spec, boolean sameModel, List<DataFile> files)
            throws JobException, IOException {
        try {
            JournalHeader mine = header(spec, files);
            List<String> differences = Journal.header(file).differencesFrom(sameModel ? withModelOf(file, mine) : mine);
            if (!differences.isEmpty()) {
                throw JournalException.ofAnotherRun(file, differences);
            }
        } catch (JournalException e) {
            throw new JobException("--resume: " + e.getMessage());
        }
    }

    /**
     * Opens the journal of a run that is not going on, to append to it.
     *
     * @throws JobException when it cannot be used
     */
    static Journal reopen(Path file) throws JobException, IOException {
        try {
            return Journal.reopen(file, Journal.header(file), (firstTask, count, payload) -> {})
                    .journal();
        } catch (JournalException e) {
            throw new JobException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Replaces the header of a journal by that of a job which continues with its points, and opens it again.
     *
     * @param journal the open journal, which is closed
     */
    static Journal renew(Path file, Journal journal, EvaluationSpec spec, List<DataFile> files) throws IOException {
        journal.close();
        JournalHeader header = header(spec, files);
        try {
            Journal.rewrite(file, header);
            return Journal.reopen(file, header, (firstTask, count, payload) -> {})
                    .journal();
        } catch (JournalException e) {
            throw new IOException("the journal " + file + " was changed by another program: " + e.getMessage(), e);
        }
    }

    private static JournalHeader withModelOf(Path file, JournalHeader mine) throws IOException, JournalException {
        JournalHeader old = Journal.header(file);
        return new JournalHeader(
                mine.release(), mine.job(), old.model(), old.jobDigest(), old.modelDigest(), mine.points());
    }

    /** The header of a journal. */
    static JournalHeader header(Path file) throws JobException, IOException {
        try {
            return Journal.header(file);
        } catch (JournalException e) {
            throw new JobException(String.valueOf(e.getMessage()));
        }
    }

    /** Reads a journal that another run may be writing. */
    static Recovery read(Path file, JournalHeader header, EvaluationResult result) throws JobException, IOException {
        try {
            return Journal.read(file, header, into(result));
        } catch (JournalException e) {
            throw new JobException(String.valueOf(e.getMessage()));
        }
    }

    private static RecordReader into(EvaluationResult result) {
        return (firstTask, count, payload) -> {
            if (!payload.hasRemaining()) {
                for (int point = (int) firstTask; point < firstTask + count; point++) {
                    result.withdraw(point);
                }
                return;
            }
            List<Outcome<Object>> outcomes = JournalledOutcomes.readPlain(firstTask, count, payload);
            outcomes.forEach(result::check); // all of a record before the first one is added
            outcomes.forEach(result::add);
        };
    }

    /** Messages about what could not be read, and what happens with it. */
    static List<String> reports(Path file, Recovery recovery) {
        List<String> reports = new ArrayList<>();
        if (recovery.tornBytes() > 0) {
            reports.add(file + ": the last " + recovery.tornBytes()
                    + " bytes were being written when the run ended; they are removed, and their points are"
                    + " evaluated again");
        }
        for (Damage damage : recovery.damages()) {
            reports.add(file + ": " + damage + "; they are evaluated again");
        }
        return reports;
    }

    /** Removes the journal and the files next to it. */
    static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        for (String name : List.of(RunRecord.FILE, RecordedTasks.FILE)) {
            Path record = parent(file).resolve(name);
            Files.deleteIfExists(record);
            Files.deleteIfExists(AtomicFile.part(record));
        }
    }

    private static Path parent(Path file) {
        return java.util.Objects.requireNonNull(file.getParent(), "a journal lies in a folder");
    }
}
