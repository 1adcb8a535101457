package org.astropool.internal.program;

import java.util.concurrent.atomic.AtomicReference;
import org.astropool.task.ProgramException;
import org.jspecify.annotations.Nullable;

/**
 * A program that has said hello and is not in use. A program may take seconds to start; so the one that was started to
 * learn what it declares evaluates the trial point, too, and then serves the first slot of this process. At most one is
 * kept. Immutable.
 *
 * @param spec with which it was started
 * @param hello its first line
 */
record StartedProgram(ProgramSpec spec, CoProcess process, ProcessReaper reaper, ProgramLog log, String hello) {
    private static final AtomicReference<@Nullable StartedProgram> SPARE = new AtomicReference<>();

    /**
     * Starts a program and waits for its hello.
     *
     * @throws ProgramException when it cannot be started, or ends or is silent instead; its log is removed then
     */
    static StartedProgram start(ProgramSpec spec) throws ProgramException {
        ProcessReaper reaper = CoProcessEvaluator.reaper(spec);
        ProgramLog log;
        try {
            log = CoProcessEvaluator.newLog(spec);
        } catch (ProgramException e) {
            reaper.close();
            throw e;
        }
        try {
            CoProcess process = CoProcessEvaluator.start(spec, reaper, log, ProgramTrace.NONE);
            return new StartedProgram(spec, process, reaper, log, process.hello(spec.startMillis()));
        } catch (ProgramException e) {
            reaper.close();
            log.remove();
            throw e;
        }
    }

    /** Keeps it for the next that needs such a program. */
    void keep() {
        StartedProgram other = SPARE.getAndSet(this);
        if (other != null) {
            other.end();
        }
    }

    /** The program that is kept, if it was started in this way and still runs. */
    static @Nullable StartedProgram take(ProgramSpec spec) {
        StartedProgram spare = SPARE.getAndSet(null);
        if (spare == null || (spare.spec.equals(spec) && spare.process.isAlive())) {
            return spare;
        }
        spare.end();
        return null;
    }

    /** Whether such a program is kept. */
    static boolean isKept(ProgramSpec spec) {
        StartedProgram spare = SPARE.get();
        return spare != null && spare.spec.equals(spec);
    }

    static void endSpare() {
        StartedProgram spare = SPARE.getAndSet(null);
        if (spare != null) {
            spare.end();
        }
    }

    /** It has evaluated nothing that counts, so nobody needs its log. */
    void end() {
        process.close();
        reaper.close();
        log.remove();
    }
}
