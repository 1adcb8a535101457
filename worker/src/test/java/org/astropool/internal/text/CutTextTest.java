package org.astropool.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CutTextTest {

    @Test
    void whatFitsStaysAndTheMiddleOfTheRestIsCut() {
        assertThat(CutText.of("", 8)).isEmpty();
        assertThat(CutText.of("12345678", 8)).isEqualTo("12345678");
        assertThat(CutText.of("12345678".repeat(10), 8)).isEqualTo("123456 [72 characters were cut here] 78");
        String cut = CutText.of("a".repeat(1 << 20) + "end", 100);
        assertThat(cut).startsWith("aaa").endsWith("aend").hasSizeLessThan(150);
        assertThat(CutText.of(cut, 100)).as("cut again").isEqualTo(cut);
    }

    @Test
    void charactersOfTwoHalvesStayWhole() {
        String text = "\uD83D\uDE80".repeat(100);
        for (int most = 4; most < 200; most++) {
            String cut = CutText.of(text, most);
            assertThat(new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(cut);
        }
    }
}
