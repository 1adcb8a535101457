package org.astropool.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.astropool.pool.Pool;
import org.astropool.pool.ProgressListener;
import uk.ac.starlink.table.StarTable;

/** A job on its way: checked, evaluated, written. Nothing is written before everything that can be checked was. */
public final class JobRun {

    /** What to do about results that are there already. */
    public enum OldResults {
        /** Refuse to start. */
        KEEP,
        /** Go on where they end. */
        RESUME,
        /** Remove them. */
        OVERWRITE
    }

    /**
     * What was written.
     *
     * @param exitCode what the run came to
     * @param files result files, the summary last
     */
    public record Written(ExitCode exitCode, Summary summary, List<Path> files) {}

    private final Job job;
    private final GridSpec spec;
    private final OutputDirectory directory;
    private final List<ResultFormat> formats;
    private final OptionalInt recordedCode;

    private JobRun(Job job, GridSpec spec, OutputDirectory directory, OptionalInt recordedCode) {
        this.job = job;
        this.spec = spec;
        this.directory = directory;
        this.formats = job.output().formats().isEmpty()
                ? spec.defaultFormats()
                : job.output().formats();
        this.recordedCode = recordedCode;
    }

    /**
     * Checks a job and makes its output directory.
     *
     * @throws JobException with all problems that were found
     */
    public static JobRun prepare(Job job, OldResults oldResults) throws JobException {
        GridSpec spec = GridSpec.of(job);
        OutputDirectory directory = new OutputDirectory(job.output().directory());
        OptionalInt recorded = OptionalInt.empty();
        if (oldResults == OldResults.RESUME && !directory.ours().isEmpty()) {
            if (!directory.ours().contains(directory.summary())) {
                throw Summary.incomplete(directory.summary());
            }
            recorded = OptionalInt.of(Summary.recordedCode(directory.summary(), spec));
        }
        JobRun run = new JobRun(job, spec, directory, recorded);
        if (recorded.isEmpty()) {
            run.checkCapacity();
            directory.create(oldResults == OldResults.OVERWRITE);
        }
        return run;
    }

    private void checkCapacity() throws JobException {
        List<String> problems = new ArrayList<>();
        String place = job.origin().of("grid") + ": ";
        try {
            Capacity.problems(
                            spec,
                            directory.path(),
                            formats,
                            Runtime.getRuntime().maxMemory())
                    .forEach(problem -> problems.add(place + problem));
        } catch (IOException e) {
            problems.add("the free space of " + directory.path() + " cannot be found out: " + e);
        }
        if (!problems.isEmpty()) {
            throw new JobException(problems);
        }
    }

    public GridSpec spec() {
        return spec;
    }

    public Path directory() {
        return directory.path();
    }

    /** The exit code that a complete run recorded, when {@link OldResults#RESUME} found one: nothing is left to do. */
    public OptionalInt recordedCode() {
        return recordedCode;
    }

    /**
     * Removes results that are to be overwritten, which must not happen before there is a pool, and evaluates the points;
     * see {@link GridRunner#run}.
     *
     * @throws JobException when old results cannot be removed
     */
    public GridRun evaluate(Pool pool, ProgressListener progress) throws JobException {
        directory.clear();
        return GridRunner.run(pool, spec, job.run(), progress);
    }

    /**
     * Writes the tables, and the summary last. Of a run that ended early only failures and summary are written.
     *
     * @param pool the name of the pool, for the summary
     */
    public Written write(GridRun run, String pool) throws IOException {
        GridResult result = run.result();
        ResultTables tables = new ResultTables(result);
        List<Path> files = new ArrayList<>();
        if (run.isComplete()) {
            StarTable table = tables.results();
            for (ResultFormat format : formats) {
                Path file = directory.results(format);
                TableFile.write(table, format, file);
                files.add(file);
            }
            TableFile.write(tables.timings(run::host), ResultFormat.FITS, directory.timings());
            files.add(directory.timings());
        }
        if (!result.failures().isEmpty()) {
            TableFile.write(tables.failures(), ResultFormat.ECSV, directory.failures());
            files.add(directory.failures());
        }
        ExitCode exitCode = exitCode(run);
        Summary summary = Summary.of(run, pool, exitCode);
        summary.write(directory.summary());
        files.add(directory.summary());
        return new Written(exitCode, summary, files);
    }

    private ExitCode exitCode(GridRun run) {
        if (!run.isComplete()) {
            return ExitCode.ENDED_EARLY;
        }
        int failed = run.result().count(PointStatus.FAILED);
        return job.run().allowFailures().allows(failed, run.result().points()) ? ExitCode.OK : ExitCode.FAILURES;
    }
}
