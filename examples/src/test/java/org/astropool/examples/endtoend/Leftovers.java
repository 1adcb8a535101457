package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a command leaves behind: processes, shared memory, temporary files. Its processes are known by a variable of
 * their environment, which those have, too, that no longer are its descendants.
 */
final class Leftovers {
    private static final String VARIABLE = "ASTROPOOL_TEST_MARK";
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final List<String> RANK_VARIABLES = List.of("OMPI_COMM_WORLD_RANK", "PMI_RANK");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHARED_MEMORY_PATIENCE = Duration.ofSeconds(2);

    private final String mark = UUID.randomUUID().toString();
    private final Path temporaryFiles;
    private final Set<Path> sharedBefore = filesIn(SHARED_MEMORY);

    Leftovers() throws IOException {
        temporaryFiles = Files.createTempDirectory("apt"); // short: Open MPI makes names of sockets of it
    }

    void mark(Map<String, String> environment) {
        environment.put(VARIABLE, mark);
        environment.put("TMPDIR", temporaryFiles.toString());
        environment.put("ASTROPOOL_SPOOL", temporaryFiles.toString()); // in shared memory it could be of another test
    }

    /** Those that run. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    /** The process of a rank of MPI, if it runs. */
    Optional<ProcessHandle> rank(int rank) {
        return processes().stream()
                .filter(process -> RANK_VARIABLES.stream()
                        .anyMatch(variable -> content(PROCESSES.resolve(process.pid() + "/environ"))
                                .contains("\0" + variable + "=" + rank + "\0")))
                .findFirst();
    }

    private boolean isOurs(ProcessHandle process) {
        String entry = VARIABLE + "=" + mark;
        return content(PROCESSES.resolve(process.pid() + "/environ")).contains(entry);
    }

    /** Fails when there is anything, after what is about to end has had the time to do so. */
    void assertNone(Object command) throws IOException, InterruptedException {
        assertNone(command, PATIENCE);
    }

    /** @param patience what processes that are about to end are given */
    void assertNone(Object command, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> running = new ArrayList<>();
        for (ProcessHandle process : processes()) {
            String name = process.info().commandLine().orElse("") + " " + process.pid();
            if (!ends(process, deadline)) {
                running.add(name);
                process.destroyForcibly();
            }
        }
        Set<Path> files = filesIn(temporaryFiles);
        delete(temporaryFiles);
        assertThat(running).as("processes left behind by %s", command).isEmpty();
        assertThat(files).as("files left in TMPDIR by %s", command).isEmpty();
        assertThat(sharedMemoryOfNobodyFor(SHARED_MEMORY_PATIENCE))
                .as("shared memory left behind by %s", command)
                .isEmpty();
    }

    void kill(Process command) throws InterruptedException {
        List<ProcessHandle> all = processes();
        command.destroy(); // a launcher cleans up after itself when it is asked to end
        if (!command.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            command.destroyForcibly();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** What stays so: a rank of somebody else's creates its file before it uses it, and removes it after. */
    private List<Path> sharedMemoryOfNobodyFor(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        List<Path> files = sharedMemoryOfNobody();
        while (!files.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(100);
            files.retainAll(sharedMemoryOfNobody());
        }
        return files;
    }

    /** New since the command began, and used by no process: other programs may be at work here. */
    private List<Path> sharedMemoryOfNobody() {
        Set<Path> files = filesIn(SHARED_MEMORY);
        files.removeAll(sharedBefore);
        if (files.isEmpty()) {
            return new ArrayList<>();
        }
        String used = ProcessHandle.allProcesses()
                .map(process -> content(PROCESSES.resolve(process.pid() + "/maps")))
                .collect(Collectors.joining());
        return files.stream()
                .filter(file -> !used.contains(file.toString()) && Files.exists(file))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static boolean ends(ProcessHandle process, long deadline) throws InterruptedException {
        try {
            process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Empty when the process has ended or is somebody else's. */
    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static Set<Path> filesIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
