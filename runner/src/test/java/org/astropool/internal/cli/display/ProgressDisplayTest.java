package org.astropool.internal.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.astropool.internal.cli.display.ProgressDisplay.Style;
import org.astropool.pool.ProgressListener.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on the stream, for a clock and a terminal of the test. On real terminals: ProgressDisplayIT. */
class ProgressDisplayTest {
    private static final String CLEAR = "\r\u001b[K";

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(stream, true, StandardCharsets.UTF_8);
    private final AtomicLong now = new AtomicLong(-42); // nanoTime may be negative

    private ProgressDisplay display(Style style, IntSupplier columns) {
        return new ProgressDisplay(out, style, now::get, columns);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private String text() {
        return stream.toString(StandardCharsets.UTF_8);
    }

    /** What was drawn into the last line, one after the other. */
    private List<String> drawn() {
        return Arrays.stream(text().split(Pattern.quote(CLEAR)))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private void show(ProgressDisplay display, long from, long to, long failed, long total) {
        for (long done : new long[] {from, (from + to) / 2, to}) {
            display.progress(new Progress(done, failed, total));
            pass(Duration.ofSeconds(30));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 3, 1000, 1_000_000_000_000L})
    void everyLineFitsTheTerminal(long total) {
        for (int columns : new int[] {1, 2, 7, 20, 40, 41, 80, 200}) {
            for (long done : new long[] {0, 1, 999, 123_456_789_012L}) {
                stream.reset();
                try (ProgressDisplay display = display(Style.BAR, () -> columns)) {
                    show(display, 0, done, done / 3, total);
                }
                assertThat(drawn()).allSatisfy(line -> assertThat(line).hasSizeLessThan(columns));
                assertThat(text()).endsWith(CLEAR).doesNotContain("failed and is switched off");
            }
        }
    }

    @Test
    void theBarIncludesTheFinishedPointsOfAResumedRun() {
        try (ProgressDisplay display = display(Style.BAR, () -> 200)) {
            display.progress(new Progress(500, 2, 1000));
            pass(Duration.ofSeconds(10));
            display.progress(new Progress(600, 3, 1000));
        }

        assertThat(drawn()).containsExactly("[##############..........] 600/1000 (60 %), 10.0/s, 3 failed, 0:40 left");
    }

    @ParameterizedTest
    @CsvSource({"40, '600/1000 (60 %), 3 failed, 0:40 left'", "30, '600/1000 (60 %), 0:40 left'", "20, 600/1000 (60 %)"
    })
    void aNarrowTerminalShowsTheMostImportantParts(int columns, String expected) {
        try (ProgressDisplay display = display(Style.BAR, () -> columns)) {
            display.progress(new Progress(500, 2, 1000));
            pass(Duration.ofSeconds(10));
            display.progress(new Progress(600, 3, 1000));
        }

        assertThat(drawn()).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"BAR", "PLAIN"})
    void withoutATotalNoRemainingTimeIsShown(Style style) {
        try (ProgressDisplay display = display(style, () -> 200)) {
            display.progress(new Progress(400, 0, -1));
            pass(Duration.ofSeconds(70));
            display.progress(new Progress(11_600, 5, -1));
        }

        assertThat(text())
                .contains("11600 points, 160/s, 5 failed, 1:10 so far")
                .doesNotContain("%", "left", "-1", "#");
    }

    @Test
    void linesArePrintedAtIncreasingIntervals() {
        try (ProgressDisplay display = display(Style.PLAIN, () -> 200)) {
            for (int second = 0; second <= 100; second++) {
                display.progress(new Progress(second, 0, 200));
                pass(Duration.ofSeconds(1));
            }
        }

        assertThat(text().lines())
                .extracting(line -> line.substring(0, line.indexOf('/')))
                .containsExactly("astropool: 5", "astropool: 15", "astropool: 35", "astropool: 75");
        assertThat(text()).doesNotContain("\u001b", "\r");
    }

    @Test
    void withoutATerminalThereAreLines() {
        try (ProgressDisplay display = display(Style.AUTO, () -> 0)) {
            show(display, 0, 10, 0, 20);
        }

        assertThat(text()).contains("astropool: 5/20 (25 %)").doesNotContain("\u001b");
    }

    @Test
    void styleNonePrintsNothing() {
        try (ProgressDisplay display = display(Style.NONE, () -> 200)) {
            show(display, 0, 10, 0, 20);
        }

        assertThat(text()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BAR", "AUTO"})
    void aFailureOfTheDisplayOnlySwitchesItOff(Style style) {
        int[] asked = {0};
        try (ProgressDisplay display = display(style, () -> {
            asked[0]++;
            throw new NoClassDefFoundError("Terminal");
        })) {
            show(display, 0, 10, 0, 20);
            show(display, 10, 20, 0, 20);
        }

        assertThat(asked[0]).isEqualTo(1);
        assertThat(text().lines())
                .singleElement()
                .asString()
                .startsWith("astropool: the progress display failed and is switched off; the run continues")
                .endsWith("NoClassDefFoundError: Terminal");
    }

    @Test
    void otherMessagesAreAboveTheBar() throws Exception {
        PrintStream before = System.err;
        System.setErr(out);
        try (ProgressDisplay display = ProgressDisplay.onStandardError(Style.BAR)) {
            PrintStream held = System.err;
            assertThat(held).isNotSameAs(out);
            held.println("before");
            display.close();
            assertThat(System.err).isSameAs(out);
            held.println("after");
        } finally {
            System.setErr(before);
        }
        try (StatusLine line = new StatusLine(out)) {
            line.draw("[##..]");
            line.write("a message\n".getBytes(StandardCharsets.UTF_8));
            line.draw("[###.]");
            line.write("incomplete".getBytes(StandardCharsets.UTF_8));
            line.draw("[####]");
            line.write(" line\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(text())
                .isEqualToNormalizingNewlines("before\nafter\n" + CLEAR + "[##..]" + CLEAR + "a message\n" + CLEAR
                        + "[###.]" + CLEAR + "incomplete line\n");
    }
}
