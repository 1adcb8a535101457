package org.astropool.internal.program;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.json.LineInput;
import org.astropool.internal.model.ProgramLostException;
import org.astropool.internal.system.JitCompilers;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.task.FailureKind;
import org.astropool.task.ProgramException;

/**
 * A running program with which lines are exchanged. For one thread; an interrupt ends its wait, and with it the
 * program.
 *
 * <p>Several lines may be sent before the first is answered; answers come in the order of the lines.
 */
final class CoProcess {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final char REPLACED = '\ufffd';
    private static final int LONGEST_LINE = 256 << 20;
    private static final int SHOWN_OF_LINE = 200;
    /** How a hello begins after text without an end of line. */
    private static final String UNFINISHED_LINE_BEFORE_HELLO = "{\"astropool\"";

    private static final int FIRST_SIGNAL_CODE = 128;
    private static final int LAST_SIGNAL = 64;
    private static final Map<Integer, String> SIGNALS = Map.of(
            4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM", 24,
            "SIGXCPU");

    /**
     * A line that was sent.
     *
     * @param index of its first point
     * @param logFrom position in the log of what is written later
     */
    private record Request(long index, int bytes, long logFrom) {}

    private final Process process;
    private final ProgramPipes pipes;
    private final ProcessReaper reaper;
    private final ProgramLog log;
    private final ByteBuffer arrived = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private final ByteBuffer leaving = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Deque<Request> unanswered = new ArrayDeque<>();
    private int unansweredBytes;
    private byte[] line = new byte[1 << 12];
    /** Position in the log at or before which the output of the current point begins. */
    private long logFrom;

    private CoProcess(Process process, ProgramPipes pipes, ProcessReaper reaper, ProgramLog log) {
        this.process = process;
        this.pipes = pipes;
        this.reaper = reaper;
        this.log = log;
    }

