package org.astropool.external;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.astropool.task.Evaluator;
import org.astropool.task.FailureKind;
import org.astropool.task.OutputRow;
import org.astropool.task.ProgramException;
import org.astropool.task.ProgramLostException;
import org.astropool.task.TaskContext;

/** Starts a program for each point, waits for its end, and looks for the outputs in what it has written. For one thread. */
final class CommandEvaluator implements Evaluator {
    private static final File NOTHING = new File("/dev/null");

    private final ProgramSpec spec;
    private final List<String> names;
    private final CommandTemplate template;
    private final OutputReader reader;
    private final ProgramTrace trace;
    private final Keeper keeper;
    private final Map<String, String> environment;

    CommandEvaluator(ProgramSpec spec, List<String> names, List<OutputRule> rules, ProgramTrace trace) {
        this.spec = spec;
        this.names = names;
        this.template = new CommandTemplate(spec.words());
        this.reader = new OutputReader(rules);
        this.trace = trace;
        this.keeper = CoProcessEvaluator.keeper(spec);
        this.environment = ProgramEnvironment.of(spec, System.getenv());
        keeper.mark(environment);
    }

    @Override
    public void evaluate(double[] point, OutputRow row, TaskContext context) throws ProgramException {
        Scratch scratch;
        try {
            scratch = Scratch.create(context.index());
        } catch (IOException e) {
            throw new ProgramException(
                    FailureKind.EXCEPTION,
                    "no scratch folder can be made in " + Scratch.base() + ": " + e + "; make room, or set TMPDIR",
                    "");
        }
        try {
            int code = run(point, scratch, context);
            tell(code, scratch);
            if (code != 0) {
                throw CoProcess.ending(code, scratch.lastWords());
            }
            reader.read(scratch, row);
            scratch.remove();
        } catch (ProgramException e) {
            throw keptScratch(e, scratch);
        }
    }

    /** Says where the files of a point that failed are; a point that is tried again will say so itself. */
    private static ProgramException keptScratch(ProgramException failure, Scratch scratch) {
        String message = failure.getMessage() + "; its files are in " + scratch.folder();
        if (failure instanceof ProgramLostException) {
            return new ProgramLostException(message, failure.lastWords());
        }
        return failure instanceof BrokenProgramException
                ? new BrokenProgramException(message, failure.lastWords())
                : new ProgramException(failure.kind(), message, failure.lastWords());
    }

    /** @return its exit code */
    private int run(double[] point, Scratch scratch, TaskContext context) throws ProgramException {
        ProcessBuilder builder = builder(point, scratch, context);
        Process process;
        try {
            process = builder.start();
            keeper.watch(process, scratch.folder().toString());
        } catch (IOException e) {
            throw new BrokenProgramException(spec.words().get(0) + " cannot be started: " + e.getMessage(), "");
        }
        try {
            int code = process.waitFor();
            keeper.forget(process);
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            keeper.kill(process);
            throw new ProgramException(
                    FailureKind.TIMEOUT, "the program was ended, since its time was over", scratch.lastWords());
        } catch (IOException e) {
            throw new BrokenProgramException(String.valueOf(e.getMessage()), "");
        }
    }

    private ProcessBuilder builder(double[] point, Scratch scratch, TaskContext context) throws ProgramException {
        Map<String, String> values = new HashMap<>();
        Map<String, String> variables = new HashMap<>(environment);
        for (int i = 0; i < names.size(); i++) {
            String text = Double.toString(point[i]);
            values.put(names.get(i), text);
            variables.put("ASTROPOOL_PARAMETER_" + names.get(i), text);
        }
        String seed = String.valueOf(CoProcessEvaluator.seed(spec.seed(), context.index()));
        String index = String.valueOf(context.index());
        values.putAll(
                Map.of("index", index, "seed", seed, "scratch", scratch.folder().toString(), "job", spec.folder()));
        variables.put("ASTROPOOL_INDEX", index);
        variables.put("ASTROPOOL_SEED", seed);
        variables.put("ASTROPOOL_SCRATCH", scratch.folder().toString());
        List<String> line = ProgramLine.of(spec, template.filled(values), variables);
        String directory = spec.directory().isEmpty() ? scratch.folder().toString() : spec.directory();
        trace.tell("command", String.join(" ", line));
        trace.tell("working directory", directory);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(new File(directory))
                .redirectInput(NOTHING)
                .redirectOutput(Redirect.to(scratch.stdout().toFile()))
                .redirectError(Redirect.to(scratch.stderr().toFile()));
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder;
    }

    private void tell(int code, Scratch scratch) {
        if (trace != ProgramTrace.NONE) {
            try {
                trace.tell("exit code", String.valueOf(code));
                trace.tell("standard output", Scratch.text(scratch.stdout()).stripTrailing());
                trace.tell("standard error", Scratch.text(scratch.stderr()).stripTrailing());
                if (Files.isDirectory(scratch.folder())) {
                    try (var files = Files.list(scratch.folder())) {
                        trace.tell(
                                "files",
                                String.join(
                                        " ",
                                        files.map(file -> String.valueOf(file.getFileName()))
                                                .sorted()
                                                .toList()));
                    }
                }
            } catch (IOException e) {
                trace.tell("scratch", "cannot be read: " + e);
            }
        }
    }

    @Override
    public void close() {
        keeper.close();
    }
}
