package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.page.ReportPage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes the report of a run, one HTML file, from its output directory.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # Write out/pantheon-wcdm/report.html",
            "  astropool report out/pantheon-wcdm",
            "  # Write another file",
            "  astropool report out/pantheon-wcdm --out page.html",
            "",
            "A run writes its report itself, unless it is killed or report in [output] is",
            "false. Nothing is evaluated."
        })
final class ReportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The output directory of a run.")
    private Path directory;

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write. Default: DIR/report.html.")
    private @Nullable Path out;

    @Override
    public Integer call() throws JobException {
        RunContents contents = RunReader.of(directory).contents();
        Path file = out == null ? new OutputDirectory(directory).report() : out;
        Messages messages = new Messages(System.err);
        try {
            ReportPage.write(contents, file.toAbsolutePath());
        } catch (IOException e) {
            throw new JobException("the report " + file + " cannot be written: " + e + "; choose another --out");
        }
        if (!contents.whyNoPoints().isEmpty()) {
            messages.say("the report shows no points: " + contents.whyNoPoints());
        }
        System.out.println(file);
        return ExitCode.OK.code();
    }
}
