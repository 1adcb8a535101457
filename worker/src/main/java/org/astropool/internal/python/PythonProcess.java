package org.astropool.internal.python;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.program.Alarm;
import org.astropool.internal.program.ProcessReaper;
import org.astropool.internal.program.ProgramEnvironment;
import org.astropool.internal.program.ProgramLine;
import org.astropool.internal.program.ProgramPipes;
import org.astropool.internal.python.PythonLostException.Why;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.internal.transport.process.ExitStatus;
import org.astropool.internal.transport.process.OutputPump;
import org.astropool.internal.worker.WorkerIdentity;

/**
 * A worker process of Python, which evaluates one request after the other. Requests may be sent before earlier ones are
 * answered. For one thread; an interrupt ends its wait, and with it the process.
 */
final class PythonProcess implements AutoCloseable {
    private static final String MAIN =
            "import sys; sys.path.insert(0, sys.argv[1]); from astropool._worker import main; main()";
    private static final long START_MILLIS = 120_000;
    private static final String MARK = "ASTROPOOL_PYTHON_WORKER";
    private static final OutputStream STANDARD_ERROR = new FileOutputStream(FileDescriptor.err);
    private static final String HOST = WorkerIdentity.ofThisProcess().host();

    /** Numbers of objects that are not needed any more, in the order in which they were forgotten. */
    private static final List<Forgotten> FORGOTTEN = new CopyOnWriteArrayList<>();

    private record Forgotten(long session, long object) {}

    private static final String CANCELLED = "was killed because its task was cancelled";
    private static final long DISCARD_MILLIS = 1000;

    private final PythonSettings settings;
    private final String label;
    private final Process process;
    private final ProgramPipes pipes;
    private final FrameChannel channel;
    private final OutputPump output;
    private final ProcessReaper reaper = new ProcessReaper(0);
    private final Set<Long> known = new HashSet<>();
    private final Deque<Long> unanswered = new ArrayDeque<>();
    private final Deque<Frame> early = new ArrayDeque<>(); // answers to the first of these
    private long unansweredBytes;
    private long lastAsked = -1;
    private int forgotten = FORGOTTEN.size();
    private boolean ended;

    /**
     * Starts a process and waits until it is ready.
     *
     * @param label number of the worker and of the slot, for messages
     * @throws PythonLostException when it cannot be started, or its initializer fails
     */
    PythonProcess(PythonSettings settings, List<PythonObject> initializer, String label) throws PythonLostException {
        this.settings = settings;
        this.label = label;
        List<String> line = new ArrayList<>(ProgramLine.group());
        line.addAll(List.of(settings.python(), "-c", MAIN, settings.packageFolder()));
        ProcessBuilder builder = new ProcessBuilder(ProgramPipes.waiting(line)).redirectError(Redirect.PIPE);
        Map<String, String> environment = ProgramEnvironment.ofUser(System.getenv());
        ProgramEnvironment.share(environment, settings.cores());
        environment.put(MARK, label);
        environment.put("PYTHONUNBUFFERED", "1"); // what a function prints is to be seen when it prints it
        builder.environment().clear();
        builder.environment().putAll(environment);
        reaper.mark(builder.environment());
        try {
            process = NativeEnvironment.start(builder);
            pipes = ProgramPipes.of(process);
        } catch (IOException e) {
            throw new PythonLostException(Why.ENDED, settings.python() + " cannot be started: " + e.getMessage(), "");
        }
        output = new OutputPump(
                "astropool-python-" + label,
                0,
                Channels.newChannel(process.getErrorStream()),
                (peer, text) -> print("[" + label + "] " + text + "\n"));
        output.start();
        channel = new FrameChannel(pipes.in(), pipes.out());
        setUp(initializer);
    }

    private static void print(String text) {
        try {
            STANDARD_ERROR.write(text.getBytes(StandardCharsets.UTF_8)); // one write, so that lines stay whole
        } catch (IOException e) {
            // nobody reads it
        }
    }

    private void setUp(List<PythonObject> initializer) throws PythonLostException {
        Frame answer = null;
        Alarm alarm = new Alarm(START_MILLIS);
        try {
            reaper.watch(process, "");
            pipes.out().write(ByteBuffer.wrap((ProgramPipes.GO + "\n").getBytes(StandardCharsets.US_ASCII)));
            for (PythonObject object : initializer) {
                define(object);
            }
            JsonObject setup = JsonParser.object().from(settings.setup());
            setup.put("label", label + " on " + HOST);
            channel.write(
                    Frame.SETUP, 0, 0, ByteBuffer.wrap(JsonWriter.string(setup).getBytes(StandardCharsets.UTF_8)));
            channel.flush();
            answer = channel.read();
        } catch (JsonParserException e) {
            throw new IllegalStateException("the settings are no JSON", e);
        } catch (IOException e) {
            if (alarm.hasRung()) {
                throw notStarted(lost(Why.TIMED_OUT, "did not start within " + START_MILLIS / 1000 + " s"));
            }
            // it has ended
        } finally {
            alarm.close();
        }
        if (answer == null) {
            throw notStarted(lost(Why.ENDED, ""));
        }
        if (answer.count() != 0) {
            kill();
            throw new PythonLostException(Why.ENDED, new String(answer.payload(), StandardCharsets.UTF_8).strip(), "");
        }
    }

    private PythonLostException notStarted(PythonLostException why) {
        String said = why.output().isEmpty() ? "" : "\n" + why.output();
        return new PythonLostException(why.why(), settings.python() + ": " + why.getMessage() + said, "");
    }

    PythonSettings settings() {
        return settings;
    }

    String label() {
        return label;
    }

