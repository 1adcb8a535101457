package org.astropool.internal.job.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.sampler.Prior;

/**
 * A job file that was read, with the overrides of the command line applied. Immutable.
 *
 * @param directory the folder of the job file
 * @param name {@code [job] name}
 * @param seed {@code [job] seed}
 * @param parameters the entries of {@code [parameters]}, by name
 * @param plan what is to be evaluated
 * @param origin where each value was given, for messages
 * @param values all values of the job file and the command line, as maps, lists, strings, numbers and booleans
 */
public record Job(
        Path directory,
        String name,
        long seed,
        ModelChoice model,
        Map<String, ParameterNote> parameters,
        Plan plan,
        RunSettings run,
        OutputSettings output,
        SourcePositions origin,
        Map<String, Object> values) {

    /**
     * The same job, with more places to look for classes.
     *
     * @param more absolute paths of jars and folders
     */
    public Job withClassPath(List<String> more) {
        List<String> all = new ArrayList<>(model.classPath());
        all.addAll(more);
        ModelChoice choice = new ModelChoice(model.name(), all, model.options(), model.fixed(), model.program());
        return new Job(directory, name, seed, choice, parameters, plan, run, output, origin, values);
    }

    /**
     * The table {@code [model]}.
     *
     * @param name "" when it is a program
     * @param classPath absolute paths of jars and folders
     * @param options as given: String, Long, Double or Boolean by name
     * @param fixed values of the parameters that are on no axis
     * @param program the program, if the model is not on the class path
     */
    public record ModelChoice(
            String name,
            List<String> classPath,
            Map<String, Object> options,
            Map<String, Double> fixed,
            Optional<ProgramSection> program) {

        /** How many processors a point uses. */
        public int cores() {
            return program.map(choice -> choice.cores() * choice.ranks()).orElse(1);
        }
    }

    /** An entry of {@code [parameters]}. */
    public record ParameterNote(Optional<String> label, Optional<Prior> prior) {}

    /**
     * The table {@code [run]}.
     *
     * @param retries further attempts of a point that threw or timed out
     * @param timeout for one point
     * @param isolated whether points are evaluated in child processes
     * @param stopWhenAllFail the run ends when the first max(this, 2 x slots) finished points all failed; 0: never
     */
    public record RunSettings(
            int retries,
            Optional<Duration> timeout,
            boolean isolated,
            FailureAllowance allowFailures,
            int stopWhenAllFail) {
        public static final RunSettings DEFAULT =
                new RunSettings(0, Optional.empty(), false, FailureAllowance.NONE, 100);
    }

    /**
     * The table {@code [output]}.
     *
     * @param directory absolute
     * @param formats empty for the defaults of the plan
     * @param report whether report.html is written
     * @param shardRows how many points of a design are in one file; empty for the default
     */
    public record OutputSettings(Path directory, List<TableFormat> formats, boolean report, OptionalInt shardRows) {
        /** The name of {@link #logs}. */
        public static final String LOGS = "logs";

        /** The folder with the standard error of programs that keep running, one file per slot. */
        public Path logs() {
            return directory.resolve(LOGS);
        }
    }
}
