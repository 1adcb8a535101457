package org.astropool.internal.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolActivityTest {
    private static final double EXACT = 1e-3;

    private final Map<Long, PoolActivity.Running> chunks = new HashMap<>();
    private long nanos;
    private Instant started = Instant.now();

    private PoolActivity activity(int cores, boolean membersChange) {
        PoolActivity activity = new PoolActivity("master", 1, membersChange, () -> nanos);
        started = Instant.now();
        activity.cores(cores);
        return activity;
    }

    private void pass(double seconds) {
        nanos += Math.round(seconds * 1e9);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private void send(PoolActivity activity, int worker, long chunk) {
        chunks.put(chunk, activity.sent(worker, nanos));
    }

    private PoolActivity.Running chunk(long number) {
        return chunks.get(number);
    }

    private Ledger end(PoolActivity activity) {
        return activity.snapshot(started, true).ledger();
    }

    @Test
    void slotsOfAWorkerThatCannotEvaluateAreLostUntilItIsGivenTasksAgain() {
        PoolActivity activity = activity(2, false);
        activity.ready(1, "n1", 11, 1);
        activity.ready(2, "n2", 12, 1);
        send(activity, 1, 1);
        send(activity, 2, 2);
        activity.unfit(2, "no such file");
        activity.discarded(chunk(2), 0, nanos);
        pass(4);
        activity.fit(2);
        assertThat(activity.snapshot(started, false).workers().get(1).lost()).isEqualTo("no such file");
        send(activity, 2, 3);
        pass(2);
        activity.accepted(chunk(1), 1, 0, nanos(6), 0, nanos);
        activity.accepted(chunk(3), 1, 0, nanos(2), 0, nanos);

        Ledger ledger = end(activity);

        assertThat(ledger.lost()).isCloseTo(4, within(EXACT));
        assertThat(ledger.evaluation()).isCloseTo(8, within(EXACT));
        assertThat(ledger.allocation()).isCloseTo(12, within(EXACT));
        assertThat(activity.snapshot(started, true).workers().get(1).lost()).isEmpty();
    }

    @Test
    void idleSlotsBesideBusyOnesAreTheTail() {
        PoolActivity activity = activity(2, false);
        pass(1);
        activity.ready(1, "n1", 11, 1);
        activity.ready(2, "n2", 12, 1);
        send(activity, 1, 1);
        send(activity, 2, 2);
        pass(4);
        activity.accepted(chunk(1), 1, 0, nanos(4), 0, nanos);
        activity.idle(PoolActivity.Idle.TAIL, nanos);
        pass(3);
        activity.accepted(chunk(2), 1, 0, nanos(7), 0, nanos);
        activity.idle(PoolActivity.Idle.NO_CALL, nanos);
        pass(0.5);
        Ledger ledger = end(activity);
        assertThat(ledger.allocation()).isCloseTo(2 * 8.5, within(EXACT));
        assertThat(ledger.start()).isCloseTo(2, within(EXACT));
        assertThat(ledger.evaluation()).isCloseTo(11, within(EXACT));
        assertThat(ledger.tail()).isCloseTo(3, within(EXACT));
        assertThat(ledger.results()).isCloseTo(1, within(EXACT));
        assertThat(ledger.sum()).isCloseTo(ledger.allocation(), within(EXACT));
    }

    @Test
    void whatALostWorkerHadBegunIsLostAndSoAreItsCoresAfterwards() {
        PoolActivity activity = activity(2, false);
        activity.ready(1, "n1", 11, 1);
        activity.ready(2, "n2", 12, 1);
        send(activity, 1, 1);
        send(activity, 2, 2);
        send(activity, 2, 3); // ahead, not begun
        pass(2);
        activity.gone(2, "killed");
        pass(1);
        activity.accepted(chunk(1), 1, 0, nanos(3), 0, nanos);
        activity.idle(PoolActivity.Idle.NO_CALL, nanos);
        Ledger ledger = end(activity);
        assertThat(ledger.lost()).isCloseTo(2 + 1, within(EXACT));
        assertThat(ledger.evaluation()).isCloseTo(3, within(EXACT));
        assertThat(ledger.sum()).isCloseTo(ledger.allocation(), within(EXACT)).isCloseTo(6, within(EXACT));
        assertThat(activity.snapshot(started, true).workers().get(1).lost()).isEqualTo("killed");
    }

    @Test
    void aReplacementTakesOverTheCoresOfALostWorker() {
        PoolActivity activity = activity(1, false);
        activity.ready(1, "n1", 11, 1);
        send(activity, 1, 1);
        pass(2);
        activity.gone(1, "killed");
        pass(1);
        activity.ready(2, "n1", 12, 1);
        send(activity, 2, 1);
        pass(3);
        activity.accepted(chunk(1), 1, 0, nanos(3), 0, nanos);
        Ledger ledger = end(activity);
        assertThat(ledger.lost()).isCloseTo(3, within(EXACT));
        assertThat(ledger.evaluation()).isCloseTo(3, within(EXACT));
        assertThat(ledger.allocation()).isCloseTo(6, within(EXACT)).isCloseTo(ledger.sum(), within(EXACT));
    }

    @Test
    void coresOfWorkersThatJoinAndLeaveCountWhileTheyAreThere() {
        PoolActivity activity = activity(8, true);
        pass(5);
        activity.ready(1, "n1", 11, 2);
        send(activity, 1, 1);
        send(activity, 1, 2);
        pass(3);
        activity.accepted(chunk(1), 1, 0, nanos(3), 0, nanos);
        activity.accepted(chunk(2), 1, 0, nanos(3), 0, nanos);
        activity.gone(1, "");
        pass(5);
        Ledger ledger = end(activity);
        assertThat(ledger.allocation()).isCloseTo(6, within(EXACT)).isCloseTo(ledger.sum(), within(EXACT));
        assertThat(ledger.evaluation()).isCloseTo(6, within(EXACT));
    }

    @Test
    void coresWithoutASlotAreOutside() {
        PoolActivity activity = activity(4, false);
        activity.ready(0, "n1", 11, 1);
        send(activity, 0, 1);
        pass(2);
        activity.accepted(chunk(1), 1, nanos(0.5), nanos(1.4), nanos(0.4), nanos);
        Ledger ledger = end(activity);
        assertThat(ledger.outside()).isCloseTo(6, within(EXACT));
        assertThat(ledger.start()).isCloseTo(0.5, within(EXACT));
        assertThat(ledger.retries()).isCloseTo(0.4, within(EXACT));
        assertThat(ledger.evaluation()).isCloseTo(1, within(EXACT));
        assertThat(ledger.transport()).isCloseTo(0.1, within(EXACT));
        assertThat(ledger.sum()).isCloseTo(ledger.allocation(), within(EXACT));
    }

    @Test
    void timeBetweenTwoCallsIsWaitingAndAfterTheLastItIsForResults() {
        PoolActivity activity = activity(1, false);
        activity.ready(0, "n1", 11, 1);
        for (int call = 0; call < 2; call++) {
            send(activity, 0, call);
            activity.idle(PoolActivity.Idle.HAND_OVER, nanos);
            pass(1);
            activity.accepted(chunk(call), 1, 0, nanos(1), 0, nanos);
            activity.idle(PoolActivity.Idle.NO_CALL, nanos);
            pass(2);
        }
        activity.idle(PoolActivity.Idle.NO_CALL, nanos);
        Ledger ledger = end(activity);
        assertThat(ledger.waiting()).isCloseTo(2, within(EXACT));
        assertThat(ledger.results()).isCloseTo(2, within(EXACT));
    }

    @Test
    void theTimelineOfALongRunHasFewBinsAndTheSameSum() {
        PoolActivity activity = activity(1, false);
        activity.ready(0, "n1", 11, 1);
        for (int chunk = 0; chunk < 10_000; chunk++) {
            send(activity, 0, chunk);
            pass(1);
            activity.accepted(chunk(chunk), 1, 0, nanos(0.5), 0, nanos);
        }
        ActivitySnapshot snapshot = activity.snapshot(started, true);
        float[] timeline = snapshot.workers().get(0).timeline();
        double busy = 0;
        for (float fraction : timeline) {
            busy += fraction * snapshot.binSeconds();
        }
        assertThat(timeline.length).isBetween(Timeline.MOST_BINS / 2 - 1, Timeline.MOST_BINS + 1);
        assertThat(busy).isCloseTo(5_000, within(5.0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void thePartsAddUpToTheAllocationWhateverHappens(long seed) {
        Random random = new Random(seed);
        PoolActivity activity = activity(random.nextInt(6), random.nextBoolean());
        List<Integer> present = new ArrayList<>();
        List<Integer> unfit = new ArrayList<>();
        List<PoolActivity.Running> underWay = new ArrayList<>(); // also those of workers that are gone
        for (int step = 0; step < 3_000; step++) {
            pass(random.nextDouble());
            if (step % 200 == 0) {
                activity.ready(step, "n", step, 1 + random.nextInt(3));
                present.add(step);
            } else if (step % 500 == 1 && present.size() > 1) {
                activity.gone(present.remove(random.nextInt(present.size())), "killed");
            }
            if (step % 300 == 7 && present.size() > 1) {
                int worker = present.remove(random.nextInt(present.size()));
                activity.unfit(worker, "no such file");
                unfit.add(worker);
            } else if (step % 300 == 150) {
                unfit.forEach(activity::fit);
                present.addAll(unfit);
                unfit.clear();
            }
            int choice = random.nextInt(10);
            if (choice < 5 || underWay.isEmpty()) {
                underWay.add(activity.sent(present.get(random.nextInt(present.size())), nanos));
                continue;
            }
            PoolActivity.Running chunk = underWay.remove(random.nextInt(underWay.size()));
            switch (choice) {
                case 5 -> activity.discarded(chunk, 0, nanos);
                case 6 -> activity.lost(chunk, nanos);
                case 7 -> activity.idle(PoolActivity.Idle.values()[random.nextInt(4)], nanos);
                default -> activity.accepted(chunk, 1, 0, 0, 0, nanos);
            }
        }
        for (boolean ended : new boolean[] {false, true}) {
            Ledger ledger = activity.snapshot(started, ended).ledger();
            assertThat(ledger.sum())
                    .as("seed %d", seed)
                    .isCloseTo(ledger.allocation(), within(0.01 * ledger.allocation()));
            assertThat(ledger.parts().values())
                    .allSatisfy(part -> assertThat(part).isNotNegative());
        }
    }
}
