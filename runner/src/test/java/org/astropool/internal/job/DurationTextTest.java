package org.astropool.internal.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({"500 ms, 500", "30 s, 30000", "1.5min, 90000", "2 m, 120000", " 2 h , 7200000", "0 s, 0"})
    void durationsAreReadAsUsersWriteThem(String text, long millis) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "s", "-1 s", "1 day", "1e3 s", "1 s 2 s", "1,5 h", "inf"})
    void anythingElseIsRefusedWithTheForms(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("30 s");
    }

    @ParameterizedTest
    @CsvSource({"01:30:00, 5400", "90:30, 5430", "2-12, 216000", "1-00:00:01, 86401", "0:0:5, 5", "2 h, 7200"})
    void timeLimitsMayBeWrittenAsForSlurm(String text, long seconds) {
        assertThat(DurationText.parseTimeLimit(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "1:2:3:4", "-5", "1-", "a:b", "01:00:00 h"})
    void otherTimeLimitsAreRefusedWithTheForms(String text) {
        assertThatThrownBy(() -> DurationText.parseTimeLimit(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("30 s")
                .hasMessageContaining("01:00:00");
    }
}
