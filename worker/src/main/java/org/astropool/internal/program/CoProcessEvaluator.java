package org.astropool.internal.program;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.astropool.internal.json.LenientJson;
import org.astropool.internal.json.StrictJson;
import org.astropool.task.Evaluator;
import org.astropool.task.FailureKind;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.ProgramException;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * The program of a slot: starts it, feeds it, starts it again when it has ended. For one thread.
 *
 * <p>A point that takes a microsecond costs tens of microseconds when the program and this thread alternately wait for
 * each other and wake each other up. So, while points are fast, they are sent in advance to programs whose answers say
 * to which point they belong. Such a program reads its input line by line and knows what it answers; for others,
 * neither is certain: a child process may read the lines that follow, as {@code ssh} in a shell loop does.
 */
final class CoProcessEvaluator implements Evaluator {
    private static final int SEED_BITS = 53; // what JSON parsers read exactly as a whole number
    /** POSIX's PIPE_BUF: this much fits into a pipe while the program waits until its answers are read. */
    private static final int MOST_BYTES_AHEAD = 4096;

    private static final double FAST_NANOS = 1e6;
    /** About how many points the mean time of a point is taken over. */
    private static final int POINTS_OF_MEAN = 8;

    private static final long DISCARD_MILLIS = 1000;

    private final ProgramSpec spec;
    private final Declaration declaration;
    private final Map<String, String> files;
    private final boolean givesNumbers;
    private final ProgramTrace trace;
    private final boolean handsOn;
    private ProcessReaper reaper;
    private final StringBuilder request = new StringBuilder();
    private @Nullable ProgramLog log;
    private @Nullable CoProcess program;
    /** Whether the program says in its answers to which point they belong. */
    private boolean saysIndex;

    private String hello = "";

    private double nanosPerPoint;
    private List<double[]> expected = List.of();
    private long firstExpected;

    CoProcessEvaluator(ProgramSpec spec, Declaration declaration, ProgramTrace trace) {
        this(spec, declaration, Map.of(), trace, false);
    }

    /**
     * @param files that the command line names, as the master has found them
     * @param handsOn whether the program stays for the next evaluator when this one is closed
     */
    CoProcessEvaluator(
            ProgramSpec spec, Declaration declaration, Map<String, String> files, ProgramTrace trace, boolean handsOn) {
        this.handsOn = handsOn;
        this.spec = spec;
        this.files = files;
        this.declaration = declaration;
        this.givesNumbers = declaration.outputs().stream().allMatch(output -> output.type() == Output.Type.DOUBLE);
        this.trace = trace;
        this.reaper = reaper(spec);
    }

    static ProcessReaper reaper(ProgramSpec spec) {
        return new ProcessReaper(spec.ranks() > 1 ? 1 : 0);
    }

    static CoProcess start(ProgramSpec spec, ProcessReaper reaper, ProgramLog log, ProgramTrace trace)
            throws BrokenProgramException {
        Map<String, String> environment = ProgramEnvironment.of(spec, System.getenv());
        List<String> line = ProgramLine.of(spec, spec.words(), environment);
        tell(trace, line, spec);
        return CoProcess.start(line, environment, spec.directory(), reaper, "", log);
    }

    private static void tell(ProgramTrace trace, List<String> line, ProgramSpec spec) {
        trace.tell("command", String.join(" ", line));
        trace.tell("working directory", spec.directory());
    }

    static long seed(long seedOfJob, long index) {
        return RandomStreams.stream(seedOfJob, index).nextLong() >>> (Long.SIZE - SEED_BITS);
    }

    @Override
    public void prepare() throws ProgramException {
        CoProcess running = program;
        if (running != null && (running.isAlive() || running.hasUnanswered())) {
            return; // ended with unanswered points: reading the next answer shows at which of them it ended
        }
        if (running != null) {
            end(running);
        }
        program = start();
        saysIndex = false;
    }

    @Override
    public void expect(List<double[]> points, long firstIndex) {
        CoProcess running = program;
        if (running != null && !running.discardUntil(-1, DISCARD_MILLIS)) { // of a chunk that was withdrawn
            program = null;
        }
        expected = points;
        firstExpected = firstIndex;
    }

