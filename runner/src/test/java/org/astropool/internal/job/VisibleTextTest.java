package org.astropool.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {

    @Test
    void controlCharactersAreShown() {
        assertThat(VisibleText.of("\u001b[2J\u0007\b\u007f\u0000")).isEqualTo("\\u001b[2J\\u0007\\u0008\\u007f\\u0000");
        assertThat(VisibleText.of("a\u009b31mb\u0085")).isEqualTo("a\\u009b31mb\\u0085");
        assertThat(VisibleText.of("ok\rfailed")).isEqualTo("ok\\u000dfailed");
    }

    @Test
    void charactersThatChangeTheOrderOfATextAreShown() {
        assertThat(VisibleText.of("\u202efdp.exe\u202c")).isEqualTo("\\u202efdp.exe\\u202c");
        assertThat(VisibleText.of("\u2066\u2069\u200f\u061c\u2028")).isEqualTo("\\u2066\\u2069\\u200f\\u061c\\u2028");
    }

    @Test
    void textIsNotChanged() {
        String text = "mag \u03c3\u00b2 \u2192 \u00e9\tx\r\n  \ud83d\ude00 \u05d0 \\u001b";
        assertThat(VisibleText.of(text)).isSameAs(text);
        assertThat(VisibleText.of("")).isEmpty();
    }
}
