package org.astropool.internal.cli;

import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.report.LedgerReport;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.explain.Explanation;
import org.astropool.internal.job.explain.Explanation.Finding;
import org.astropool.internal.job.run.RunReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Explains what limits the speed of a run and what to change, even while it is running.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool explain out/pantheon-wcdm",
            "  astropool explain out/pantheon-wcdm --json | jq '.findings[].title'",
            "",
            "Does not change the directory. The numbers are those of status --ledger, for",
            "the newest start of the run."
        })
final class ExplainCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The output directory of a run.")
    private Path directory;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws JobException {
        RunReader reader = RunReader.of(directory);
        LedgerReport.of(directory, reader.activity()); // refuses a run without a record
        Explanation explanation = Explanation.of(reader.status(), reader.isSearch(), reader.activity());
        System.out.print(json ? json(explanation) : text(explanation));
        return ExitCode.OK.code();
    }

    private static String text(Explanation explanation) {
        StringBuilder text = new StringBuilder(explanation.headline()).append(System.lineSeparator());
        int number = 1;
        for (Finding finding : explanation.findings()) {
            text.append(System.lineSeparator())
                    .append(number++)
                    .append(". ")
                    .append(finding.title())
                    .append(System.lineSeparator())
                    .append("   ")
                    .append(finding.evidence())
                    .append(System.lineSeparator())
                    .append("   What to change: ")
                    .append(finding.advice())
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String json(Explanation explanation) {
        List<Map<String, Object>> findings = explanation.findings().stream()
                .map(finding -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("kind", finding.kind());
                    fields.put("share", finding.share());
                    fields.put("title", finding.title());
                    fields.put("evidence", finding.evidence());
                    fields.put("advice", finding.advice());
                    return fields;
                })
                .toList();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("headline", explanation.headline());
        document.put("findings", findings);
        return JsonWriter.indent("  ").string().value(document).done() + "\n";
    }
}
