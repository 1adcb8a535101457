package org.astropool.internal.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class RankProcessTest {
    private final RankProcess own = RankProcess.own();

    @Test
    void aProcessThatRunsHereHasNotEnded() {
        ByteBuffer frame = ByteBuffer.allocate(own.bytes());
        own.write(frame);

        assertThat(RankProcess.read(frame.flip()).hasEnded()).isFalse();
    }

    @Test
    void aProcessIsKilledAndHasEnded() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "600").start();
        ProcessHandle handle = process.toHandle();
        RankProcess rank = new RankProcess(
                own.home(), handle.pid(), handle.info().startInstant().orElseThrow());
        assertThat(rank.hasEnded()).isFalse();

        rank.kill();
        process.waitFor();

        assertThat(rank.hasEnded()).isTrue();
        rank.kill(); // of nobody
    }

    /** Numbers are used again. */
    @Test
    void aProcessHasEndedWhenALaterOneHasItsNumber() {
        RankProcess earlier = new RankProcess(own.home(), own.pid(), own.start().minusSeconds(10));
        assertThat(earlier.hasEnded()).isTrue();
        earlier.kill(); // else this would be the last test
    }

    @Test
    void ofAProcessElsewhereNothingIsKnown() {
        assertThat(new RankProcess("another", 1, own.start()).hasEnded()).isFalse();
        assertThat(new RankProcess("", 1, own.start()).hasEnded()).isFalse();
        new RankProcess("another", own.pid(), own.start()).kill();
    }
}
