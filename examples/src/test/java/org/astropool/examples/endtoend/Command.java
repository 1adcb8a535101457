package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.astropool.internal.transport.mpi.Mpiexec;

/** A command line, run as from a shell, but for a time limit. Immutable: each setter returns a copy. */
final class Command {
    /** The repository. */
    static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    /** What users install. */
    static final Path DISTRIBUTION = CHECKOUT.resolve("scripts/distribution/target/astropool");
    /** Models that make trouble. */
    static final Path TEST_MODELS = CHECKOUT.resolve("examples/target/test-classes");

    private static final Path ASTROPOOL = CHECKOUT.resolve("scripts/astropool");

    private final List<String> words;
    private final Map<String, String> environment;
    private final String shell;

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

    /** @param shell what a shell does first; nothing where it is empty */
    private Command(List<String> words, Map<String, String> environment, String shell) {
        this.words = List.copyOf(words);
        this.environment = Map.copyOf(environment);
        this.shell = shell;
    }

    /** Those of the distribution. */
    static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(DISTRIBUTION.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    static Command of(List<String> words) {
        // The Java of this build, whatever is on the PATH. Most runs are over before optimized code would be of use.
        return new Command(
                words,
                Map.of("JAVA_HOME", System.getProperty("java.home"), "ASTROPOOL_JAVA_OPTS", "-XX:TieredStopAtLevel=1"),
                System.getenv().getOrDefault("ASTROPOOL_TEST_SHELL", ""));
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
        return new Command(all, environment, shell);
    }

    Command with(String variable, String value) {
        return with(Map.of(variable, value));
    }

    Command with(Map<String, String> variables) {
        Map<String, String> more = new TreeMap<>(environment);
        more.putAll(variables);
        return new Command(words, more, shell);
    }

    /**
     * With signals as a terminal has them: what a build ignores, a background job's SIGINT, its children would, too.
     */
    Command heedingSignals() {
        return after("env", "--default-signal=INT,TERM,HUP,USR1");
    }

    /** With no file longer than this. */
    Command withFilesUpTo(int kibibytes) {
        return after("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash");
    }

    /** With this file as standard input. */
    Command readingFrom(Path file) {
        return after("bash", "-c", "exec \"$@\" <\"$0\"", file.toString());
    }

    /** For Java without the launcher: only that fits it into the limits and the locale of the shell. */
    Command outsideTheShellOfTheTests() {
        return new Command(words, environment, "");
    }

    /** Another command runs it. */
    Command after(String... first) {
        List<String> all = new ArrayList<>(Arrays.asList(first));
        all.addAll(words);
        return new Command(all, environment, shell);
    }

    /** Runs it. Fails when it does not end in time, or leaves something behind. */
    Ended run() throws IOException, InterruptedException {
        return start().end();
    }

    /** Runs it. Fails when it does not end in time; what it leaves behind, the caller may look for. */
    Ended run(Leftovers leftovers) throws IOException, InterruptedException {
        return start(leftovers).await();
    }

    /** Starts it. Must be followed by the end of what it returns. */
    Running start() throws IOException {
        return start(new Leftovers());
    }

    /** The tests can be run under other limits and locales than those of the build, see CONTRIBUTING.md. */
    private List<String> wordsInShell() {
        return shell.isEmpty() ? words : after("sh", "-c", shell + "; exec \"$@\"", "sh").words;
    }

    /** Starts it; what it leaves behind, the caller may look for. */
    Running start(Leftovers leftovers) throws IOException {
        Path output = Files.createTempDirectory("astropool-test");
        ProcessBuilder builder = new ProcessBuilder(wordsInShell())
                .directory(CHECKOUT.toFile())
                .redirectOutput(output.resolve(Running.OUT).toFile())
                .redirectError(output.resolve(Running.ERR).toFile());
        Mpiexec.forgetLauncher(builder.environment());
        builder.environment().putAll(environment);
        leftovers.mark(builder.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        return new Running(words, process, output, leftovers);
    }
}
