package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.astropool.internal.job.run.Termination.Cause;
import org.junit.jupiter.api.Test;

class RunCancellationTest {
    private static final Termination SIGNAL = new Termination(Cause.SIGINT, "SIGINT was received");

    @Test
    void aSignalIsTheReasonAlsoWhileTheLastPointsOfAPilotAreAwaited() {
        RunCancellation stop = new RunCancellation();

        stop.end(Termination.afterPilot());
        stop.end(SIGNAL);
        stop.end(Termination.afterPilot());

        assertThat(stop.why()).contains(SIGNAL);
    }
}
