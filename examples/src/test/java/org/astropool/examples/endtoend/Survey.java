package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.astropool.examples.CountedSurvey;
import org.astropool.examples.endtoend.Command.Ended;

/**
 * A run of the Monte-Carlo example with points of at least 2 ms, maybe in several starts, and how often its model was
 * called. Its results must be those of an undisturbed run, to the byte.
 */
final class Survey {
    /** How often a slot evaluates at most. */
    static final int POINTS_A_SECOND = 500;

    private static final Path JOB = Command.CHECKOUT.resolve("examples/jobs/monte-carlo.toml");
    private static final Pattern FINISHED = Pattern.compile("(\\d+) of \\d+ points are in the journal");
    /** Points mostly wait, so that this takes a fraction of the time of a serial run. */
    private static final int REFERENCE_SLOTS = 16;

    /** The results of undisturbed runs, by what makes them differ. */
    private static final Map<String, String> REFERENCE = new ConcurrentHashMap<>();

    private static final int SCATTERS = 25;

    private final Path directory;
    private final Path output;
    private final int points;
    private final double seconds;

    private Survey(Path directory, Path output, int points, double seconds) {
        this.directory = directory;
        this.output = output;
        this.points = points;
        this.seconds = seconds;
    }

    /**
     * @param directory for its files, not yet used
     * @param points a multiple of 25
     */
    static Survey of(Path directory, int points) {
        return new Survey(directory, directory.resolve("out"), points, 1.0 / POINTS_A_SECOND);
    }

    /** The same with points that take longer. */
    Survey taking(double newSeconds) {
        return new Survey(directory, output, points, newSeconds);
    }

    /** The same with another output directory, which need not exist. */
    Survey into(Path newOutput) {
        return new Survey(directory, newOutput, points, seconds);
    }

    Path output() {
        return output;
    }

    int points() {
        return points;
    }

    Results results() {
        return new Results(output());
    }

    /** {@code astropool run} on a pool of this machine. */
    Command on(String pool, int workers) throws IOException {
        return by(Command.astropool("run")).and("--pool", pool, "--workers", String.valueOf(workers));
    }

    /** @param run begins {@code astropool run} */
    Command by(Command run) throws IOException {
        return jobOf(run).and("--progress", "none");
    }

    /** @param command that takes the options of a job */
    Command jobOf(Command command) throws IOException {
        return jobOf(command, JOB);
    }

    /** The same with a copy of the job file. */
    Command jobOf(Command command, Path job) throws IOException {
        Files.createDirectories(directory);
        return command.and(job.toString(), "--out", output().toString())
                .and("--class-path", Command.TEST_MODELS.toString())
                .and("--set", "model.name=counted-survey")
                .and("--set", "model.options.events=2000")
                .and("--set", "model.options.minimum_seconds=" + seconds)
                .and("--set", "grid.limiting_magnitude.count=" + points / SCATTERS)
                .with(CountedSurvey.VARIABLE, evaluationsFile().toString());
    }

    /** A copy of the job file, which may be changed. */
    Path copyOfJob(String name) throws IOException {
        return Files.copy(JOB, Files.createDirectories(directory).resolve(name));
    }

    Path evaluationsFile() {
        return directory.resolve("evaluations");
    }

    /** How often the model was called so far. */
    long evaluations() throws IOException {
        return Files.exists(evaluationsFile()) ? Files.size(evaluationsFile()) : 0;
    }

    /** Waits until the model was called so often. */
    void awaitEvaluations(long count, Running running) throws IOException, InterruptedException {
        running.await(() -> evaluations() >= count);
    }

    /** How many points a resumed run found. */
    static long found(Ended resumed) {
        Matcher matcher = FINISHED.matcher(resumed.err());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /**
     * Checks what a complete run has left: the results of an undisturbed run, and nothing that a run needs only while
     * it goes on.
     */
    void assertComplete() throws IOException, InterruptedException {
        assertSameResults();
        assertThat(files())
                .containsExactlyInAnyOrder(
                        "results.ecsv",
                        "results.fits",
                        "timings.fits",
                        "report.html",
                        "summary.json",
                        "journal/activity.json",
                        "journal/history.json",
                        "journal/job.json",
                        "journal/points.journal");
    }

    /** Checks that the results are those of an undisturbed run. */
    void assertSameResults() throws IOException, InterruptedException {
        assertThat(results().text("results.ecsv")).isEqualTo(reference());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(output())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> output().relativize(file).toString())
                    .toList();
        }
    }

    private String reference() throws IOException, InterruptedException {
        String key = points + " points of " + seconds + " s";
        String known = REFERENCE.get(key);
        if (known == null) {
            Survey undisturbed = of(directory.resolve("undisturbed"), points).taking(seconds);
            undisturbed.on("threads", REFERENCE_SLOTS).run().with(0);
            known = undisturbed.results().text("results.ecsv");
            REFERENCE.put(key, known);
        }
        return known;
    }
}
