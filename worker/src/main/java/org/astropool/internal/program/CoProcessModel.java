package org.astropool.internal.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.astropool.task.Evaluator;
import org.astropool.task.ProgramException;

/**
 * A program that is started once a slot, reads points and writes results, line by line (docs/co-process.md). It travels
 * as its command line and what the program has said of itself. Immutable.
 */
public final class CoProcessModel extends ProgramModel {
    private static final long serialVersionUID = 1;

    /** @param declaration what the program says of itself */
    public CoProcessModel(ProgramSpec spec, Declaration declaration) {
        this(spec, declaration, Map.of());
    }

    private CoProcessModel(ProgramSpec spec, Declaration declaration, Map<String, String> files) {
        super(spec, declaration, files);
    }

    @Override
    public CoProcessModel withFiles(Map<String, String> digests) {
        return new CoProcessModel(spec(), declaration(), digests);
    }

    /**
     * Starts the program, and asks it what it takes and gives.
     *
     * @param name for a program that gives itself none
     * @throws ProgramException when it cannot be started, or says something else
     */
    public static Declaration ask(ProgramSpec spec, String name) throws ProgramException {
        ScratchFolder.check();
        ProgramSpec silent = spec.withoutLogs();
        try (ProcessReaper keeper = CoProcessEvaluator.keeper(spec);
                ProgramLog log = ProgramLog.create(silent.logs())) {
            CoProcess program = CoProcessEvaluator.start(silent, keeper, log, ProgramTrace.NONE);
            try {
                return ProgramHello.read(program.hello(spec.startMillis()), name, Path.of(spec.directory()));
            } finally {
                program.close();
            }
        } catch (IOException e) {
            throw new BrokenProgramException("the program cannot be started: " + e, "");
        }
    }

    /** The same that writes no files. */
    public CoProcessModel withoutLogs() {
        return new CoProcessModel(spec().withoutLogs(), declaration(), files());
    }

    @Override
    public Evaluator evaluator(ProgramTrace trace) {
        return new CoProcessEvaluator(spec(), declaration(), files(), trace);
    }
}