    boolean isUsable() {
        return !ended && (process.isAlive() || !unanswered.isEmpty());
    }

    /** Sends an object, unless the process has it. */
    private void define(PythonObject object) throws IOException {
        if (known.add(object.id())) {
            object.writeTo(channel, HOST);
        }
    }

    /**
     * Sends a request, at the latest when its answer is waited for.
     *
     * @param index identifies the request
     * @param objects the function, and what it needs; those that the process does not have are sent first
     * @param from first item to be evaluated
     * @param to after the last
     */
    void send(long index, List<PythonObject> objects, ByteBuffer items, int from, int to) throws PythonLostException {
        write(index, objects, items, from, to);
        unanswered.add(index);
        lastAsked = index;
        unansweredBytes += items.remaining();
    }

    private void write(long index, List<PythonObject> objects, ByteBuffer items, int from, int to)
            throws PythonLostException {
        try {
            forgetForgotten();
            for (PythonObject object : objects) {
                define(object);
            }
            ByteBuffer header = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES);
            header.putLong(objects.get(0).id()).putInt(from).putInt(to).flip();
            channel.write(Frame.RUN, to - from, index, header, items);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw lost(Why.CANCELLED, CANCELLED);
            }
            throw lost(Why.ENDED, process.isAlive() ? "cannot be given its task: " + e.getMessage() : "");
        }
    }

    /**
     * Sends a request of one item and waits for its answer. The answers to earlier requests are read first, since the
     * process reads nothing while it waits for someone to read an answer; they are kept for those who ask for them.
     */
    Frame ask(List<PythonObject> objects, ByteBuffer items) throws PythonLostException {
        while (early.size() < unanswered.size()) {
            early.add(read(0));
        }
        write(-1, objects, items, 0, 1);
        return read(0);
    }

    /** The script does not need them any more. */
    private void forgetForgotten() throws IOException {
        while (forgotten < FORGOTTEN.size()) {
            Forgotten next = FORGOTTEN.get(forgotten++);
            if (next.session() == settings.session() && known.remove(next.object())) {
                channel.write(Frame.FORGET, 0, next.object());
            }
        }
    }

    /** Has all processes of a session in this JVM free an object, before they evaluate the next task. */
    static void forget(long session, long object) {
        FORGOTTEN.add(new Forgotten(session, object));
    }

    /** Whether this is the request that is answered next. */
    boolean isAsked(long index) {
        return !unanswered.isEmpty() && unanswered.getFirst() == index;
    }

    /** How many requests have no answer. */
    int unanswered() {
        return unanswered.size();
    }

    /** The bytes of the requests that have no answer. */
    long unansweredBytes() {
        return unansweredBytes;
    }

    /** Number of the last request. */
    long lastAsked() {
        return lastAsked;
    }

    /** Reads answers that nobody needs any more; ends the process if that takes long. */
    void discardAnswers() {
        discardUntil(-1);
    }

    /**
     * Reads the answers to requests before the given one, which were sent ahead and then withdrawn; to all if this one
     * was not sent. Ends the process if that takes long.
     */
    void discardUntil(long index) {
        try {
            while (!unanswered.isEmpty() && unanswered.getFirst() != index) {
                answer(DISCARD_MILLIS);
            }
        } catch (PythonLostException e) {
            // the next task finds it ended
        }
    }

    /**
     * Waits for the answer to the first request that has none.
     *
     * @param millis the time limit, or 0
     * @throws PythonLostException when the process ends instead, is too late, or this thread is interrupted; the
     *     process has ended then
     */
    Frame answer(long millis) throws PythonLostException {
        unanswered.remove();
        if (unanswered.isEmpty()) {
            unansweredBytes = 0;
        }
        return early.isEmpty() ? read(millis) : early.remove();
    }

    private Frame read(long millis) throws PythonLostException {
        Alarm alarm = millis == 0 ? null : new Alarm(millis);
        try {
            channel.flush();
            Frame frame = channel.read();
            if (frame != null && frame.kind() == Frame.DONE) {
                return frame;
            }
        } catch (IOException e) {
            if (alarm != null && alarm.hasRung()) {
                throw lost(Why.TIMED_OUT, "exceeded the time limit of " + millis * 1e-3 + " s, and was killed");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw lost(Why.CANCELLED, CANCELLED);
            }
        } finally {
            if (alarm != null) {
                alarm.close();
            }
        }
        throw lost(Why.ENDED, "");
    }

    /** @param said what has happened to it, or "" when it ended by itself */
    private PythonLostException lost(Why why, String said) {
        boolean interrupted = Thread.interrupted();
        String reason = "process " + process.pid() + " " + said;
        try {
            if (said.isEmpty() && process.waitFor(1, TimeUnit.SECONDS)) {
                output.awaitEnd(200);
                reason = ExitStatus.reason(process.pid(), process.exitValue(), output.lastWords())
                        .replaceFirst("^its ", "");
            } else if (said.isEmpty()) {
                reason = "process " + process.pid() + " closed its connection";
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        kill();
        if (interrupted && why != Why.TIMED_OUT) {
            Thread.currentThread().interrupt();
        }
        return new PythonLostException(why, reason + " (worker " + label + " on " + HOST + ")", output.lastWords());
    }

    /** Ends it at once, with all processes that it has started. */
    void kill() {
        ended = true;
        reaper.kill(process);
        pipes.close();
        reaper.close();
    }

    /** Lets it end. */
    @Override
    public void close() {
        ended = true;
        pipes.close();
        try {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                reaper.forget(process);
                reaper.close();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // no reaper: it is killed
        }
        kill();
    }
}
