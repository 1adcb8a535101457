package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The job files of {@code examples/jobs}. */
class JobFilesTest {

    @ParameterizedTest
    @MethodSource("files")
    void jobFileFitsItsModelAndSaysWhatToExpect(Path file) throws IOException, JobException {
        Job job = read(file, PublishedData.folder());

        assertThat(file.getFileName()).hasToString(job.name() + ".toml");
        assertThat(EvaluationSpec.of(job).points().size()).isPositive();
        assertThat(Files.readString(file))
                .startsWith("# ")
                .containsIgnoringCase(isForSupernovaDistances(job) ? "expect omega_m = " : "expect ");
    }

    @Test
    void everyDataSetHasAJobFile() throws IOException {
        try (Stream<Path> files = files()) {
            List<Object> dataSets = files.map(file -> read(file, Path.of("anywhere")))
                    .filter(JobFilesTest::isForSupernovaDistances)
                    .map(job -> job.model().options().get("dataset"))
                    .distinct()
                    .toList();

            assertThat(dataSets).containsExactlyInAnyOrderElementsOf(SupernovaDistances.dataSets());
        }
    }

    @SuppressWarnings("StreamResourceLeak") // the callers close it
    static Stream<Path> files() throws IOException {
        return Files.list(Path.of("jobs")).filter(file -> file.toString().endsWith(".toml"));
    }

    private static boolean isForSupernovaDistances(Job job) {
        return job.model().name().equals("supernova-distances");
    }

    private static Job read(Path file, Path data) {
        try {
            return JobFile.read(
                    file,
                    List.of(),
                    Map.of("ASTROPOOL_DATA", data.toAbsolutePath().toString()));
        } catch (JobException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
