package org.astropool.internal.cli.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.internal.job.JobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionLockTest {
    @TempDir
    private Path temp;

    @Test
    void aSecondSubmissionIntoADirectoryIsRefusedWhileTheFirstGoesOn() throws Exception {
        Path file = temp.resolve("lock");
        Files.createFile(file); // of a submission that was killed

        try (SubmissionLock first = SubmissionLock.of(file)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> SubmissionLock.of(file))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("another astropool submit");
        }
        assertThat(file).doesNotExist();
        SubmissionLock.of(file).close();
    }
}
