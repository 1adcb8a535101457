package org.astropool.internal.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.astropool.task.Evaluator;
import org.astropool.task.ProgramException;

/**
 * A program that is started once a slot, reads points and writes results, line by line (docs/co-process.md). It is
 * serialized as its command line and the declaration of the program. Immutable.
 */
public final class CoProcessModel extends ProgramModel {
    private static final long serialVersionUID = 1;

    /** @param declaration the declaration of the program */
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
     * Starts the program and reads its declaration.
     *
     * @param name for a program that gives itself none
     * @throws ProgramException when it cannot be started, or says something else
     */
    public static Declaration ask(ProgramSpec spec, String name) throws ProgramException {
        ScratchFolder.check();
        ProgramSpec silent = spec.withoutLogs();
        try (ProcessReaper reaper = CoProcessEvaluator.reaper(spec);
                ProgramLog log = ProgramLog.create(silent.logs())) {
            CoProcess program = CoProcessEvaluator.start(silent, reaper, log, ProgramTrace.NONE);
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
