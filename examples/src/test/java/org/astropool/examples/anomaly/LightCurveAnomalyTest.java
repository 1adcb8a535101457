package org.astropool.examples.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.astropool.examples.hierarchical.TaskTable;
import org.astropool.examples.lightcurve.LightCurveFeatures;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LightCurveAnomalyTest {
    private static final Model FEATURES = new LightCurveFeatures();
    private static final Model ANOMALY = new LightCurveAnomaly();

    @TempDir
    private static Path temp;

    private static TaskTable features;
    private static Path file;

    @BeforeAll
    static void describeLightCurves() throws Exception {
        ModelOptions options =
                ModelOptions.of(FEATURES, Map.of("data", PublishedData.folder().toString(), "surveys", "csp3"));
        features = TaskTable.of(FEATURES, options);
        file = features.write(temp.resolve("features.fits"), "fits");
    }

    private static TaskTable scores(Map<String, Object> more) throws Exception {
        Map<String, Object> given = new HashMap<>(more);
        given.put("features", file.toString());
        ModelOptions options = ModelOptions.of(ANOMALY, given);
        ANOMALY.parameters(options);
        return TaskTable.of(ANOMALY, options);
    }

    private static Map<String, Double> byName(TaskTable table) {
        Map<String, Double> scores = new HashMap<>();
        for (int i = 0; i < table.tasks().size(); i++) {
            scores.put((String) table.tasks().values(i).get(0), (Double)
                    Objects.requireNonNull(table.rows().get(i)).value(0));
        }
        return scores;
    }

    private static Set<String> peculiar() throws IOException {
        return Files.readAllLines(Path.of("jobs/anomalies/peculiar-csp3.csv")).stream()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(',')))
                .collect(Collectors.toSet());
    }

    /** The probability that a peculiar supernova has a higher score than another; 0.5 for a random order. */
    @Test
    void peculiarSupernovaeAreMoreUnusualThanOthers() throws Exception {
        Map<String, Double> scores = byName(scores(Map.of("trees", 300L)));
        List<Double> ofPeculiar = new ArrayList<>();
        List<Double> ofOthers = new ArrayList<>();
        Set<String> peculiar = peculiar();
        scores.forEach((name, score) -> (peculiar.contains(name) ? ofPeculiar : ofOthers).add(score));

        double pairs = 0;
        for (double one : ofPeculiar) {
            pairs += ofOthers.stream().filter(other -> one > other).count();
        }

        assertThat(ofPeculiar).hasSizeGreaterThanOrEqualTo(8);
        assertThat(pairs / ofPeculiar.size() / ofOthers.size()).isGreaterThan(0.8);
        assertThat(scores.get("2005gj")).isGreaterThan(0.55); // it interacts with matter around it
        assertThat(scores.get("2005el")).isLessThan(0.5);
    }

    @Test
    void ranksFollowTheScores() throws Exception {
        TaskTable table = scores(Map.of("trees", 50L));
        Map<String, Double> all = byName(table);
        for (int i = 0; i < table.rows().size(); i++) {
            double score = (Double) Objects.requireNonNull(table.rows().get(i)).value(0);
            long higher = all.values().stream().filter(other -> other > score).count();

            assertThat(Objects.requireNonNull(table.rows().get(i)).value(1)).isEqualTo(higher + 1);
        }
    }

    @Test
    void anotherSeedIsAnotherForest() throws Exception {
        Map<String, Object> few = Map.of("trees", 20L);

        assertThat(byName(scores(few))).isEqualTo(byName(scores(few)));
        assertThat(byName(scores(few))).isNotEqualTo(byName(scores(Map.of("trees", 20L, "seed", 2L))));
    }

    @Test
    void supernovaeWithTooFewPointsAreSkippedWithTheReason() {
        assertThat(features.tasks().size()).isEqualTo(136);
        assertThat(features.skipped()).anyMatch(reason -> reason.contains("points in g from day -20 to 25"));
        assertThat(features.skipped()).anyMatch(reason -> reason.startsWith("observed in g from day "));
        assertThat(features.skipped()).hasSizeLessThan(40);
    }

    @ParameterizedTest
    @CsvSource({"trees, 0", "trees, 100001", "sample, 1", "sample, 1000001"})
    void optionsHaveLimits(String name, long value) {
        assertThatThrownBy(() -> scores(Map.of(name, value)))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining(name + " is " + value + ", it must be from ");
    }

    @Test
    void aSurveyMustBeNamed() {
        ModelOptions options = ModelOptions.of(FEATURES, Map.of("surveys", " , "));

        assertThatThrownBy(() -> FEATURES.parameters(options))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("surveys is empty");
    }

    @Test
    void aTableWithoutFeaturesIsRefused() throws Exception {
        Path other = Files.writeString(temp.resolve("other.ecsv"), """
                # %ECSV 1.0
                # ---
                # datatype:
                # - {name: status, datatype: string}
                # - {name: supernova, datatype: string}
                status supernova
                skipped 2005el
                ok 2005el
                """);
        ModelOptions options = ModelOptions.of(ANOMALY, Map.of("features", other.toString()));

        assertThatThrownBy(() -> ANOMALY.tasks(options))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("expected a column decline_g");
    }
}
