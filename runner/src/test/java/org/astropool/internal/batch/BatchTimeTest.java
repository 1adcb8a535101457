package org.astropool.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTimeTest {
    @ParameterizedTest
    @CsvSource({
        "1min, PT1M",
        "90 min, PT90M",
        "2h, PT2H",
        "1.5 h, PT90M",
        "30 s, PT30S",
        "90, PT90M",
        "90:30, PT90M30S",
        "01:00:00, PT1H",
        "36:15:10, PT36H15M10S",
        "1-12, PT36H",
        "1-12:30, PT36H30M",
        "1-00:00:30, PT24H30S",
    })
    void timesAreThoseOfAstropoolAndOfSlurm(String text, Duration time) {
        assertThat(BatchTime.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "00:00:00", "0 s", "10 ms", "-5", "2 hours", "1:2:3:4", "1d", "∞", "1-"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> BatchTime.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