    private CoProcess start() throws ProgramException {
        StartedProgram spare = StartedProgram.take(spec);
        CoProcess started = spare == null ? start(spec, reaper, log(), trace) : adopt(spare);
        try {
            hello = spare == null ? started.hello(spec.startMillis()) : spare.hello();
            trace.tell("said hello", hello);
            Declaration here = ProgramHello.read(hello, declaration.name(), Path.of(spec.directory()));
            if (!here.identity().equals(declaration.identity())) {
                throw new BrokenProgramException(
                        "the program declares itself differently here than on the master: "
                                + String.join(", ", here.identity()) + ", not "
                                + String.join(", ", declaration.identity()),
                        "");
            }
            checkFiles(here);
            return started;
        } catch (ProgramException e) {
            started.kill();
            throw e;
        }
    }

    private CoProcess adopt(StartedProgram spare) throws BrokenProgramException {
        reaper.close();
        reaper = spare.reaper();
        if (log != null) {
            log.close();
        }
        log = spare.log();
        if (trace != ProgramTrace.NONE) {
            tell(trace, ProgramLine.of(spec, spec.words(), ProgramEnvironment.of(spec, System.getenv())), spec);
        }
        return spare.process();
    }

    /** Also when it is started again, because it may have been changed during the run. */
    private void checkFiles(Declaration here) throws BrokenProgramException {
        String differences = ProgramModel.differences(spec, declaration, files);
        if (differences.isEmpty()) {
            differences = declaration.differences(here);
        }
        if (!differences.isEmpty()) {
            throw new BrokenProgramException(
                    "the program is not that of the master: " + differences
                            + "; give all hosts the same files, and do not change them during a run",
                    "");
        }
    }

    private ProgramLog log() throws ProgramException {
        ProgramLog file = log;
        if (file != null && file.isKept()) {
            return file;
        }
        if (file != null) {
            file.close(); // its name is removed
        }
        file = newLog(spec);
        log = file;
        return file;
    }

    static ProgramLog newLog(ProgramSpec spec) throws ProgramException {
        try {
            return ProgramLog.create(spec.logs());
        } catch (IOException e) { // another machine, which has no such folder
            try {
                return ProgramLog.create("");
            } catch (IOException again) {
                throw new BrokenProgramException("the log of the program cannot be made: " + again, "");
            }
        }
    }

    @Override
    public void evaluate(double[] point, OutputRow row, TaskContext context) throws ProgramException {
        evaluateBatch(new double[][] {point}, new OutputRow[] {row}, context);
    }

    @Override
    public void evaluateBatch(double[][] points, OutputRow[] rows, TaskContext context) throws ProgramException {
        CoProcess running = Objects.requireNonNull(program, "prepared before each evaluation");
        long index = context.index();
        if (!running.discardUntil(index, DISCARD_MILLIS)) { // points that were sent ahead and then withdrawn
            end(running);
            prepare();
            running = Objects.requireNonNull(program, "prepared");
        }
        long begin = System.nanoTime();
        String answer;
        try {
            if (!running.isAsked(index)) {
                send(running, request(points, index), index);
            }
            if (points.length == 1 && saysIndex && nanosPerPoint < FAST_NANOS) {
                sendAhead(running, index);
            }
            answer = running.answer();
        } catch (ProgramException e) {
            program = null;
            throw e;
        }
        trace.tell("said", answer);
        long nanos = System.nanoTime() - begin;
        nanosPerPoint = saysIndex ? nanosPerPoint + (nanos - nanosPerPoint) / POINTS_OF_MEAN : nanos;
        try {
            read(answer, index, rows, running);
        } catch (BrokenProgramException e) {
            end(running); // after such an answer the program may be out of step
            throw e;
        }
        if (trace != ProgramTrace.NONE && !running.lastWords().isEmpty()) {
            trace.tell("standard error", running.lastWords());
        }
    }

    private void sendAhead(CoProcess running, long index) throws ProgramException {
        if (index < firstExpected
                || running.unansweredBytes() > MOST_BYTES_AHEAD / 2) { // half, so that one write has many
            return;
        }
        for (long next = running.lastIndex() + 1; next < firstExpected + expected.size(); next++) {
            double[][] point = new double[1][];
            try {
                point[0] = expected.get((int) (next - firstExpected));
            } catch (RuntimeException e) {
                return; // it fails when it is evaluated
            }
            String line = request(point, next);
            if (running.unansweredBytes() + line.length() >= MOST_BYTES_AHEAD) {
                return;
            }
            send(running, line, next);
        }
    }

