package org.astropool.internal.script;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.astropool.internal.python.Frame;
import org.astropool.internal.python.FrameChannel;
import org.astropool.internal.python.PythonFunction;
import org.astropool.internal.python.PythonObject;
import org.astropool.internal.python.PythonSettings;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.RemoteFunction;
import org.astropool.pool.TaskFailedException;
import org.astropool.pool.WorkerInfo;
import org.astropool.task.Broadcast;
import org.astropool.task.FailureKind;
import org.astropool.task.Outcome;
import org.astropool.task.TaskFailure;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pool as a script uses it: the frames that the script sends become calls of the pool, and the outcomes become
 * frames. Runs on one thread; outcomes come from threads of the pool.
 */
@SuppressWarnings("serial") // functions that are sent to workers capture nothing but what is serializable
public final class ScriptSession {
    private static final int PROTOCOL = 1;
    private static final AtomicLong SESSIONS = new AtomicLong();
    private static final int LARGEST_MESSAGE = 1 << 30;
    /** Its frames have at most 256 MiB. */
    private static final int LARGEST_OVER_HAZELCAST = (1 << 28) - (1 << 16);

    private final Pool pool;
    private final FrameChannel channel;
    private final ScriptLink link;
    private final int coresPerTask;
    private final long session = SESSIONS.incrementAndGet();
    private final Map<Long, UsedObject> objects = new HashMap<>();
    /** Why objects cannot be sent to the workers. */
    private final Map<Long, String> unusable = new HashMap<>();

    /** Why calls cannot be evaluated: they need such objects. */
    private final Map<Long, String> unusableCalls = new HashMap<>();

    private final Map<Long, OpenCall> calls = new HashMap<>();
    /** What withdraws them. */
    private final Map<Long, Runnable> tasks = new ConcurrentHashMap<>();

    private @Nullable PythonSettings settings;
    /** The folder with the files of objects. */
    private String spool = "";

    private volatile boolean isReady;

    /**
     * A function at the workers.
     *
     * @param evaluated what the workers evaluate
     * @param uses the objects that it needs, each with the number of its tasks under way
     */
    private record OpenCall(RemoteFunction<byte[], byte[]> function, PythonFunction evaluated, List<UsedObject> uses) {}

    private int largestMessage() {
        return pool.carrier().startsWith("Hazelcast") ? LARGEST_OVER_HAZELCAST : LARGEST_MESSAGE;
    }

    /** Whether all workers read the files of the script, now and later. */
    private boolean areWorkersHere() {
        String host = WorkerIdentity.ofThisProcess().host();
        return pool.invitation().isEmpty()
                && pool.workers().stream().allMatch(worker -> worker.host().equals(host));
    }

    /** An object that is freed when the script has forgotten it and no task needs it any more. */
    private final class UsedObject {
        private final long id;
        private final Broadcast<PythonObject> object;
        private int tasks;
        private boolean forgotten;

        UsedObject(long id, Broadcast<PythonObject> object) {
            this.id = id;
            this.object = object;
        }

        synchronized void begin() {
            tasks++;
        }

        synchronized void end() {
            tasks--;
            freeIfUnused();
        }

        synchronized void forget() {
            forgotten = true;
            freeIfUnused();
        }

        private void freeIfUnused() {
            if (forgotten && tasks == 0) {
                forgotten = false;
                free(id, object);
            }
        }
    }

    /**
     * A session whose script has connected.
     *
     * @param channel to and from the script
     * @param coresPerTask how many cores a worker process may use
     */
    public ScriptSession(Pool pool, FrameChannel channel, int coresPerTask) {
        this.pool = pool;
        this.channel = channel;
        this.link = new ScriptLink(channel);
        this.coresPerTask = coresPerTask;
    }

    /**
     * Serves the script until it ends the session or dies.
     *
     * @throws IOException when what it sends is not of the protocol
     */
    public void run() throws IOException {
        try {
            Frame frame = channel.read();
            while (frame != null && handled(frame)) {
                frame = channel.read();
            }
        } catch (IOException e) { // an object that cannot be read, for instance
            refused("what the script sent cannot be used: " + e.getMessage());
            throw e;
        } finally {
            tasks.values().forEach(Runnable::run);
            calls.values().forEach(call -> call.function().close());
            objects.values().forEach(used -> pool.forget(used.object));
            link.close();
            removeSpool();
        }
    }

    /** Tells the script which workers there are. May be called by any thread, before and after {@link #run}, too. */
    public void tellWorkers() {
        if (isReady) {
            link.send(Frame.WORKERS, 0, description());
        }
    }

    /** The script removes it, unless it was killed. */
    private void removeSpool() {
        Path folder = Path.of(spool);
        if (spool.isEmpty() || !Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException | DirectoryIteratorException e) {
            // the script removes it at the same time
        }
    }

