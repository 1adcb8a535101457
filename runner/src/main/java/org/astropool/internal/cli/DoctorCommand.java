package org.astropool.internal.cli;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.job.Version;
import org.astropool.internal.launch.Launch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Shows what is available here, or why it is not: Java, launcher, MPI libraries, cores, limits.",
        footerHeading = "%nExamples:%n",
        footer = {"  astropool doctor", "  mpiexec -n 1 astropool doctor   # as a rank sees it"})
final class DoctorCommand implements Callable<Integer> {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final List<String> SHOWN_LIMITS =
            List.of("Max open files", "Max processes", "Max locked memory", "Max stack size");

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Override
    public Integer call() {
        Map<String, Object> findings = findings();
        if (json) {
            System.out.println(JsonWriter.indent("  ").string().value(findings).done());
            return 0;
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
        return 0;
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
        findings.put("limit", limits());
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

    /** Soft limits; empty if the system does not provide them. */
    private static Map<String, String> limits() {
        Map<String, String> limits = new LinkedHashMap<>();
        if (!Files.isReadable(LIMITS)) {
            return limits;
        }
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                SHOWN_LIMITS.stream()
                        .filter(line::startsWith)
                        .forEach(name -> limits.put(
                                name.substring("Max ".length()),
                                line.substring(name.length()).strip().split(" +")[0]));
            }
        } catch (IOException e) {
            limits.put("unknown", e.toString());
        }
        return limits;
    }
}
