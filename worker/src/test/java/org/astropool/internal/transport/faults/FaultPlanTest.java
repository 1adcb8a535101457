package org.astropool.internal.transport.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.local.LocalCarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {
    private static final String EVERYTHING = "seed=7 on=workers drop=0.001 delay=0.01:5ms duplicate=0.002 corrupt=1e-3"
            + " kill=0.0005 stop=0.0006:2s die-in-write=0.25";

    @Test
    void textIsRead() {
        FaultPlan plan = FaultPlan.of(Map.of(FaultPlan.VARIABLE, "  " + EVERYTHING + "\n"));

        assertThat(plan.rate(Fault.DROP)).isEqualTo(0.001);
        assertThat(plan.rate(Fault.DELAY)).isEqualTo(0.01);
        assertThat(plan.time(Fault.DELAY)).isEqualTo(Duration.ofMillis(5));
        assertThat(plan.rate(Fault.DUPLICATE)).isEqualTo(0.002);
        assertThat(plan.rate(Fault.CORRUPT)).isEqualTo(0.001);
        assertThat(plan.rate(Fault.KILL)).isEqualTo(0.0005);
        assertThat(plan.rate(Fault.STOP)).isEqualTo(0.0006);
        assertThat(plan.time(Fault.STOP)).isEqualTo(Duration.ofSeconds(2));
        assertThat(plan.rate(Fault.DIE_IN_WRITE)).isEqualTo(0.25);
    }

    @Test
    void planReadsItsOwnText() {
        String text = FaultPlan.parse(EVERYTHING).toString();

        assertThat(FaultPlan.parse(text)).hasToString(text);
        assertThat(text).contains("seed=7", "on=workers", "delay=0.01:5ms", "stop=6.0E-4:2s", "corrupt=0.001");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dorp=0.1           | unknown key 'dorp'; known are seed, on, kill, stop, drop, corrupt, duplicate, delay, die-in-write",
                "drop               | the rate of drop is '', it must be from 0 to 1",
                "drop=1.5           | the rate of drop is '1.5', it must be from 0 to 1",
                "drop=-0.1          | the rate of drop is '-0.1'",
                "drop=NaN           | the rate of drop is 'NaN'",
                "drop=often         | the rate of drop is 'often'",
                "delay=0.1          | delay is '0.1', it must be a rate and a time like 0.01:5ms",
                "delay=0.1:5        | delay is '0.1:5'",
                "delay=2:5ms        | the rate of delay is '2'",
                "stop=0.1:-1s       | stop is '0.1:-1s'",
                "seed=x             | seed is 'x', it must be a whole number",
                "on=rank3           | on is 'rank3', it must be all, master or workers",
                "drop=0.1 drop=0.2  | 'drop' is given twice",
            })
    void mistakeIsNamedWithWhatIsRight(String text, String message) {
        assertThatThrownBy(() -> FaultPlan.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ASTROPOOL_FAULTS: " + message)
                .hasMessageContaining("Example: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "seed=3", "drop=0 kill=0", "die-in-write=0.5", "on=workers drop=1"})
    void transportWithoutFaultsIsLeftAsItIs(String text) {
        Transport master = transportOf(0);

        assertThat(FaultPlan.parse(text).wrap(master)).isSameAs(master);
    }

    @Test
    void noVariableIsNoFault() {
        assertThat(FaultPlan.of(Map.of())).isSameAs(FaultPlan.NONE);
    }

    @Test
    void faultsMayBeForTheMasterOrForWorkersAlone() {
        assertThat(FaultPlan.parse("drop=1 on=workers").wrap(transportOf(1))).isInstanceOf(FaultyTransport.class);
        assertThat(FaultPlan.parse("drop=1 on=master").wrap(transportOf(0))).isInstanceOf(FaultyTransport.class);
        assertThat(FaultPlan.parse("drop=1 on=master").wrap(transportOf(1))).isNotInstanceOf(FaultyTransport.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void journalDiesInTheMiddleOfSomeWrites(long seed) {
        List<Integer> written = writes("die-in-write=0.1 seed=" + seed, 10_000);

        assertThat(written).allMatch(bytes -> bytes >= -1 && bytes < 500);
        assertThat(written.stream().filter(bytes -> bytes >= 0).count() / 10_000.0)
                .isCloseTo(0.1, within(0.02));
        assertThat(written).contains(0, 499);
        assertThat(writes("die-in-write=0.1 seed=" + seed, 10_000)).isEqualTo(written);
        assertThat(writes("die-in-write=0.1 seed=" + (seed + 1), 10_000)).isNotEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "drop=1", "die-in-write=1 on=workers"})
    void journalLivesWhereNothingIsPlannedForIt(String text) {
        assertThat(writes(text, 100)).containsOnly(-1);
    }

    @Test
    void emptyWriteCannotBeCutOff() {
        assertThat(FaultPlan.parse("die-in-write=1").journalFault().applyAsInt(0))
                .isEqualTo(-1);
    }

    private static List<Integer> writes(String text, int count) {
        IntUnaryOperator fault = FaultPlan.parse(text).journalFault();
        return IntStream.range(0, count).mapToObj(i -> fault.applyAsInt(500)).toList();
    }

    private static Transport transportOf(int peer) {
        CommunicationThread thread = new CommunicationThread("nobody", false);
        return LocalCarrier.network(thread, thread).get(peer).openNext();
    }
}