    /** Returns false when the session cannot go on. */
    private boolean handled(Frame frame) throws IOException {
        switch (frame.kind()) {
            case Frame.HELLO -> {
                return begun(frame);
            }
            case Frame.OBJECT -> define(frame);
            case Frame.CALL -> open(frame);
            case Frame.TASK -> submit(frame);
            case Frame.EVERYWHERE -> runEverywhere(frame);
            case Frame.CANCEL -> {
                Runnable task = tasks.remove(frame.id());
                if (task != null) {
                    task.run();
                }
            }
            case Frame.FORGET -> {
                UsedObject object = objects.remove(frame.id());
                if (object != null) {
                    object.forget();
                }
            }
            case Frame.END_CALL -> {
                OpenCall call = calls.remove(frame.id());
                if (call != null) {
                    call.function().close();
                }
            }
            default -> throw new IOException("a frame of kind " + frame.kind());
        }
        return true;
    }

    // ---- the beginning ----

    private boolean begun(Frame frame) throws IOException {
        JsonObject hello;
        try {
            hello = JsonParser.object().from(new String(frame.payload(), StandardCharsets.UTF_8));
        } catch (JsonParserException e) {
            throw new IOException("not a hello: " + e.getMessage(), e);
        }
        if (hello.getInt("protocol") != PROTOCOL) {
            return refused("the Python package speaks version " + hello.getInt("protocol")
                    + " of the protocol and the astropool program version " + PROTOCOL
                    + "; use the package that came with the program");
        }
        spool = hello.getString("spool", "");
        PythonSettings made = new PythonSettings(
                session,
                hello.getString("python", "python3"),
                hello.getString("package", ""),
                coresPerTask,
                JsonWriter.string(hello.getObject("setup")),
                hello.getLong("initializer", 0));
        settings = made;
        String tooLarge = unusable.get(made.initializer());
        String trouble = tooLarge == null ? startWorkers(made) : "the initializer and its arguments: " + tooLarge;
        if (!trouble.isEmpty()) {
            return refused(trouble);
        }
        link.send(Frame.READY, 0, description());
        isReady = true;
        tellWorkers(); // of one that has joined meanwhile
        return true;
    }

    private boolean refused(String message) {
        JsonObject ended = new JsonObject();
        ended.put("message", message);
        link.send(Frame.ENDED, 0, ended);
        return false;
    }

    /** Starts a process of Python at each worker, so that what cannot work is reported before the first task. */
    private String startWorkers(PythonSettings made) {
        PythonFunction first = new PythonFunction(made, initializer(made), List.of());
        TaskFunction<Long, Boolean> start = worker -> {
            first.start(worker.intValue());
            return true;
        };
        for (Outcome<Boolean> outcome : pool.onEveryWorker(start)) {
            if (outcome instanceof Outcome.Failed<Boolean> failed) {
                return "the worker processes cannot be started: "
                        + failed.failure().message();
            }
        }
        return "";
    }

    private List<Broadcast<PythonObject>> initializer(PythonSettings made) {
        UsedObject used = objects.get(made.initializer());
        return used == null ? List.of() : List.of(used.object);
    }

    private JsonObject description() {
        JsonObject ready = new JsonObject();
        ready.put("slots", pool.slots());
        // Each thread waits for a process of its own, which evaluates.
        ready.put("carrier", pool.carrier().replace("threads of this process", "processes of this machine"));
        pool.invitation().ifPresent(command -> ready.put("invitation", command));
        ready.put("max_bytes", largestMessage());
        if (!areWorkersHere()) {
            ready.put("max_object_bytes", largestMessage());
        }
        JsonArray workers = new JsonArray();
        for (WorkerInfo worker : pool.workers()) {
            JsonObject one = new JsonObject();
            one.put("number", worker.number());
            one.put("host", worker.host());
            one.put("slots", worker.threads());
            workers.add(one);
        }
        ready.put("workers", workers);
        return ready;
    }

    // ---- objects and calls ----

    private void define(Frame frame) throws IOException {
        PythonObject object;
        if (frame.count() == 0) {
            object = PythonObject.inline(frame.id(), frame.payload());
        } else {
            String path = new String(frame.payload(), StandardCharsets.UTF_8);
            String host = WorkerIdentity.ofThisProcess().host();
            object = PythonObject.file(frame.id(), frame.count(), path, host, areWorkersHere());
        }
        try {
            objects.put(frame.id(), new UsedObject(frame.id(), pool.broadcast(object)));
        } catch (IllegalArgumentException e) { // too large for the carrier
            unusable.put(frame.id(), String.valueOf(e.getMessage()));
        }
    }

    private void free(long id, Broadcast<PythonObject> object) {
        long number = session; // a function must not capture this
        Runnable telling = () -> {
            pool.forget(object);
            pool.onEveryWorker(worker -> {
                PythonFunction.forget(number, id);
                return true;
            });
        };
        // of its own, because it waits for the workers; the caller may be a thread that evaluates
        Thread thread = new Thread(telling, "astropool-forget");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((same, ended) -> {}); // the pool has ended
        thread.start();
    }

