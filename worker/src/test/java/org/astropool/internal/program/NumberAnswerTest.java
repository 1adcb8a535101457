package org.astropool.internal.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberAnswerTest {

    @Test
    void numbersAreThoseOfJson() {
        double[][] numbers = NumberAnswer.read("{\"results\": [[-0, 0.1], [1E+2,-12.5e-3] ], \"index\" : 7}", 7, 2, 2);

        assertThat(numbers).isDeepEqualTo(new double[][] {{-0.0, 0.1}, {100, -0.0125}});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"results\": [[1]]}",
                "{\"results\": [[1]], \"index\": 6}",
                "{\"results\": [[1]], \"index\": 70}",
                "{\"results\": [[1]], \"index\": 7} {",
                "{\"results\": [[1]], \"index\": 7",
                "{\"results\": [[1], [2]], \"index\": 7}",
                "{\"results\": [[1, 2]], \"index\": 7}",
                "{\"results\": [[]], \"index\": 7}",
                "{\"results\": [[\"-inf\"]], \"index\": 7}",
                "{\"results\": [[-inf]], \"index\": 7}",
                "{\"results\": [[01]], \"index\": 7}",
                "{\"results\": [[+1]], \"index\": 7}",
                "{\"results\": [[.5]], \"index\": 7}",
                "{\"results\": [[1.]], \"index\": 7}",
                "{\"results\": [[1e]], \"index\": 7}",
                "{\"results\": [[-]], \"index\": 7}",
                "{\"error\": \"no\", \"index\": 7}"
            })
    void everythingElseIsLeftToTheJsonParser(String answer) {
        assertThat(NumberAnswer.read(answer, 7, 1, 1)).isNull();
    }
}
