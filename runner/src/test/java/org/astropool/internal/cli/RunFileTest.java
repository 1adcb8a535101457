package org.astropool.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    @TempDir
    private Path temp;

    @Test
    void linesAreAppended() throws Exception {
        Path file = Files.createFile(temp.resolve("run"));
        RunFile runFile = new RunFile(Map.of("ASTROPOOL_RUN_FILE", file.toString()));

        runFile.begun();
        runFile.exits(3);

        assertThat(file).hasContent("begun=1\nexit_code=3");
        assertThat(temp).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void optionsThatConcernTheWrapperAreRecorded() throws Exception {
        Path file = Files.createFile(temp.resolve("run"));
        RunFile runFile = new RunFile(Map.of("ASTROPOOL_RUN_FILE", file.toString()));

        runFile.options(Duration.ofMillis(1_200), null);
        assertThat(file).hasContent("grace_seconds=2");
        runFile.options(Duration.ofSeconds(3), Duration.ofMinutes(2));
        assertThat(Files.readAllLines(file)).endsWith("grace_seconds=3", "time_limit=PT2M");
    }

    @Test
    void aFileThatTheWrapperHasRemovedIsNotCreatedAgain() throws Exception {
        Path file = Files.createFile(temp.resolve("run"));
        RunFile runFile = new RunFile(Map.of("ASTROPOOL_RUN_FILE", file.toString()));
        runFile.begun();
        Files.delete(file);

        runFile.exits(4);

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aRunHasEndedWhenItsResultIsRecordedAndNoWorkerWasLost() throws Exception {
        Path file = temp.resolve("run");
        RunFile runFile = new RunFile(Map.of("ASTROPOOL_RUN_FILE", file.toString()));
        assertThat(runFile.hasEnded(4)).isFalse();
        Files.writeString(file, "started=1\nexit_code=4\n");
        assertThat(runFile.hasEnded(4)).isFalse();
        Files.writeString(file, "complete=false\nreason=workers-lost\nexit_code=4\n");
        assertThat(runFile.hasEnded(4)).isFalse();
        Files.writeString(file, "complete=false\nreason=time-limit\nexit_code=4\n");
        assertThat(runFile.hasEnded(4)).isTrue();
        assertThat(runFile.hasEnded(1)).isFalse();
        assertThat(new RunFile(Map.of()).hasEnded(4)).isFalse();
    }

    @Test
    void emptyFileOfSignalsIsNoSignal() throws Exception {
        Path file = Files.createFile(temp.resolve("run"));
        Path signals = Files.createFile(temp.resolve("run.signal"));
        RunFile runFile = new RunFile(Map.of("ASTROPOOL_RUN_FILE", file.toString()));

        assertThat(runFile.forwardedSignal()).isEmpty();
        Files.writeString(signals, "signal=INT\n");
        assertThat(runFile.forwardedSignal()).contains("INT");
    }
}