    private void send(CoProcess running, String line, long index) throws ProgramException {
        trace.tell("was sent", line);
        running.send(line, index);
    }

    private void end(CoProcess running) {
        running.kill();
        program = null;
    }

    private String request(double[][] points, long firstIndex) {
        request.setLength(0);
        request.append("{\"points\": [");
        for (int i = 0; i < points.length; i++) {
            request.append(i == 0 ? "[" : ", [");
            for (int j = 0; j < points[i].length; j++) {
                request.append(j == 0 ? "" : ", ").append(points[i][j]);
            }
            request.append(']');
        }
        request.append("], \"index\": ").append(firstIndex).append(", \"seeds\": [");
        for (int i = 0; i < points.length; i++) {
            request.append(i == 0 ? "" : ", ").append(seed(spec.seed(), firstIndex + i));
        }
        return request.append("]}").toString();
    }

    private void read(String line, long index, OutputRow[] rows, CoProcess running) throws ProgramException {
        double[][] numbers = givesNumbers
                ? NumberAnswer.read(
                        line, index, rows.length, declaration.outputs().size())
                : null;
        if (numbers == null) {
            readJson(line, index, rows, running);
            return;
        }
        saysIndex = true;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < numbers[i].length; j++) {
                rows[i].set(j, numbers[i][j]);
            }
        }
    }

    private void readJson(String line, long index, OutputRow[] rows, CoProcess running) throws ProgramException {
        JsonObject answer;
        try {
            answer = LenientJson.object(line);
        } catch (IllegalArgumentException e) {
            throw broken(line, String.valueOf(e.getMessage()), running);
        }
        boolean said = answer.containsKey("index");
        if (said ? !Objects.equals(StrictJson.whole(answer.get("index")), index) : saysIndex) {
            throw broken(line, "its \"index\" must be that of the point, " + index, running);
        }
        saysIndex = said;
        if (answer.containsKey("error")) {
            throw failure(answer);
        }
        if (!(answer.get("results") instanceof JsonArray results) || results.size() != rows.length) {
            throw broken(
                    line, "it must have \"results\", a list with one element a point (" + rows.length + ")", running);
        }
        for (int i = 0; i < rows.length; i++) {
            try {
                set(rows[i], results.get(i));
            } catch (IllegalArgumentException e) {
                throw broken(line, "result " + i + ": " + e.getMessage(), running);
            }
        }
    }

    private void set(OutputRow row, Object result) {
        if (result instanceof JsonObject object) {
            if (object.containsKey("skipped")) {
                row.skip(object.getString("skipped", ""));
            } else if (object.containsKey("error")) {
                row.fail(failure(object));
            } else {
                throw new IllegalArgumentException("an object has \"error\" or \"skipped\", not " + object.keySet());
            }
            return;
        }
        List<Output> outputs = declaration.outputs();
        if (!(result instanceof JsonArray values) || values.size() != outputs.size()) {
            throw new IllegalArgumentException("it must be a list with one value an output (" + outputs.size() + ")");
        }
        for (int i = 0; i < outputs.size(); i++) {
            LenientJson.set(row, i, outputs.get(i), values.get(i));
        }
    }

    private static ProgramException failure(JsonObject answer) {
        return new ProgramException(
                FailureKind.EXCEPTION, String.valueOf(answer.get("error")), answer.getString("traceback", ""));
    }

    private static BrokenProgramException broken(String line, String why, CoProcess running) {
        String start = line.length() > 200 ? line.substring(0, 200) + "..." : line;
        return new BrokenProgramException(
                "the program's answer is not of the form that docs/co-process.md gives: " + why + ". It was: " + start,
                running.lastWords());
    }

    /** Ends the program, or hands it on. */
    @Override
    public void close() {
        CoProcess running = program;
        ProgramLog file = log;
        if (handsOn && running != null && file != null && running.isAlive() && !running.hasUnanswered()) {
            program = null;
            new StartedProgram(spec, running, reaper, file, hello).keep();
            return;
        }
        if (running != null) {
            running.close();
        }
        program = null;
        reaper.close();
        if (log != null) {
            log.close();
        }
    }
}
