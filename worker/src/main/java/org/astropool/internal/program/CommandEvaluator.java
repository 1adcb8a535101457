package org.astropool.internal.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.astropool.internal.model.ProgramLostException;
import org.astropool.internal.text.CutText;
import org.astropool.task.Evaluator;
import org.astropool.task.FailureKind;
import org.astropool.task.OutputRow;
import org.astropool.task.ProgramException;
import org.astropool.task.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program for each point, waits for its end, and looks for the outputs in what it has written. For one thread.
 *
 * <p>A shell of the slot starts them, because it is a small process, and starting a process from a JVM takes several
 * times as long. Every word of a command line is quoted, so that the shell interprets nothing in it.
 */
final class CommandEvaluator implements Evaluator {
    /** So that the text behind it in a message is not cut off later. */
    private static final int MAX_MESSAGE = 3_000;

    private final ProgramSpec spec;
    private final List<String> names;
    private final CommandTemplate template;
    private final OutputReader reader;
    private final ProgramTrace trace;
    private final boolean keepsFailures;
    private final ProgramWatch files;
    private final ProcessReaper reaper;
    private final Map<String, String> environment;
    private @Nullable CoProcess shell;
    private final List<ScratchFolder> unremovable = new ArrayList<>();
    private final Future<?> limiter;
    private volatile @Nullable ScratchFolder scratch;
    private @Nullable ProgramLog log;

    /** @param keepsFailures whether the folder of a point that failed stays */
    CommandEvaluator(
            ProgramSpec spec, List<String> names, List<OutputRule> rules, ProgramTrace trace, boolean keepsFailures) {
        this(spec, names, rules, Map.of(), trace, keepsFailures);
    }

    /** @param files that the command line names, as the master has found them */
    CommandEvaluator(
            ProgramSpec spec,
            List<String> names,
            List<OutputRule> rules,
            Map<String, String> files,
            ProgramTrace trace,
            boolean keepsFailures) {
        this.files = new ProgramWatch(spec, files);
        this.spec = spec;
        this.names = names;
        this.template = new CommandTemplate(spec.words());
        this.reader = new OutputReader(rules);
        this.trace = trace;
        this.keepsFailures = keepsFailures;
        this.reaper = CoProcessEvaluator.reaper(spec);
        this.environment = ProgramEnvironment.of(spec, System.getenv());
        this.limiter = FileLimit.watch(this::limit);
    }

    @Override
    public void evaluate(double[] point, OutputRow row, TaskContext context) throws ProgramException {
        files.check();
        ScratchFolder folder = scratch();
        try {
            int code = run(point, folder, context);
            tell(code, folder);
            if (code != 0) {
                throw CoProcess.ending(code, folder.lastWords());
            }
            reader.read(folder, row);
            if (!folder.clear()) {
                unremovable.add(folder); // a process that it has left running still writes there
                abandon();
            }
        } catch (ProgramException e) {
            if (!keepsFailures || folder.isEmpty()) { // empty: it was not started
                throw e;
            }
            abandon();
            throw withPlace(e, folder);
        }
    }

    private void limit() {
        ScratchFolder folder = scratch;
        if (folder != null) {
            folder.limit();
        }
    }

    private ScratchFolder scratch() throws ProgramException {
        try {
            ScratchFolder folder = scratch;
            if (folder == null) {
                folder = ScratchFolder.create();
                scratch = folder;
                if (shell != null) {
                    shell.watch(folder.folder().toString());
                }
            }
            return folder;
        } catch (IOException e) {
            throw new ProgramException(
                    FailureKind.EXCEPTION,
                    "no scratch folder can be made in " + ScratchFolder.base() + ": " + e
                            + "; make room, or set TMPDIR",
                    "");
        }
    }

    /** The next point gets another folder; this one is kept. */
    private void abandon() {
        scratch = null;
        try {
            if (shell != null) {
                shell.watch("");
            }
        } catch (IOException e) {
            // without the reaper it would not be removed anyway
        }
    }

