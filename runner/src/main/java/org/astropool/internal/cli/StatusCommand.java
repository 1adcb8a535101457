package org.astropool.internal.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
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
        description = "How far a run is, also while it goes on or after it was cut off.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool status out/pantheon-wcdm",
            "  astropool status out/pantheon-wcdm --table so-far.ecsv    the rows that are there",
            "  astropool status out/pantheon-wcdm --json | jq .finished",
            "",
            "Nothing in the directory is changed."
        })
final class StatusCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The output directory of a run.")
    private Path directory;

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description = "Write the rows of the points that are finished. The file's ending says which format:"
                    + " .ecsv, .fits, .csv, .votable or .vot.")
    private @Nullable Path table;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws JobException {
        RunReader reader = RunReader.of(directory);
        if (table != null) {
            reader.writeTable(table);
        }
        System.out.print(json ? reader.status().json() : new StatusReport(reader.status()));
        if (table != null) {
            new Messages(System.err).say("the rows so far are in " + table);
        }
        return ExitCode.OK.code();
    }
}
