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
}
