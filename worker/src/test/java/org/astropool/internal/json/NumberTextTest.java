package org.astropool.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-1.5, -1.5",
        "+.5, 0.5",
        "5., 5",
        "1e-3, 1e-3",
        "1.0D+02, 100",
        "1.0d-2, 0.01",
        "1.5Q3, 1500",
        "1.0-102, 1e-102",
        "-2.5+101, -2.5e101",
        "' 7 ', 7",
        "-inf, -Infinity",
        "-Infinity, -Infinity",
        "INF, Infinity",
        "+inf, Infinity"
    })
    void numbersOfCOfPythonAndOfFortranAreRead(String text, double expected) {
        assertThat(NumberText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "NaN", "-nan", "nan(0x8)", "****", "*"})
    void whatFortranCannotPrintIsNoNumberEither(String text) {
        assertThat(NumberText.parse(text)).isNaN();
    }

    @Test
    void wordsAreRefused() {
        assertThatThrownBy(() -> NumberText.parse("chi2")).isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> NumberText.parse("")).isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> NumberText.parse("1.0 2.0")).hasMessageContaining("1.0 2.0");
        assertThatThrownBy(() -> NumberText.parse("0x10")).isInstanceOf(NumberFormatException.class);
    }
}
