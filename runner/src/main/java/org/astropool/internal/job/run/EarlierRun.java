package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.plan.DataFile;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.plan.ModelRecord;
import org.astropool.internal.job.plan.PlannedPoints;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.journal.Journal;

/**
 * The run whose results are already in the output directory and which a {@link JobRun} continues. Decides whether its
 * journal may be used: its points and its model must be those of the job, apart from additional points of a search and
 * from changes of the model that were accepted.
 */
final class EarlierRun {
    private final Job job;
    private final OutputDirectory directory;
    private final boolean acceptsModelChanges;
    private final List<String> reports;
    /** What the continued run evaluates; its record of the model includes the accepted changes. */
    private EvaluationSpec spec;
    /** What the journal contains: the same points, or the first points of the same search. */
    private EvaluationSpec begun;
    /** Whether the journal may be used although its header names another model, since that model was accepted. */
    private boolean sameModel;

    private EarlierRun(
            Job job,
            EvaluationSpec spec,
            OutputDirectory directory,
            boolean acceptsModelChanges,
            List<String> reports) {
        this.job = job;
        this.spec = spec;
        this.begun = spec;
        this.directory = directory;
        this.acceptsModelChanges = acceptsModelChanges;
        this.reports = reports;
    }

    /**
     * Compares the model with that of the run that is continued.
     *
     * @param acceptsModelChanges whether the run may be continued with another model than it was begun with
     * @param reports receives what the user should know about the earlier run
     * @throws JobException when the model is another one, and that is not accepted
     */
    static EarlierRun of(
            Job job, EvaluationSpec spec, OutputDirectory directory, boolean acceptsModelChanges, List<String> reports)
            throws JobException, IOException {
        EarlierRun run = new EarlierRun(job, spec, directory, acceptsModelChanges, reports);
        run.begun = run.shorterSearch();
        run.sameModel = run.compareModels();
        return run;
    }

    /** What is to be evaluated, with a record of the model that includes the accepted changes. */
    EvaluationSpec spec() {
        return spec;
    }

    /** Whether the job has a longer search than the journal. */
    boolean isExtended() {
        return begun.points().size() < spec.points().size();
    }

    /** The exit code in the summary, if the earlier run is complete. */
    OptionalInt recordedCode() throws JobException, IOException {
        if (!Files.exists(directory.summary())) {
            return OptionalInt.empty();
        }
        try {
            return Summary.recordedCode(directory.summary(), begun, sameModel);
        } catch (JobException e) {
            throw withDifferences(e);
        }
    }

    /**
     * Opens the journal to append to it, and reads its points.
     *
     * @throws JobException when there is none, or it contains other points
     */
    Journal reopenJournal(EvaluationResult points, List<DataFile> dataFiles) throws JobException, IOException {
        checkThatThereIsAJournal();
        try {
            Journal.Opened opened = PointJournal.reopen(directory.journal(), begun, sameModel, dataFiles, points);
            reports.addAll(PointJournal.reports(directory.journal(), opened.recovery()));
            return opened.journal();
        } catch (JobException e) {
            throw withDifferences(e);
        }
    }

    /**
     * Checks without reading its points that the journal can be continued.
     *
     * @throws JobException when there is none, or it contains other points
     */
    void checkJournal(List<DataFile> dataFiles) throws JobException, IOException {
        checkThatThereIsAJournal();
        try {
            PointJournal.check(directory.journal(), begun, sameModel, dataFiles);
        } catch (JobException e) {
            throw withDifferences(e);
        }
    }

    private void checkThatThereIsAJournal() throws JobException {
        if (!Files.exists(directory.journal())) {
            throw new JobException("--resume: " + directory.path() + " holds results ("
                    + directory.ours().get(0).getFileName() + ") without a journal, so nothing says which points they"
                    + " are; use --overwrite, or another --out");
        }
    }

    /** The points of the job, or of the same search with fewer points if the journal has that. */
    private EvaluationSpec shorterSearch() throws IOException {
        if (!(job.plan() instanceof Plan.Search search) || !Files.exists(directory.journal())) {
            return spec;
        }
        long points;
        try {
            points = PointJournal.header(directory.journal()).points();
        } catch (JobException e) {
            return spec; // reported when the journal is opened
        }
        Optional<Plan.Search> shorter = search.shorter(points);
        return shorter.isEmpty()
                ? spec
                : spec.with(PlannedPoints.proposals(shorter.get(), spec.points().names()));
    }

    /** Returns {@link #sameModel}. */
    private boolean compareModels() throws JobException {
        Path folder = folder();
        RunRecord.ModelDigests recorded = RunRecord.model(folder).orElse(null);
        if (recorded == null) {
            return false;
        }
        if (recorded.record().isEmpty()) {
            reports.add(
                    "the run in " + directory.path() + " was begun by a release that recorded no digests of its model's"
                            + " files: whether they have changed since is not known");
            return false;
        }
        ModelRecord old = recorded.record().get();
        List<String> changes = new ArrayList<>(spec.modelRecord().changesSince(old.parts()));
        if (!changes.isEmpty() && !acceptsModelChanges) {
            throw new JobException("--resume: the results in " + directory.path()
                    + " are of a model with different files, versions or data files: "
                    + String.join("; ", changes)
                    + "; undo the change, use --overwrite to begin again, or --accept-model-changes to"
                    + " have results of both");
        }
        spec.modelRecord()
                .interpreterChangesSince(old.parts())
                .forEach(change -> reports.add(change
                        + "; the existing results were computed with the former, which is taken to be equivalent"));
        boolean samePoints = recorded.points().equals(Digests.ofPoints(begun));
        if (acceptsModelChanges && samePoints) {
            RunRecord.differences(folder, job, spec).stream()
                    .filter(difference -> difference.startsWith("model."))
                    .forEach(changes::add);
            changes.forEach(change -> reports.add("accepted: " + change));
        }
        ModelRecord record = spec.modelRecord().accepting(old.accepted()).accepting(changes);
        spec = spec.with(record);
        begun = begun.with(record);
        return recorded.isOf(begun) || (acceptsModelChanges && samePoints);
    }

    private JobException withDifferences(JobException refusal) {
        List<String> differences = new ArrayList<>(RunRecord.differences(folder(), job, spec));
        if (isExtended() && job.plan() instanceof Plan.Search search) {
            search.lengthKey()
                    .map(key -> search.key() + "." + key + " ")
                    .ifPresent(key -> differences.removeIf(difference -> difference.startsWith(key)));
        }
        return differences.isEmpty()
                ? refusal
                : new JobException(refusal.getMessage() + " (" + String.join("; ", differences) + ")");
    }

    /** The folder of the journal and of the record of the run. */
    private Path folder() {
        return directory.journal().resolveSibling(".");
    }
}
