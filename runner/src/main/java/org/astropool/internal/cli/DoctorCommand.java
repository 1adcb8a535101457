package org.astropool.internal.cli;

import com.grack.nanojson.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.cli.batch.SiteReport;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.cli.process.NodeLimits;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.Version;
import org.astropool.internal.launch.Launch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Shows what is available here, or why it is not: Java, launcher, MPI libraries, cores, limits.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool doctor",
            "  # As a rank sees it",
            "  mpiexec -n 1 astropool doctor",
            "  # What astropool submit will use: site.toml, modules, account",
            "  astropool doctor --site"
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Option(
            names = "--site",
            description =
                    "Check the settings for batch jobs instead (site.toml); the exit code is 2 if something is wrong.")
    private boolean site;

    @Override
    public Integer call() throws JobException {
        if (site) {
            SiteReport report = SiteReport.of(System.getenv());
            show(report.findings());
            return report.isGood() ? ExitCode.OK.code() : ExitCode.USAGE.code();
        }
        show(findings());
        return ExitCode.OK.code();
    }

    private void show(Map<String, Object> findings) {
        if (json) {
            System.out.println(JsonWriter.indent("  ").string().value(findings).done());
            return;
        }
        TextTable table = new TextTable();
        findings.forEach((what, finding) -> {
            if (finding instanceof Map<?, ?> parts) {
                parts.forEach((part, text) -> table.row(what + " " + part, String.valueOf(text)));
            } else {
                table.row(what, String.valueOf(finding));
            }
        });
        System.out.print(table);
    }

    private static Map<String, Object> findings() {
        Map<String, Object> findings = new LinkedHashMap<>();
        findings.put("astropool", Version.number());
        findings.put(
                "java",
                System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + ", "
                        + System.getProperty("java.home"));
        findings.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        findings.put("processors", Runtime.getRuntime().availableProcessors());
        findings.put("heap", (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        Launch launch = Launch.ofThisProcess();
        findings.put("launcher", launch.launcher().description() + ", rank " + launch.rank() + " of " + launch.size());
        findings.put("pool", pools());
        NodeLimits limits = NodeLimits.ofThisProcess();
        findings.put("limit", limits.limits());
        findings.put("memory", limits.memory());
        findings.put("class archive", classArchive());
        return findings;
    }

    private static Map<String, String> pools() {
        Map<String, String> pools = new LinkedHashMap<>();
        for (CarrierProvider provider : CarrierProvider.all()) {
            String found = provider.details().replace("\n", "; ");
            String finding = provider.unavailableBecause()
                    .map(reason -> "not available: " + reason + (reason.contains(found) ? "" : "; found: " + found))
                    .orElse("available" + (found.isEmpty() ? "" : ": " + found));
            pools.put(provider.name(), finding);
        }
        return pools;
    }

    /** Whether Java accepts the archive of classes that the launcher names, without which it starts more slowly. */
    private static String classArchive() {
        return System.getProperty("java.vm.info", "").contains("sharing")
                ? "in use"
                : "not in use, so that Java starts more slowly: there is none, or another Java made it, or it was made for"
                        + " jars with other times";
    }
}
