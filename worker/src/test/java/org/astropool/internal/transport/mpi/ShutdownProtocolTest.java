package org.astropool.internal.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.local.LocalCarrier;
import org.junit.jupiter.api.Test;

/** Three ranks in one thread, in a time that the test moves. */
final class ShutdownProtocolTest {
    private final List<Integer> expelledFrom = new ArrayList<>();
    private final CommunicationThread never = new CommunicationThread("never started", false);
    private final List<ShutdownProtocol> ranks = LocalCarrier.network(never, never, never).stream()
            .map(carrier -> new ShutdownProtocol(carrier.openNext(), RankProcess.own(), expelledFrom::add))
            .toList();
    private final ShutdownProtocol master = ranks.get(0);
    private final ShutdownProtocol first = ranks.get(1);
    private final ShutdownProtocol second = ranks.get(2);
    private long now;

    private void exchange(ShutdownProtocol... living) {
        for (int round = 0; round < 4; round++) {
            for (ShutdownProtocol rank : living) {
                rank.doWork(now);
            }
        }
    }

    @Test
    void workersWaitForTheMaster() {
        assertThat(first.mayLeave()).isFalse();
        assertThat(second.mayLeave()).isFalse();
        exchange(master, first, second);
        assertThat(first.mayLeave()).isFalse();

        assertThat(master.mayLeave()).isTrue();
        master.sayGo();
        exchange(first, second);
        assertThat(first.mayLeave()).isTrue();
        assertThat(first.finalizeWorks()).isTrue();
        assertThat(second.mayLeave()).isTrue();
    }

    @Test
    void theMasterWaitsForAllWorkersThatAnswer() {
        assertThat(first.mayLeave()).isFalse();
        for (int seconds = 0; seconds < 600; seconds++) { // the second one is busy with something else, but alive
            now += TimeUnit.SECONDS.toNanos(1);
            assertThat(master.mayLeave()).isFalse();
            exchange(master, first, second);
        }
        assertThat(second.mayLeave()).isFalse();
        exchange(master, first, second);
        assertThat(master.mayLeave()).isTrue();
    }

    @Test
    void theMasterLeavesWithoutAWorkerThatIsSilentAndWithoutFinalize() {
        assertThat(first.mayLeave()).isFalse();
        assertThat(master.mayLeave()).isFalse();
        for (int seconds = 0; seconds < 10; seconds++) {
            now += TimeUnit.SECONDS.toNanos(1);
            exchange(master, first);
            assertThat(master.mayLeave()).isFalse();
        }
        now += TimeUnit.SECONDS.toNanos(1);
        exchange(master, first);
        assertThat(master.mayLeave()).isTrue();
        assertThat(master.finalizeWorks()).isFalse();

        master.sayGo();
        exchange(first);
        assertThat(first.mayLeave()).isTrue();
        assertThat(first.finalizeWorks()).isFalse();
    }

    @Test
    void aWorkerGivesUpWhenTheMasterIsSilent() {
        assertThat(first.mayLeave()).isFalse();
        now += TimeUnit.SECONDS.toNanos(31);
        exchange(first);
        assertThatThrownBy(first::mayLeave).isInstanceOf(MpiException.class).hasMessageContaining("rank 0");
    }

    @Test
    void anExpelledWorkerIsNotWaitedFor() {
        second.introduce();
        exchange(master, first, second);
        master.expelled(2);
        assertThat(first.mayLeave()).isFalse();
        exchange(master, first);

        assertThat(master.mayLeave()).isTrue();
        assertThat(master.finalizeWorks()).isFalse();
        assertThat(master.lost().stream()).containsExactly(2);
        assertThat(master.hasEnded(2)).as("it runs in this process").isFalse();
    }

    @Test
    void anExpelledWorkerThatComesBackIsToldOnceAndLeavesLikeTheOthers() {
        master.expelled(2);
        master.cameLate(2, 17);
        master.cameLate(2, 17);
        exchange(master, first, second);
        assertThat(expelledFrom).containsExactly(17);

        assertThat(first.mayLeave()).isFalse();
        assertThat(master.mayLeave()).as("it still has to end").isFalse();
        assertThat(second.mayLeave()).isFalse();
        exchange(master, first, second);
        assertThat(master.mayLeave()).isTrue();
        assertThat(master.finalizeWorks()).isTrue();
    }

    @Test
    void aWorkerThatHasGivenUpItsMasterDoesNotWaitForIt() {
        first.expelled(0);
        assertThatThrownBy(first::mayLeave).isInstanceOf(MpiException.class).hasMessageContaining("rank 0 is lost");
    }
}
