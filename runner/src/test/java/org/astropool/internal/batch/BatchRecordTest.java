package org.astropool.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.astropool.internal.job.JobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchRecordTest {
    @TempDir
    private Path temp;

    @Test
    void theFileHasAllThatWasRecorded() throws Exception {
        Path file = temp.resolve("batch.json");
        BatchRecord record = new BatchRecord(
                        "pbs",
                        "job",
                        Path.of("/a b/job.toml"),
                        "12ab",
                        new BatchLimits(OptionalDouble.of(1.5), OptionalInt.of(7)),
                        true,
                        FirstStart.RETRY_FAILED,
                        "mail me",
                        List.of("1.server"),
                        List.of(),
                        List.of("9"),
                        false,
                        Optional.empty())
                .begun(new BatchStart("2.server", Instant.EPOCH, Optional.empty(), 4, 1, 1, ""))
                .closed(Instant.EPOCH.plusSeconds(3), 9, "time-limit");
        record.write(file);

        assertThat(BatchRecord.read(file)).isEqualTo(record);
        BatchRecord changed = BatchRecord.update(file, one -> one.withJob("3").asCancelled());
        assertThat(changed)
                .isEqualTo(BatchRecord.read(file))
                .isEqualTo(record.withJob("3").asCancelled());
        assertThat(changed.jobs()).containsExactly("1.server", "2.server", "3");
    }

    @Test
    void whatIsNoRecordIsReported() throws Exception {
        Path file = temp.resolve("batch.json");

        assertThatThrownBy(() -> BatchRecord.read(file))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("not submitted");
        for (String text : List.of(
                "",
                "[]",
                "{}",
                "{\"system\": \"pbs\", \"starts\": [1]}",
                "{\"system\": \"pbs\", \"starts\": [null]}",
                "{\"system\": \"pbs\", \"starts\": [{\"started\": \"soon\"}]}",
                "{\"system\": \"pbs\", \"jobs\": [\"--all\"]}")) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> BatchRecord.read(file))
                    .as(text)
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("remove it");
        }
    }
}
