package org.astropool.internal.transport.mpi;

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
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs a main class, or any command, as the ranks of a real MPI job and waits for its end. When the job does not end in
 * time, it is killed, and the output says where the ranks hung.
 *
 * <p>Immutable: each setter returns a copy.
 */
public final class Mpiexec {
    public static final Mpiexec OPEN_MPI = new Mpiexec(
            "mpiexec.openmpi",
            "openmpi-bin",
            List.of("--oversubscribe", "--bind-to", "none"),
            // containers of CI run as root
            Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"));

    public static final Mpiexec MPICH = new Mpiexec("mpiexec.mpich", "mpich", List.of(), Map.of());

    private static final List<String> TEST_JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final String program;
    private final String debianPackage;
    private final List<String> options;
    private final Map<String, String> environment;
    private final int ranks;
    private final Duration timeout;

    /** How a job ended; {@code output} is stdout and stderr of all ranks. */
    public record Result(int exitCode, boolean timedOut, String output) {}

    private Mpiexec(String program, String debianPackage, List<String> options, Map<String, String> environment) {
        this(program, debianPackage, options, environment, 3, Duration.ofMinutes(5));
    }

    private Mpiexec(
            String program,
            String debianPackage,
            List<String> options,
            Map<String, String> environment,
            int ranks,
            Duration timeout) {
        this.program = program;
        this.debianPackage = debianPackage;
        this.options = options;
        this.environment = environment;
        this.ranks = ranks;
        this.timeout = timeout;
    }

    /** Both families, for parameterized tests. */
    public static Stream<Mpiexec> all() {
        return Stream.of(OPEN_MPI, MPICH);
    }

    public Mpiexec ranks(int newRanks) {
        return new Mpiexec(program, debianPackage, options, environment, newRanks, timeout);
    }

    public Mpiexec timeout(Duration newTimeout) {
        return new Mpiexec(program, debianPackage, options, environment, ranks, newTimeout);
    }

    /** One more option of this mpiexec. */
    public Mpiexec option(String option) {
        List<String> more = new ArrayList<>(options);
        more.add(option);
        return new Mpiexec(program, debianPackage, List.copyOf(more), environment, ranks, timeout);
    }

    /** One more environment variable for mpiexec and all ranks. */
    public Mpiexec environment(String name, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return new Mpiexec(program, debianPackage, options, more, ranks, timeout);
    }

    /** Skips the test when this mpiexec is not installed; under {@code CI=true} that is a failure. */
    public Mpiexec requireInstalled() {
        boolean installed = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        String missing = program + " is not on the PATH; install the package " + debianPackage;
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(installed, missing);
        }
        Assumptions.assumeTrue(installed, missing);
        return this;
    }

    /** Runs a main class with the class path of this JVM. */
    public Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(TEST_JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return runCommand(command);
    }

    /** Runs any command, the same on each rank. */
    public Result runCommand(List<String> command) throws IOException, InterruptedException {
        return run(line(command), environment, timeout);
    }

    /** Runs a launcher. When it does not end in time, it is killed, and the output says where the ranks hung. */
    public static Result run(List<String> line, Map<String, String> environment, Duration timeout)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("mpiexec", ".log");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
            forgetLauncher(builder.environment());
            builder.environment().putAll(environment);
            Process job = builder.start();
            boolean ended = job.waitFor(timeout.toSeconds(), TimeUnit.SECONDS);
            String stacks = ended
                    ? ""
                    : "\n" + line + " did not end in " + timeout + "\n"
                            + stacks(job.descendants().toList());
            if (!ended) {
                kill(job);
            }
            return new Result(job.waitFor(), !ended, Files.readString(output, StandardCharsets.UTF_8) + stacks);
        } finally {
            Files.delete(output);
        }
    }

    /** The command line that runs a command, the same on each rank. */
    public List<String> line(List<String> command) {
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(options);
        line.addAll(List.of("-n", String.valueOf(ranks)));
        line.addAll(command);
        return line;
    }

    /** What the command line needs in its environment. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** Removes the variables of launchers: a job inside a job would take itself for a part of the outer one. */
    public static void forgetLauncher(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.matches("(OMPI|PMI|PMIX|HYD|MPI|SLURM)[A-Z]*_.*"));
    }

    /** What the threads of those processes do that are JVMs. */
    public static String stacks(List<ProcessHandle> processes) throws IOException, InterruptedException {
        StringBuilder stacks = new StringBuilder();
        for (ProcessHandle process : processes) {
            if (process.info().command().orElse("").endsWith("/java")) {
                Process jcmd = new ProcessBuilder(
                                Path.of(java()).resolveSibling("jcmd").toString(),
                                String.valueOf(process.pid()),
                                "Thread.print")
                        .redirectErrorStream(true)
                        .start();
                stacks.append(new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                jcmd.waitFor();
            }
        }
        return stacks.toString();
    }

    private static void kill(Process job) throws InterruptedException {
        List<ProcessHandle> ranks = job.descendants().toList();
        job.destroy(); // mpiexec cleans up after itself when it is asked to end
        if (!job.waitFor(10, TimeUnit.SECONDS)) {
            job.destroyForcibly();
        }
        ranks.forEach(ProcessHandle::destroyForcibly);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public String toString() {
        return program;
    }
}