    /**
     * Starts a program.
     *
     * @param line its command line
     * @param scratch its folder, which is removed with it, or ""
     * @throws BrokenProgramException when it cannot be started
     */
    static CoProcess start(
            List<String> line,
            Map<String, String> environment,
            String directory,
            ProcessReaper reaper,
            String scratch,
            ProgramLog log)
            throws BrokenProgramException {
        ProcessBuilder builder = new ProcessBuilder(ProgramPipes.waiting(line))
                .directory(Path.of(directory).toFile())
                .redirectError(Redirect.appendTo(log.file().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        reaper.mark(builder.environment());
        try {
            Process process = NativeEnvironment.start(builder);
            log.opened();
            CoProcess started = new CoProcess(process, ProgramPipes.of(process), reaper, log);
            started.watch(scratch);
            started.logFrom = log.position();
            started.write(ProgramPipes.GO);
            started.flush();
            JitCompilers.leaveProcessorsToPrograms(); // while the program starts
            return started;
        } catch (IOException e) {
            throw new BrokenProgramException(line.get(0) + " cannot be started: " + e.getMessage(), "");
        }
    }

    /** @param scratch the folder that is removed with the program, or "" */
    void watch(String scratch) throws IOException {
        reaper.watch(process, scratch);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written to standard error since the line was sent that was answered last, or whose answer failed. */
    String lastWords() {
        return log.lastWords(logFrom);
    }

    /**
     * Sends a line and waits for one.
     *
     * @throws ProgramException as those of {@link #send} and {@link #answer}
     */
    String ask(String request) throws ProgramException {
        send(request, 0);
        return answer();
    }

    /**
     * Sends a line, at the latest when its answer is waited for.
     *
     * @param index of its first point
     * @throws ProgramException when the program has ended or written unrequested output, or this thread is interrupted;
     *     the program has ended then
     */
    void send(String request, long index) throws ProgramException {
        try {
            if (unanswered.isEmpty()) {
                endIfMoreWasWritten();
            }
            long position = leaving.position() == 0
                    ? log.position()
                    : unanswered.getLast().logFrom();
            int bytes = write(request);
            unanswered.add(new Request(index, bytes, position));
            unansweredBytes += bytes;
        } catch (IOException e) { // a broken pipe, too
            throw ended();
        }
    }

    /**
     * Waits for the answer to the first line that has none.
     *
     * @throws ProgramException when the program ends instead or writes more than that, or this thread is interrupted;
     *     the program has ended then
     */
    String answer() throws ProgramException {
        Request request = unanswered.remove();
        unansweredBytes -= request.bytes();
        logFrom = request.logFrom();
        try {
            flush();
        } catch (IOException e) {
            // it has ended: its earlier answers are still to be read, and show at which point it ended
        }
        try {
            String answer = read();
            if (unanswered.isEmpty() && arrived.hasRemaining()) {
                endIfMoreWasWritten();
            }
            return answer;
        } catch (IOException e) {
            throw ended();
        }
    }

    /** An extra line would be taken for the next answer, and each later answer for that of another point. */
    private void endIfMoreWasWritten() throws IOException, BrokenProgramException {
        if (!arrived.hasRemaining()) {
            if (pipes.available() == 0) {
                return;
            }
            arrived.clear();
            pipes.in().read(arrived);
            arrived.flip();
        }
        byte[] more = new byte[Math.min(SHOWN_OF_LINE, arrived.remaining())];
        arrived.get(more);
        kill();
        throw new BrokenProgramException(
                "the program has written more to its standard output than the one line that docs/co-process.md gives: "
                        + new String(more, StandardCharsets.UTF_8).strip(),
                lastWords());
    }

    boolean hasUnanswered() {
        return !unanswered.isEmpty();
    }

    /** Whether the first line without an answer begins with this point. */
    boolean isAsked(long index) {
        return !unanswered.isEmpty() && unanswered.getFirst().index() == index;
    }

    /** Of the last line that was sent and has no answer. */
    long lastIndex() {
        return unanswered.getLast().index();
    }

    /** The bytes of lines that have no answer. */
    int unansweredBytes() {
        return unansweredBytes;
    }

    /**
     * Reads answers that are not needed any more: those to lines before the given one, or to all if it was not sent.
     *
     * @param index of the next line whose answer is needed
     * @param millis for how long
     * @return whether it can be used again; otherwise it has ended
     */
    boolean discardUntil(long index, long millis) {
        if (unanswered.isEmpty() || isAsked(index)) {
            return true;
        }
        Alarm alarm = new Alarm(millis);
        try {
            while (!unanswered.isEmpty() && !isAsked(index)) {
                answer();
            }
            return true;
        } catch (ProgramException e) {
            return false; // not of a point that is waited for
        } finally {
            alarm.close();
        }
    }

    /**
     * The line with which the program says that it is ready. What it prints before that, for instance the banner of a
     * library that it imports, goes to its log.
     *
     * @throws ProgramException when the program ends instead, or does not say it in time; the program has ended then
     */
    String hello(long millis) throws ProgramException {
        Alarm alarm = new Alarm(millis);
        String printed = "";
        try {
            while (true) {
                String next = read();
                int begin = Math.max(0, next.indexOf(UNFINISHED_LINE_BEFORE_HELLO));
                if (begin > 0 || !ProgramHello.isMeantBy(next)) {
                    String text = begin > 0 ? next.substring(0, begin) : next;
                    log.append(text);
                    printed = printed.isEmpty() ? text.strip() : printed;
                }
                if (ProgramHello.isMeantBy(next.substring(begin))) {
                    return next.substring(begin);
                }
            }
        } catch (IOException e) {
            ProgramException end = ended();
            String shown = printed.substring(0, Math.min(SHOWN_OF_LINE, printed.length()));
            throw new BrokenProgramException(
                    (alarm.hasRung()
                                    ? "the program said nothing" + (shown.isEmpty() ? "" : " that is a hello") + " in "
                                            + millis / 1000.0 + " s"
                                    : end.getMessage() + " before it said hello")
                            + (shown.isEmpty() ? "" : "; the first line that it printed is: " + shown)
                            + "; docs/co-process.md says what its hello must be",
                    end.lastWords());
        } finally {
            alarm.close();
        }
    }

    /**
     * Puts a line into the buffer.
     *
     * @return its length
     */
    private int write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        while (from < bytes.length) {
            int length = Math.min(leaving.remaining(), bytes.length - from);
            leaving.put(bytes, from, length);
            from += length;
            if (!leaving.hasRemaining()) {
                flush();
            }
        }
        leaving.put((byte) '\n');
        if (!leaving.hasRemaining()) {
            flush();
        }
        return bytes.length + 1;
    }

    private void flush() throws IOException {
        leaving.flip();
        try {
            while (leaving.hasRemaining()) {
                pipes.out().write(leaving);
            }
        } finally {
            leaving.clear();
        }
    }

    private String read() throws IOException {
        int length = 0;
        while (true) {
            while (arrived.hasRemaining()) {
                byte next = arrived.get();
                if (next == '\n') {
                    return decoded(line, length);
                }
                if (length == line.length) {
                    if (length >= LONGEST_LINE) {
                        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
                    }
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = next;
            }
            arrived.clear();
            int count = pipes.in().read(arrived);
            arrived.flip();
            if (count < 0) {
                throw new IOException("the end of its output");
            }
        }
    }

    private static String decoded(byte[] line, int length) {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACED) < 0) { // the class library is fastest at this
            return text;
        }
        try {
            return LineInput.decoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("the decoder replaces what it cannot decode", e);
        }
    }

    /** How it ended; waits for its end or ends it. */
    private ProgramException ended() {
        boolean interrupted = Thread.interrupted();
        if (interrupted) {
            kill();
            Thread.currentThread().interrupt();
            return new ProgramException(
                    FailureKind.TIMEOUT, "the program was ended because its time limit was reached", lastWords());
        }
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                kill();
                return new ProgramException(
                        FailureKind.EXCEPTION,
                        "the program has closed its standard output, and was ended",
                        lastWords());
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        int code = process.exitValue();
        close();
        return ending(code, lastWords());
    }

    static ProgramException ending(int code, String lastWords) {
        if (code > FIRST_SIGNAL_CODE && code <= FIRST_SIGNAL_CODE + LAST_SIGNAL) {
            int signal = code - FIRST_SIGNAL_CODE;
            String name = SIGNALS.getOrDefault(signal, "signal " + signal);
            return new ProgramLostException(
                    "the program was killed by " + name + (signal == 9 ? " (out of memory?)" : ""), lastWords);
        }
        return new ProgramException(FailureKind.EXCEPTION, "the program ended with exit code " + code, lastWords);
    }

    /** Kills it at once, with all processes that it has started. */
    void kill() {
        reaper.kill(process);
        pipes.close();
    }

    /** Closes the input of the program, which should then end. */
    void close() {
        pipes.close();
        try {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                reaper.forget(process);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // no reaper: it is killed
        }
        reaper.kill(process);
    }
}
