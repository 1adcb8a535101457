package org.astropool.internal.cli.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.astropool.internal.batch.BatchRequest;
import org.astropool.internal.batch.BatchScript;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.BatchTool;
import org.astropool.internal.batch.SiteSettings;
import org.astropool.internal.job.JobException;

/** Checks the settings of a site, for {@code astropool doctor --site}. */
public final class SiteReport {
    private final Map<String, Object> findings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private SiteReport() {}

    /** @throws JobException when a file has mistakes */
    public static SiteReport of(Map<String, String> environment) throws JobException {
        SiteReport report = new SiteReport();
        SiteSettings site = SiteSettings.read(environment);
        Map<String, String> files = new LinkedHashMap<>();
        for (Path place : SiteSettings.places(environment)) {
            files.put(place.toString(), site.files().contains(place) ? "read" : "there is none");
        }
        report.findings.put("site file", files);
        report.findings.put("site setting", site.described());
        Optional<BatchSystem> system = report.system(site);
        if (system.isPresent()) {
            report.setup(site, system.get());
            report.trial(site, system.get());
        }
        report.findings.put("problems", report.problems.isEmpty() ? "none" : String.join("; ", report.problems));
        return report;
    }

    private Optional<BatchSystem> system(SiteSettings site) throws JobException {
        Optional<BatchSystem> system = site.scheduler().isPresent()
                ? Optional.of(BatchSystem.of(site.scheduler().get()))
                : BatchSystem.found();
        if (system.isEmpty()) {
            problem("batch system", "neither sbatch nor qsub nor bsub is on the PATH");
        } else if (!system.get().isInstalled()) {
            problem(
                    "batch system",
                    system.get().name() + ", but " + system.get().submitCommand() + " is not on the PATH");
        } else {
            findings.put("batch system", system.get().name());
        }
        return system;
    }

    /** The modules have to load, and the launcher has to be there then. */
    private void setup(SiteSettings site, BatchSystem system) {
        String launcher = Launchers.words(
                        Optional.ofNullable(System.getenv(Launchers.VARIABLE)).or(site::launcher), system, null)
                .get(0);
        List<String> lines = new ArrayList<>(site.setupLines());
        if (!launcher.equals(BatchScript.NO_LAUNCHER)) {
            lines.add("type -P -- \"$1\" || { echo \"no launcher $1 on the PATH\" >&2; exit 1; }");
        }
        // As in a job, but so that each line that fails is noticed. PBS gives a job the environment of a login shell.
        List<String> words = new ArrayList<>(List.of("bash", "-e", "-c", String.join("\n", lines), "bash", launcher));
        if (system.name().equals("pbs")) {
            words.add(1, "-l");
        }
        try {
            BatchTool.Answer answer = BatchTool.run(words);
            String said = (answer.out() + "\n" + answer.err()).strip().replace("\n", "; ");
            if (answer.isOk()) {
                findings.put("modules and launcher", said.isEmpty() ? "no launcher" : said);
            } else {
                problem("modules and launcher", said.isEmpty() ? "the lines of setup fail" : said);
            }
        } catch (JobException e) {
            problem("modules and launcher", "the lines of setup: " + e.getMessage());
        }
    }

    /** Account, partition and options, as the batch system judges them. */
    private void trial(SiteSettings site, BatchSystem system) {
        if (!system.isInstalled()) {
            return;
        }
        BatchRequest request = new BatchRequest(
                BatchScript.JOB_PREFIX + "trial",
                site.nodes().orElse(1),
                site.time().orElse(Duration.ofHours(1)),
                site.account(),
                site.partition(),
                site.coresPerNode().map(OptionalInt::of).orElse(OptionalInt.empty()),
                site.wholeNodes().orElse(true),
                0,
                site.options().orElse(List.of()));
        try {
            Path script = Files.createTempFile("astropool-trial", ".sh");
            try {
                Path folder = Path.of("/tmp");
                BatchScript trial = new BatchScript(
                        BatchScript.Kind.RUN,
                        system,
                        request,
                        folder,
                        "astropool",
                        List.of(BatchScript.NO_LAUNCHER),
                        List.of(),
                        List.of(),
                        folder,
                        List.of(),
                        Map.of(),
                        "/tmp");
                Files.writeString(script, trial.text());
                findings.put(
                        "trial",
                        system.trial(script)
                                .map(said -> said.replace("\n", "; "))
                                .orElse(system.submitCommand() + " has no trial"));
            } finally {
                Files.deleteIfExists(script);
            }
        } catch (JobException e) {
            problem("trial", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            problem("trial", e.toString());
        }
    }

    private void problem(String what, String problem) {
        findings.put(what, "PROBLEM: " + problem.replace("\n", "; "));
        problems.add(what);
    }

    /** By what was checked; a map for several things of a kind. */
    public Map<String, Object> findings() {
        return findings;
    }

    public boolean isGood() {
        return problems.isEmpty();
    }
}
