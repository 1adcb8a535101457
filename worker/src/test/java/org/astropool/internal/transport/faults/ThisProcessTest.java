package org.astropool.internal.transport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real signals to a process that is started for it. */
@Timeout(60)
class ThisProcessTest {

    /** Says when it is about to act, and afterwards whatever it is told. */
    static final class Victim {
        public static void main(String[] arguments) throws IOException {
            System.out.println("ready");
            if (arguments[0].equals("kill")) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
                FaultPlan.killThisProcess();
            }
            ThisProcess.SIGNALS.stop(Duration.ofMillis(1500));
            System.out.println(System.in.read());
        }

        private Victim() {}
    }

    @Test
    void killedProcessEndsAtOnceWithoutHooks() throws Exception {
        Process victim = start("kill");

        assertThat(victim.inputReader(StandardCharsets.UTF_8).lines()).containsExactly("ready");
        assertThat(victim.waitFor()).isEqualTo(137);
    }

    @Test
    void stoppedProcessGoesOnByItself() throws Exception {
        Process victim = start("stop");
        try {
            BufferedReader out = victim.inputReader(StandardCharsets.UTF_8);
            out.readLine();

            awaitState(victim, 'T');
            victim.getOutputStream().write('x');
            victim.getOutputStream().flush();

            assertThat(out.readLine()).isEqualTo(String.valueOf((int) 'x'));
            assertThat(victim.waitFor()).isZero();
        } finally {
            victim.destroyForcibly();
        }
    }

    private static Process start(String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        what)
                .start();
    }

    private static void awaitState(Process process, char state) throws IOException, InterruptedException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        while (!Files.readString(status).contains("State:\t" + state)) {
            assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
