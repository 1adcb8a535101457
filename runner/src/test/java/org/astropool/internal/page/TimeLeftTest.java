package org.astropool.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.astropool.internal.page.RunHistory.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeLeftTest {

    private static List<Sample> samples(int count, IntToLongFunction done) {
        List<Sample> samples = new ArrayList<>();
        for (int second = 0; second < count; second++) {
            samples.add(new Sample(second, done.applyAsLong(second), 0, 1, 1, 1));
        }
        return samples;
    }

    @Test
    void aSteadyPaceGivesANarrowInterval() {
        TimeLeft left =
                TimeLeft.of(samples(101, second -> 1000L * second), 50_000).orElseThrow();

        assertThat(left.seconds()).isCloseTo(50, within(1e-9));
        assertThat(left.least()).isBetween(49.0, 50.0);
        assertThat(left.most()).isBetween(50.0, 51.0);
    }

    @Test
    void anUnevenPaceGivesAWideIntervalThatHoldsTheMean() {
        TimeLeft left = TimeLeft.of(samples(101, second -> second / 20 * 20_000L), 50_000)
                .orElseThrow();

        assertThat(left.least()).isLessThan(0.9 * left.seconds());
        assertThat(left.most()).isGreaterThan(1.2 * left.seconds());
    }

    @Test
    void theRecentPaceCounts() {
        // 100 per second at first, 10 per second in the last half
        TimeLeft left = TimeLeft.of(samples(201, s -> s < 100 ? 100L * s : 10_000L + 10L * (s - 100)), 100)
                .orElseThrow();

        assertThat(left.seconds()).isCloseTo(10, within(0.5));
    }

    @Test
    void withoutAPaceThereIsNoEstimate() {
        assertThat(TimeLeft.of(List.of(), 10)).isEmpty();
        assertThat(TimeLeft.of(samples(20, second -> 7), 10)).isEmpty();
    }

    @Test
    void aLongRunHasAsManySamplesAsAShortOneAndEarlierStartsAreKept(@TempDir Path temp) throws Exception {
        Path file = temp.resolve("history.json");
        RunHistory first = new RunHistory();
        first.begin(Instant.EPOCH);
        samples(100_000, second -> second).forEach(first::add);
        first.write(file);

        RunHistory resumed = RunHistory.read(file);
        resumed.begin(Instant.EPOCH.plusSeconds(200_000));
        resumed.add(new Sample(1, 100_001, 0, 1, Double.NaN, Double.NaN));
        resumed.write(file);

        RunHistory read = RunHistory.read(file);
        assertThat(read.starts()).hasSize(2);
        assertThat(read.starts().get(0).samples()).hasSizeBetween(100, 401);
        assertThat(read.starts().get(0).samples().get(0).done()).isZero();
        assertThat(read.latest()).hasSize(1);
        assertThat(read.latest().get(0).residentMib()).isNaN();
    }

    @Test
    void aMalformedHistoryIsNone(@TempDir Path temp) throws Exception {
        for (String text :
                List.of("{}", "{\"starts\": 3}", "{\"starts\": [4]}", "{\"starts\": [{\"started\": \"x\"}]}")) {
            assertThat(RunHistory.of(Optional.of(JsonParser.object().from(text)))
                            .starts())
                    .as(text)
                    .isEmpty();
        }
        Files.writeString(temp.resolve("history.json"), "not JSON");
        assertThat(RunHistory.read(temp.resolve("history.json")).starts()).isEmpty();
    }
}
