package org.astropool.internal.transport.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private static final long YOUNG = TimeUnit.SECONDS.toNanos(1);
    private static final long OLD = TimeUnit.MINUTES.toNanos(1);

    private final RestartPolicy policy = new RestartPolicy();

    @Test
    void pausesGrowWhileProcessesEndSoon() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            policy.endedAfterWork(YOUNG);
            pauses.add(policy.delayMillis());
        }
        assertThat(pauses).containsExactly(0L, 50L, 100L, 200L, 400L, 800L, 1600L, 2000L, 2000L, 2000L);
        assertThat(policy.isGivenUp()).isFalse();
    }

    @Test
    void anOldProcessIsReplacedAtOnce() {
        policy.endedAfterWork(YOUNG);
        policy.endedAfterWork(YOUNG);
        policy.endedAfterWork(OLD);

        assertThat(policy.delayMillis()).isZero();
    }

    @Test
    void threeUselessStartsInARowAreTheLast() {
        policy.endedBeforeWork();
        policy.endedBeforeWork();
        policy.endedAfterWork(YOUNG);
        policy.endedBeforeWork();
        policy.endedBeforeWork();
        assertThat(policy.isGivenUp()).isFalse();

        policy.endedBeforeWork();

        assertThat(policy.isGivenUp()).isTrue();
    }

    @Test
    void anEndOnRequestSaysNothingAboutTheNextProcess() {
        policy.endedBeforeWork();
        policy.endedBeforeWork();
        policy.endedOnRequest();
        assertThat(policy.delayMillis()).isZero();
        assertThat(policy.isGivenUp()).isFalse();

        policy.endedBeforeWork();

        assertThat(policy.isGivenUp())
                .as("as many useless starts in a row as before")
                .isTrue();
    }
}
