package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.astropool.transport.mpi.Mpiexec;

/** A command line, run as from a shell, but for a time limit. Immutable: each setter returns a copy. */
final class Command {
    /** The repository. */
    static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    /** What users install. */
    static final Path DISTRIBUTION = CHECKOUT.resolve("examples/target/astropool");
    /** Models that make trouble. */
    static final Path TEST_MODELS = CHECKOUT.resolve("examples/target/test-classes");

    private static final Path ASTROPOOL = CHECKOUT.resolve("scripts/astropool");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final List<String> words;
    private final Map<String, String> environment;

    /** How a command ended. */
    record Ended(List<String> words, int code, String out, String err) {

        /** Fails, with all that was said, when the exit code is another. */
        Ended with(int expectedCode) {
            assertThat(code).as("exit code of %s", this).isEqualTo(expectedCode);
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", words) + "\n[exit code " + code + "]\n[stdout]\n" + out + "[stderr]\n" + err;
        }
    }

    private Command(List<String> words, Map<String, String> environment) {
        this.words = List.copyOf(words);
        this.environment = Map.copyOf(environment);
    }

    /** Those of the distribution. */
    static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(DISTRIBUTION.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    static Command of(List<String> words) {
        // The Java of this build, whatever is on the PATH.
        return new Command(words, Map.of("JAVA_HOME", System.getProperty("java.home")));
    }

    /** {@code scripts/astropool} of the repository. */
    static Command astropool(String... arguments) {
        return of(astropoolWords(arguments));
    }

    /** {@code scripts/astropool} of the repository on each rank. */
    static Command astropool(Mpiexec mpiexec, String... arguments) {
        return under(mpiexec, astropoolWords(arguments));
    }

    static Command under(Mpiexec mpiexec, List<String> words) {
        mpiexec.requireInstalled();
        return of(mpiexec.line(words)).with(mpiexec.environment());
    }

    static List<String> astropoolWords(String... arguments) {
        List<String> words = new ArrayList<>(List.of(ASTROPOOL.toString()));
        words.addAll(Arrays.asList(arguments));
        return words;
    }

    /** More words at the end. */
    Command and(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(Arrays.asList(more));
        return new Command(all, environment);
    }

    Command with(String variable, String value) {
        return with(Map.of(variable, value));
    }

    Command with(Map<String, String> variables) {
        Map<String, String> more = new TreeMap<>(environment);
        more.putAll(variables);
        return new Command(words, more);
    }

    /** Runs it. Fails when it does not end in time, or leaves something behind. */
    Ended run() throws IOException, InterruptedException {
        Leftovers leftovers = new Leftovers();
        Ended ended = run(leftovers);
        leftovers.assertNone(ended);
        return ended;
    }

    /** Runs it. Fails when it does not end in time; what it leaves behind, the caller may look for. */
    Ended run(Leftovers leftovers) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("astropool-test");
        try {
            Path out = directory.resolve("out");
            Path err = directory.resolve("err");
            ProcessBuilder builder = new ProcessBuilder(words)
                    .directory(CHECKOUT.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            Mpiexec.forgetLauncher(builder.environment());
            builder.environment().putAll(environment);
            leftovers.mark(builder.environment());
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                String stacks = Mpiexec.stacks(leftovers.processes());
                leftovers.kill(process);
                fail(ended(process, out, err) + "did not end in " + LIMIT.toSeconds() + " s; its threads:\n" + stacks);
            }
            return ended(process, out, err);
        } finally {
            Leftovers.delete(directory);
        }
    }

    private Ended ended(Process process, Path out, Path err) throws IOException, InterruptedException {
        return new Ended(
                words,
                process.waitFor(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
