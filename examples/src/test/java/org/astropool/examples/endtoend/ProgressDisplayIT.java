package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Progress as a real pseudo-terminal gets it. */
class ProgressDisplayIT {
    private static final String PYTHON = "python3";
    private static final Path ON_TERMINAL = Path.of("src/test/resources/org/astropool/examples/endtoend/on_terminal.py")
            .toAbsolutePath();
    private static final int NARROW = 40;
    private static final int WIDE = 200;
    private static final int POINTS = 250;
    private static final Pattern DRAWN = Pattern.compile("\r\u001b\\[K([^\r\n\u001b]*(?:left|so far))");
    private static final Pattern DONE = Pattern.compile("(\\d+)(?:/| points)");
    private static final Pattern IN_JOURNAL =
            Pattern.compile("astropool: (\\d+)(?: of \\d+)? points are in the journal");

    @TempDir
    private Path temp;

    @BeforeEach
    void write() throws IOException {
        Needs.program(PYTHON, "python3");
        Files.writeString(temp.resolve("slow.py"), """
                import time
                from astropool import serve

                def log_likelihood(x, y):
                    time.sleep(0.004)
                    return -(x * x + y * y) / 2

                serve(log_likelihood)
                """);
        StringBuilder rows = new StringBuilder("x,y\n");
        for (int i = 0; i < POINTS; i++) {
            rows.append(i * 1e-3).append(",0.5\n");
        }
        Files.writeString(temp.resolve("rows.csv"), rows);
    }

    private Path job(String kind) throws IOException {
        return Files.writeString(
                temp.resolve(kind + ".toml"),
                """
                job.name = "display"
                model.program = ["python3", "slow.py"]
                output.formats = ["ecsv"]
                [parameters]
                x = { prior = { kind = "flat", from = -5.0, to = 5.0 } }
                y = { prior = { kind = "flat", from = -5.0, to = 5.0 } }
                [%s]
                """.formatted(kind)
                        + switch (kind) {
                            case "grid" ->
                                "x = { from = 0.0, to = 1.0, count = 25 }\ny = { from = 0.0, to = 1.0, count = 10 }\n";
                            case "points" -> "file = \"rows.csv\"\n";
                            case "tasks" -> "table = \"rows.csv\"\n";
                            case "sampler" -> "walkers = 8\nsteps = 30\n";
                            default -> "starts = 4\n";
                        });
    }

    private Ended onTerminal(int columns, Path job, String... options) throws IOException, InterruptedException {
        return Command.astropool(
                        "run",
                        job.toString(),
                        "--workers",
                        "2",
                        "--out",
                        temp.resolve("out").toString())
                .and(options)
                .after(PYTHON, ON_TERMINAL.toString(), String.valueOf(columns))
                .run()
                .with(0);
    }

    /** What a kill in the middle leaves. */
    private void cut() throws IOException {
        Files.delete(temp.resolve("out/summary.json"));
        try (FileChannel journal =
                FileChannel.open(temp.resolve("out/journal/points.journal"), StandardOpenOption.WRITE)) {
            journal.truncate(journal.size() / 2);
        }
    }

    private static List<String> drawn(Ended ended) {
        return DRAWN.matcher(ended.out()).results().map(match -> match.group(1)).toList();
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static void assertFits(Ended ended, int columns, boolean totalIsKnown) {
        assertThat(drawn(ended)).as(ended.toString()).isNotEmpty().allSatisfy(line -> {
            assertThat(line).hasSizeLessThan(columns).doesNotContain("-");
            assertThat(line.contains("%")).isEqualTo(totalIsKnown);
            assertThat(line.contains(" left")).isEqualTo(totalIsKnown);
        });
        String last = ended.out().substring(ended.out().lastIndexOf("\u001b[K"));
        assertThat(last).doesNotContain(" failed, ").contains("written to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grid", "points", "tasks", "sampler", "maximize"})
    void theBarFitsEveryTerminalAndCountsFromWhatAResumedRunHas(String kind) throws Exception {
        Path job = job(kind);
        boolean totalIsKnown = !List.of("sampler", "maximize").contains(kind);

        assertFits(onTerminal(NARROW, job, "--progress", "bar"), NARROW, totalIsKnown);

        cut();
        Ended resumed = onTerminal(WIDE, job, "--resume"); // a bar, since there is a terminal
        assertFits(resumed, WIDE, totalIsKnown);
        long inJournal = number(IN_JOURNAL, resumed.out());
        assertThat(inJournal).isPositive();
        assertThat(number(DONE, drawn(resumed).get(0))).isGreaterThanOrEqualTo(inJournal);
    }

    @Test
    void otherDisplaysAndOtherStreamsGetNoControlCharacters() throws Exception {
        Path job = job("maximize");

        assertThat(onTerminal(NARROW, job, "--progress", "plain").out()).doesNotContain("\u001b");
        assertThat(onTerminal(NARROW, job, "--progress", "none", "--overwrite").out())
                .doesNotContain("\u001b");
        Path log = temp.resolve("log");
        Command.of(List.of("sh", "-c", "exec \"$@\" 2>\"$0\"", log.toString()))
                .and(Command.astropoolWords(
                                "run",
                                job.toString(),
                                "--overwrite",
                                "--out",
                                temp.resolve("out").toString())
                        .toArray(String[]::new))
                .after(PYTHON, ON_TERMINAL.toString(), String.valueOf(WIDE))
                .run()
                .with(0);
        assertThat(Files.readString(log)).contains("astropool: ").doesNotContain("\u001b");
    }
}
