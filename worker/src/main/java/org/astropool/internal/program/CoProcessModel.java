package org.astropool.internal.program;

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
     * @param keep whether the program stays for the next evaluator of this process that needs it
     * @throws ProgramException when it cannot be started, or says something else
     */
    public static Declaration ask(ProgramSpec spec, String name, boolean keep) throws ProgramException {
        ScratchFolder.check();
        StartedProgram program = StartedProgram.start(spec);
        try {
            Declaration declaration = ProgramHello.read(program.hello(), name, Path.of(spec.directory()));
            if (keep) {
                program.keep();
            } else {
                program.end();
            }
            return declaration;
        } catch (BrokenProgramException e) {
            program.end();
            throw e;
        }
    }

    /** Ends the program that {@link #ask} has kept, if no evaluator uses it. */
    public static void endSpare() {
        StartedProgram.endSpare();
    }

    /** An evaluator for a trial, which hands its program on to the next evaluator if it was handed on to it. */
    public Evaluator evaluatorForTrial() {
        return StartedProgram.isKept(spec())
                ? new CoProcessEvaluator(spec(), declaration(), files(), ProgramTrace.NONE, true)
                : withoutLogs().evaluator(ProgramTrace.NONE);
    }

    /** The same that writes no files. */
    public CoProcessModel withoutLogs() {
        return new CoProcessModel(spec().withoutLogs(), declaration(), files());
    }

    @Override
    public Evaluator evaluator(ProgramTrace trace) {
        return new CoProcessEvaluator(spec(), declaration(), files(), trace, false);
    }
}
