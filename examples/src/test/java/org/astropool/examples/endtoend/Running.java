package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;

/** A {@link Command} that runs. Confined to one thread. */
final class Running {
    static final String OUT = "out";
    static final String ERR = "err";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int POLL_MILLIS = 2;

    private final List<String> words;
    private final Process process;
    private final Path output;
    private final Leftovers leftovers;

    /** What is waited for. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /** @param output a directory of its own that has stdout and stderr; it will be removed */
    Running(List<String> words, Process process, Path output, Leftovers leftovers) {
        this.words = words;
        this.process = process;
        this.output = output;
        this.leftovers = leftovers;
    }

    /** Returns when the condition holds or the command has ended. Fails when neither comes in time. */
    boolean awaitUnlessEnded(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return condition.holds();
            }
            if (System.nanoTime() > deadline) {
                failWithStacks("did not come that far");
            }
        }
        return true;
    }

    /** Fails when the condition does not come to hold while the command runs. */
    void await(Condition condition) throws IOException, InterruptedException {
        if (!awaitUnlessEnded(condition)) {
            fail(await() + "ended before it came that far");
        }
    }

    /** Waits until it has said something on stderr. */
    void awaitMessage(String text) throws IOException, InterruptedException {
        await(() -> Files.readString(output.resolve(ERR)).contains(text));
    }

    /** What it has said on stderr so far. */
    String err() throws IOException {
        return text(ERR);
    }

    /** @param name without SIG */
    void signal(String name) throws IOException, InterruptedException {
        signal(process.toHandle(), name);
    }

    static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-s", name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** The child processes that it has itself, oldest first. */
    List<ProcessHandle> children() {
        return process.children()
                .sorted(Comparator.comparingLong(ProcessHandle::pid))
                .toList();
    }

    /** Waits for its end. Fails when it does not end in time, or leaves something behind. */
    Ended end() throws IOException, InterruptedException {
        Ended ended = await();
        leftovers.assertNone(ended);
        return ended;
    }

    /** The same, with less patience for what it leaves behind. */
    Ended end(Duration patience) throws IOException, InterruptedException {
        Ended ended = await();
        leftovers.assertNone(ended, patience);
        return ended;
    }

    /** Waits for its end. Fails when it does not end in time; what it leaves behind, the caller may look for. */
    Ended await() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            failWithStacks("did not end in " + LIMIT.toSeconds() + " s");
        }
        Ended ended = ended();
        Leftovers.delete(output);
        return ended;
    }

    /** Waits for its end, which must come in this time from now. */
    Ended endWithin(Duration limit) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Ended ended = await();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        leftovers.assertNone(ended);
        assertThat(time).as("time until the end of %s", ended).isLessThan(limit);
        return ended;
    }

    private void failWithStacks(String what) throws IOException, InterruptedException {
        String stacks = Mpiexec.stacks(leftovers.processes());
        leftovers.kill(process);
        fail(ended() + what + "; its threads:\n" + stacks);
    }

    private Ended ended() throws IOException, InterruptedException {
        return new Ended(words, process.waitFor(), text(OUT), text(ERR));
    }

    private String text(String file) throws IOException {
        return Files.readString(output.resolve(file), StandardCharsets.UTF_8);
    }
}