    /** The payload has the numbers of the function and of the broadcast values that it may use. */
    private void open(Frame frame) {
        PythonSettings known = java.util.Objects.requireNonNull(settings, "a hello comes first");
        ByteBuffer numbers = ByteBuffer.wrap(frame.payload());
        List<UsedObject> used = new ArrayList<>();
        while (numbers.hasRemaining()) {
            long number = numbers.getLong();
            if (unusable.containsKey(number)) {
                unusableCalls.put(frame.id(), java.util.Objects.requireNonNull(unusable.get(number)));
                return;
            }
            UsedObject object = objects.get(number);
            if (object != null) { // else it was forgotten: tasks that use it fail
                used.add(object);
            }
        }
        List<Broadcast<PythonObject>> needed =
                used.stream().map(one -> one.object).toList();
        PythonFunction function = new PythonFunction(known, initializer(known), needed);
        calls.put(frame.id(), new OpenCall(pool.batchFunction(function, CallOptions.defaults()), function, used));
    }

    private String whyNoCall(long number) {
        String tooLarge = unusableCalls.get(number);
        return tooLarge == null ? "there is no call " + number : "the function or a broadcast value: " + tooLarge;
    }

    // ---- tasks ----

    private void submit(Frame frame) {
        long number = ByteBuffer.wrap(frame.payload()).getLong();
        OpenCall call = calls.get(number);
        if (call == null) {
            failed(frame.id(), TaskFailure.of(FailureKind.EXCEPTION, whyNoCall(number)));
            return;
        }
        try {
            call.uses().forEach(UsedObject::begin);
            AtomicBoolean ended = new AtomicBoolean();
            Runnable withdrawal = call.function().submit(frame.payload(), (result, thrown) -> {
                ended.set(true);
                call.uses().forEach(UsedObject::end);
                ended(frame.id(), result, thrown);
            });
            tasks.put(frame.id(), withdrawal);
            if (ended.get()) {
                tasks.remove(frame.id());
            }
        } catch (IllegalArgumentException e) {
            call.uses().forEach(UsedObject::end);
            failed(frame.id(), TaskFailure.of(FailureKind.EXCEPTION, "the arguments: " + e.getMessage()));
        }
    }

    /** Waits for the workers on a thread of its own. */
    private void runEverywhere(Frame frame) {
        long number = ByteBuffer.wrap(frame.payload()).getLong();
        OpenCall call = calls.get(number);
        if (call == null) {
            failed(frame.id(), TaskFailure.of(FailureKind.EXCEPTION, whyNoCall(number)));
            return;
        }
        call.uses().forEach(UsedObject::begin);
        Runnable running = () -> {
            try {
                link.send(Frame.RESULT, 0, frame.id(), answersOfAll(call.evaluated(), frame.payload()));
            } catch (PoolException broken) {
                refused(String.valueOf(broken.getMessage()));
            } catch (RuntimeException | Error e) { // arguments that the carrier cannot send, or no memory for them
                failed(frame.id(), TaskFailure.of(FailureKind.EXCEPTION, "the arguments: " + e.getMessage()));
            } finally {
                call.uses().forEach(UsedObject::end);
            }
        };
        Thread thread = new Thread(running, "astropool-everywhere");
        thread.setDaemon(true);
        thread.start();
    }

    private byte[] answersOfAll(PythonFunction function, byte[] request) {
        HashMap<Integer, Integer> processes = new HashMap<>();
        pool.workers().forEach(worker -> processes.put(worker.number(), worker.threads()));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        TaskFunction<Long, byte[]> evaluate = worker -> {
            int number = worker.intValue();
            return function.everywhere(number, processes.getOrDefault(number, 1), request);
        };
        for (Outcome<byte[]> outcome : pool.onEveryWorker(evaluate)) {
            if (outcome instanceof Outcome.Done<byte[]> done) {
                all.writeBytes(done.result());
            } else if (outcome instanceof Outcome.Failed<byte[]> failed) {
                TaskFailure failure = failed.failure();
                all.writeBytes(
                        PythonFunction.notEvaluated(failure.message(), failure.worker() + " on " + failure.host()));
            }
        }
        return all.toByteArray();
    }

    private void ended(long id, byte @Nullable [] result, @Nullable Throwable thrown) {
        tasks.remove(id);
        if (result != null) {
            link.send(Frame.RESULT, 0, id, result);
        } else if (thrown instanceof TaskFailedException failed) {
            failed(id, failed.failure());
        } else if (thrown instanceof PoolException broken) {
            refused(String.valueOf(broken.getMessage()));
        } else if (!(thrown instanceof CancellationException)) {
            failed(id, TaskFailure.of(FailureKind.EXCEPTION, String.valueOf(thrown)));
        }
    }

    private void failed(long id, TaskFailure failure) {
        JsonObject report = new JsonObject();
        report.put("kind", failure.kind() == FailureKind.WORKER_LOST ? "lost" : "error");
        report.put("message", failure.message());
        report.put("worker", failure.worker() < 0 ? "" : failure.worker() + " on " + failure.host());
        link.send(Frame.FAILED, id, report);
    }
}
