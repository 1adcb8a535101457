package org.astropool.internal.transport.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.PeerLoss;
import org.jspecify.annotations.Nullable;

/** A child process, seen from its parent. Thread-safe. */
final class Child implements PipeConnection.Receiver {
    /**
     * How long the remaining frames and output of a dead child may take to arrive, which takes longer when a grandchild
     * holds its pipes.
     */
    private static final long DRAIN_MILLIS = 1_000;

    private final int peer;
    private final ChannelMultiplexer multiplexer;
    private final Process process;
    private final Pipes pipes;
    private final PipeConnection link;
    private final OutputPump printed;
    private final Runnable onSilence;
    private final long startedAt = System.nanoTime();
    private volatile boolean spoke;
    private volatile boolean left;
    private volatile boolean expelled;
    private volatile @Nullable String fault;

    private Child(int peer, ChildProcesses spec, ChannelMultiplexer multiplexer, Process process, Runnable onSilence)
            throws IOException {
        this.peer = peer;
        this.multiplexer = multiplexer;
        this.process = process;
        this.onSilence = onSilence;
        this.pipes = Pipes.of(process);
        String name = "astropool child " + peer;
        this.link = new PipeConnection(name, pipes.in(), pipes.out(), this);
        this.printed = new OutputPump(name, peer, pipes.printed(), spec.output());
    }

    /**
     * Starts a process; its command runs from {@link #begin} on.
     *
     * @param onSilence called when nothing more can come from it, usually because it is about to end
     */
    static Child start(
            ChildStartInfo startInfo, ChildProcesses spec, ChannelMultiplexer multiplexer, Runnable onSilence)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Pipes.shell(spec.command()));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(spec.environment());
        environment.put(ChildStartInfo.VARIABLE, startInfo.text());
        return new Child(startInfo.peer(), spec, multiplexer, NativeEnvironment.start(builder), onSilence);
    }

    void begin() {
        try {
            pipes.go(); // before the link, or the shell would take the first frame for its line
            printed.start();
            link.start();
        } catch (IOException | RuntimeException | Error e) { // it is dead already, or no thread can be created
            kill(); // its end is reported like any other
        }
    }

    int peer() {
        return peer;
    }

    long pid() {
        return process.pid();
    }

    PipeConnection link() {
        return link;
    }

    Process process() {
        return process;
    }

    long ageNanos() {
        return System.nanoTime() - startedAt;
    }

    /** Whether it has sent a frame. */
    boolean hasSentFrames() {
        return spoke;
    }

    /** Whether it has announced its end. */
    boolean hasLeft() {
        return left;
    }

    boolean isExpelled() {
        return expelled;
    }

    @Override
    public void received(int channel, ByteBuffer frame) {
        spoke = true;
        if (channel == PipeConnection.FAREWELL && !frame.hasRemaining()) {
            left = true;
        } else {
            multiplexer.received(peer, channel, frame);
        }
    }

    @Override
    public void caughtUp() {
        multiplexer.thread().wakeUp();
    }

    @Override
    public void ended(@Nullable String why) {
        fault = why;
        onSilence.run();
    }

    /** Ends a child that is not needed any more. */
    void expel() {
        expelled = true;
        kill();
    }

    /** With the programs that it has started, which would go on without it. */
    void kill() {
        List<ProcessHandle> grandchildren = process.descendants().toList();
        process.destroyForcibly();
        grandchildren.forEach(ProcessHandle::destroyForcibly);
    }

    /** The last lines that it has printed so far. */
    String lastWords() {
        return printed.lastWords();
    }

    boolean awaitExit(long millis) throws InterruptedException {
        return process.waitFor(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    /** After its exit: takes in what is still in its pipes, and says how it ended. */
    PeerLoss lossAfterExit() throws InterruptedException {
        link.awaitEnd(DRAIN_MILLIS);
        printed.awaitEnd(DRAIN_MILLIS);
        close();
        link.awaitEnd(DRAIN_MILLIS); // so that no frame comes after the loss
        String lastWords = printed.lastWords();
        String why = fault;
        String reason = expelled
                ? "its process " + pid() + " was killed because it did not answer in time"
                : why == null
                        ? ExitStatus.reason(pid(), process.exitValue(), lastWords)
                        : "its process " + pid() + " was killed because it sent something other than frames: " + why;
        return new PeerLoss(reason, lastWords, true);
    }

    void close() {
        link.close();
        printed.close();
        pipes.close();
    }
}
