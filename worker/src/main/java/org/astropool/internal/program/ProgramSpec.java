package org.astropool.internal.program;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a program is started. Immutable; it is sent to the workers.
 *
 * @param words the command line as the job file gives it
 * @param folder the folder of the job file, absolute
 * @param directory the working directory, absolute; "" for the scratch folder of a command
 * @param environment variables beside those of the worker
 * @param cores how many cores a point takes; at least 1
 * @param ranks how many ranks of MPI evaluate a point; 1 for a program without MPI
 * @param logs folder for what co-processes write to standard error, absolute; "" for none
 * @param seed of the job
 * @param startMillis how long a co-process may take to say hello
 */
public record ProgramSpec(
        List<String> words,
        String folder,
        String directory,
        Map<String, String> environment,
        int cores,
        int ranks,
        String logs,
        long seed,
        long startMillis)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public ProgramSpec {
        words = List.copyOf(words);
        environment = new TreeMap<>(environment);
    }

    /** The same without log files: its standard error only appears in failures. */
    public ProgramSpec withoutLogs() {
        return new ProgramSpec(words, folder, directory, environment, cores, ranks, "", seed, startMillis);
    }
}
