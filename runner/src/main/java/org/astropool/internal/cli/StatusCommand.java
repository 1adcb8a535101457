package org.astropool.internal.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.report.LedgerReport;
import org.astropool.internal.cli.report.StatusReport;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.RunReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows the progress of a run, also while it is running or after it was interrupted.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool status out/pantheon-wcdm",
            "  astropool status out/pantheon-wcdm --table so-far.ecsv    the rows so far",
            "  astropool status out/pantheon-wcdm --json | jq .finished",
            "  astropool status out/pantheon-wcdm --ledger               where the core-seconds went",
            "",
            "Does not change the directory."
        })
final class StatusCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The output directory of a run.")
    private Path directory;

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description = "Write the rows of the finished points. The ending of the name gives the format:"
                    + " .ecsv, .fits, .csv, .votable or .vot.")
    private @Nullable Path table;

    @Option(
            names = "--ledger",
            description = "Show where the core-seconds of all starts of the run went; see docs/results.md.")
    private boolean ledger;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws JobException {
        RunReader reader = RunReader.of(directory);
        if (table != null) {
            reader.writeTable(table);
        }
        if (ledger) {
            LedgerReport report = LedgerReport.of(directory, reader.activity());
            System.out.print(json ? report.json() : report);
        } else {
            System.out.print(json ? reader.status().json() : new StatusReport(reader.status()));
        }
        if (table != null) {
            new Messages(System.err).say("the rows so far are in " + table);
        }
        return ExitCode.OK.code();
    }
}
