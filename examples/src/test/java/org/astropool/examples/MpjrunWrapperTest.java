package org.astropool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** scripts/astropool-mpjrun with an MPJ Express and a Java that are fakes: what becomes of its files. */
@Timeout(60)
class MpjrunWrapperTest {
    private static final Path WRAPPER =
            Path.of("..", "scripts", "astropool-mpjrun").toAbsolutePath();

    @TempDir
    private Path temp;

    private Path directory;

    @BeforeEach
    void writeTheFakes() throws IOException {
        directory = Files.createDirectory(temp.resolve("directory"));
        Path lib = Files.createDirectories(temp.resolve("mpj/lib"));
        Files.createFile(lib.resolve("starter.jar"));
        Files.createFile(lib.resolve("log4j.jar"));
        Files.createDirectories(temp.resolve("jdk/bin"));
    }

    @Test
    void codeThatTheRunRecordedIsGivenBack() throws Exception {
        java("echo exit_code=3 >>\"$ASTROPOOL_RUN_FILE\"; exit 1");

        assertThat(start().waitFor()).isEqualTo(3);
        assertThat(files()).isEmpty();
    }

    @Test
    void filesOfAWrapperThatWasKilledAreRemovedByTheNextOne() throws Exception {
        java("echo ready; read -r nothing <\"$0.pipe\"");
        new ProcessBuilder("mkfifo", temp.resolve("jdk/bin/java.pipe").toString())
                .start()
                .waitFor();
        Process killed = start();
        assertThat(killed.inputReader().readLine()).isEqualTo("ready");
        Process kill = new ProcessBuilder("kill", "-s", "KILL", String.valueOf(killed.pid())).start();
        assertThat(kill.waitFor()).isZero();
        killed.waitFor();
        Files.writeString(temp.resolve("jdk/bin/java.pipe"), "go on\n");
        assertThat(killed.inputReader().readLine()).isNull(); // what it has started has ended, too
        awaitLock();

        java("echo exit_code=0 >>\"$ASTROPOOL_RUN_FILE\"");
        assertThat(start().waitFor()).isZero();
        assertThat(files()).isEmpty();
    }

    private void java(String commands) throws IOException {
        Path java = Files.writeString(temp.resolve("jdk/bin/java"), "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        WRAPPER.toString(), "-np", "1", "-wdir", directory.toString(), "-cp", "classes", "Main")
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", temp.resolve("jdk").toString());
        builder.environment().put("MPJ_HOME", temp.resolve("mpj").toString());
        return builder.start();
    }

    /** A process that ends closes its standard output a moment before it gives up its locks. */
    private void awaitLock() throws IOException, InterruptedException {
        String signals = files().stream()
                .filter(name -> name.endsWith(".signal"))
                .findFirst()
                .orElseThrow();
        Process lock = new ProcessBuilder("flock", directory.resolve(signals).toString(), "true").start();
        assertThat(lock.waitFor()).isZero();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
