package org.astropool.internal.transport.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class PipesTest {

    static Stream<Named<Function<Process, Pipes>>> ways() {
        return Stream.of(Named.of("opened in /proc", PipesTest::opened), Named.of("streams", Pipes::ofStreams));
    }

    private static Pipes opened(Process process) {
        try {
            return Pipes.of(process);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void framesAndPrintsGoDifferentWays(Function<Process, Pipes> way) throws Exception {
        Process process = new ProcessBuilder(Pipes.shell(
                        List.of("/bin/sh", "-c", "read -r line <&4; echo \"$line\" >&3; echo a; echo b >&2")))
                .start();
        Pipes pipes = way.apply(process);
        pipes.go();
        pipes.out().write(ByteBuffer.wrap("frame\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(all(pipes.in())).isEqualTo("frame\n");
        assertThat(all(pipes.printed())).isEqualTo("a\nb\n");
        assertThat(process.waitFor()).isZero();
        pipes.close();
    }

    private static String all(ReadableByteChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        while (channel.read(bytes) >= 0) {
            assertThat(bytes.hasRemaining()).isTrue();
        }
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
    }
}
