package org.astropool.internal.cli;

import com.grack.nanojson.JsonWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.batch.BatchReport;
import org.astropool.internal.cli.batch.RunsTable;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.cli.report.LedgerReport;
import org.astropool.internal.cli.report.StatusReport;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.job.run.RunStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows the progress of a run, even while it is running or after it was interrupted.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool status out/pantheon-wcdm",
            "  # Write the rows so far",
            "  astropool status out/pantheon-wcdm --table so-far.ecsv",
            "  # Show where the core-seconds went",
            "  astropool status out/pantheon-wcdm --ledger",
            "  astropool status out/pantheon-wcdm --json | jq .finished",
            "  # Show all runs under a folder",
            "  astropool status --all .",
            "",
            "Does not change the directory."
        })
final class StatusCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "The output directory of a run; with --all a folder that has some.")
    private Path directory;

    @Option(names = "--all", description = "Show a table of all runs under the folder.")
    private boolean all;

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description = "Write the rows of the finished points. The extension of the name gives the format: ecsv,"
                    + " fits, csv, votable (or vot), npz or hdf5 (or h5).")
    private @Nullable Path table;

    @Option(
            names = "--ledger",
            description = "Show where the core-seconds of all starts of the run went; see docs/results.md.")
    private boolean ledger;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws JobException {
        if (all) {
            return showAll();
        }
        boolean holdsRun = new OutputDirectory(directory).holdsRun();
        Optional<BatchReport> batch = Optional.empty();
        String batchProblem = "";
        try {
            batch = Files.isDirectory(directory) ? BatchReport.of(directory) : Optional.empty();
        } catch (JobException e) {
            if (!holdsRun) {
                throw e;
            }
            batchProblem = String.valueOf(e.getMessage()); // the points do not depend on it
        }
        if (batch.isPresent() && table == null && !ledger && !holdsRun) {
            return showWaiting(batch.get());
        }
        RunReader reader = RunReader.of(directory);
        if (table != null) {
            reader.writeTable(table);
        }
        if (ledger) {
            LedgerReport report = LedgerReport.of(directory, reader.activity());
            System.out.print(json ? report.json() : report);
        } else {
            show(reader.status(), batch, batchProblem);
        }
        if (table != null) {
            new Messages(System.err).say("the rows so far are in " + table);
        }
        return ExitCode.OK.code();
    }

    private void show(RunStatus status, Optional<BatchReport> batch, String batchProblem) {
        Optional<RunStatus> run = Optional.of(status);
        if (json) {
            Map<String, @Nullable Object> fields = status.fields();
            fields.put(
                    "batch",
                    batch.map(report -> report.json(run))
                            .orElse(batchProblem.isEmpty() ? null : Map.of("problem", batchProblem)));
            System.out.print(text(fields));
        } else {
            System.out.print(new StatusReport(
                    status,
                    batch.map(report -> report.rows(run))
                            .orElse(
                                    batchProblem.isEmpty()
                                            ? Map.of()
                                            : Map.of("batch job", "unknown: " + batchProblem))));
        }
    }

    /** A run that was submitted and has not begun. */
    private int showWaiting(BatchReport batch) {
        if (json) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("directory", directory.toString());
            fields.put("job", batch.name());
            fields.put("finished", 0);
            fields.put("complete", false);
            fields.put("running", false);
            fields.put("batch", batch.json(Optional.empty()));
            System.out.print(text(fields));
        } else {
            TextTable rows = new TextTable();
            batch.rows(Optional.empty()).forEach(rows::row);
            System.out.print(batch.name() + ": no point yet" + System.lineSeparator() + rows);
        }
        return ExitCode.OK.code();
    }

    private int showAll() throws JobException {
        if (table != null || ledger) {
            throw new JobException("--all shows neither --table nor --ledger; name one run for these");
        }
        RunsTable runs = RunsTable.of(directory);
        System.out.print(json ? text(runs.json()) : runs);
        return ExitCode.OK.code();
    }

    private static String text(Object json) {
        return JsonWriter.indent("  ").string().value(json).done() + "\n";
    }
}
