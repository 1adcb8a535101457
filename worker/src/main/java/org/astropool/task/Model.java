package org.astropool.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that maps parameters to numbers. An implementation has a public no-argument constructor that does no work
 * and is listed in {@code META-INF/services/org.astropool.task.Model}, or is named by its class in the job file.
 *
 * <p>The methods that declare something are called on the master and on workers, and must depend only on the options.
 * They must not read data, and must be thread-safe.
 */
public interface Model {

    /** The name used in job files, {@code [a-z0-9.-]+}. */
    String name();

    /** One line. */
    String description();

    /** The options that the model understands. */
    default List<ModelOption> options() {
        return List.of();
    }

    /**
     * The parameters, in the order in which {@link Evaluator} gets them.
     *
     * @throws OptionException when the options contradict each other
     */
    List<Parameter> parameters(ModelOptions options);

    /** The outputs, in the order of {@link OutputRow}. */
    List<Output> outputs(ModelOptions options);

    /** How many points an {@link Evaluator} prefers to evaluate at once; at least 1. Results may depend on it. */
    default int batchSize(ModelOptions options) {
        return 1;
    }

    /** Whether one evaluator may be used by many threads at a time; if not, each thread prepares its own. */
    default boolean threadSafe(ModelOptions options) {
        return true;
    }

    /** Files that the model will read: they must be readable before a run starts, and their digests go into results. */
    default List<Path> dataFiles(ModelOptions options) {
        return List.of();
    }

    /**
     * The values of parameters with which the data were made, by name, when the model simulates its data; the summary
     * of a run then says how far the recovered values are from them.
     */
    default Map<String, Double> truth(ModelOptions options) {
        return Map.of();
    }

    /**
     * The tasks of a model that lists its own ({@code [tasks]} of a job file): what {@link Evaluator#evaluate}
     * evaluates when {@link TaskContext#index} is i is task i of this list. Called on the master and on workers, where
     * it must return the same list; may read the {@link #dataFiles}.
     *
     * @return empty when the model evaluates points alone
     * @throws Exception when data are missing or malformed; the message goes to the user
     */
    default Optional<TaskList> tasks(ModelOptions options) throws Exception {
        return Optional.empty();
    }

    /**
     * The model as a graph of random variables, for {@code astropool models --graph}.
     *
     * @return empty when the model declares none
     */
    default Optional<ModelGraph> graph(ModelOptions options) {
        return Optional.empty();
    }

    /**
     * Loads what the model needs. Called once per process (or once per thread, see {@link #threadSafe}).
     *
     * @throws Exception when data are missing or malformed; the message goes to the user
     */
    Evaluator prepare(ModelOptions options) throws Exception;
}