    private ProgramException withPlace(ProgramException failure, ScratchFolder folder) {
        String lastWords = failure.lastWords().isEmpty() ? folder.lastWords() : failure.lastWords();
        String place = trace == ProgramTrace.NONE && !spec.logs().isEmpty()
                ? FailedPoints.of(Path.of(spec.logs())).keep(folder)
                : "its files are in " + folder.folder(); // of the single point that a user examines
        String message = CutText.of(String.valueOf(failure.getMessage()), MAX_MESSAGE) + "; " + place;
        if (failure instanceof ProgramLostException) {
            return new ProgramLostException(message, lastWords);
        }
        return failure instanceof BrokenProgramException
                ? new BrokenProgramException(message, lastWords)
                : new ProgramException(failure.kind(), message, lastWords);
    }

    /** @return its exit code */
    private int run(double[] point, ScratchFolder folder, TaskContext context) throws ProgramException {
        String command = command(point, folder, context);
        CoProcess running = shell(folder);
        try {
            return Integer.parseInt(running.ask(command));
        } catch (ProgramException e) {
            shell = null;
            throw e;
        } catch (NumberFormatException e) {
            running.kill();
            shell = null;
            throw new BrokenProgramException("the shell that starts programs said " + e.getMessage(), "");
        }
    }

    private CoProcess shell(ScratchFolder folder) throws ProgramException {
        CoProcess running = shell;
        if (running == null || !running.isAlive()) {
            try {
                if (log != null) {
                    log.close();
                }
                log = ProgramLog.create("");
                List<String> line = Stream.concat(ProgramLine.group().stream(), Stream.of("/bin/sh"))
                        .toList();
                running = CoProcess.start(
                        line, environment, "/", reaper, folder.folder().toString(), log);
                shell = running;
            } catch (IOException e) {
                throw new BrokenProgramException("no shell can be started: " + e, "");
            }
        }
        return running;
    }

    private String command(double[] point, ScratchFolder folder, TaskContext context) throws ProgramException {
        String path = folder.folder().toString();
        String directory = spec.directory().isEmpty() ? path : spec.directory();
        String seed = String.valueOf(CoProcessEvaluator.seed(spec.seed(), context.index()));
        String index = String.valueOf(context.index());
        Map<String, String> values = new HashMap<>();
        StringBuilder script = new StringBuilder("cd ");
        ShellText.quote(directory, script);
        script.append(" && ASTROPOOL_INDEX=").append(index);
        script.append(" ASTROPOOL_SEED=").append(seed);
        script.append(" ASTROPOOL_SCRATCH=");
        ShellText.quote(path, script);
        for (int i = 0; i < names.size(); i++) {
            String text = Double.toString(point[i]);
            values.put(names.get(i), text);
            script.append(" ASTROPOOL_PARAMETER_")
                    .append(names.get(i))
                    .append('=')
                    .append(text);
        }
        values.putAll(Map.of("index", index, "seed", seed, "scratch", path, "job", spec.folder()));
        List<String> line = ProgramLine.withinGroup(spec, template.filled(values), environment);
        trace.tell("command", String.join(" ", line));
        trace.tell("working directory", directory);
        for (String word : line) {
            script.append(' ');
            ShellText.quote(word, script);
        }
        script.append(" </dev/null >>"); // appending, so that what is too much can be removed
        ShellText.quote(folder.stdout().toString(), script);
        script.append(" 2>>");
        ShellText.quote(folder.stderr().toString(), script);
        return script.append("; echo $?").toString();
    }

    private void tell(int code, ScratchFolder folder) {
        if (trace == ProgramTrace.NONE) {
            return;
        }
        trace.tell("exit code", String.valueOf(code));
        try (Stream<Path> files = Files.list(folder.folder())) {
            trace.tell("standard output", ScratchFolder.text(folder.stdout()).stripTrailing());
            trace.tell("standard error", ScratchFolder.text(folder.stderr()).stripTrailing());
            List<String> names = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
            trace.tell("files in the scratch folder", String.join(" ", names));
        } catch (IOException e) {
            trace.tell("scratch folder", "cannot be read: " + e);
        }
    }

    /** Ends the shell. */
    @Override
    public void close() {
        if (shell != null) {
            shell.close();
        }
        shell = null;
        limiter.cancel(false);
        ScratchFolder folder = scratch;
        if (folder != null) {
            folder.remove();
        }
        scratch = null;
        unremovable.forEach(ScratchFolder::remove);
        reaper.close();
        if (log != null) {
            log.close();
        }
    }
}
