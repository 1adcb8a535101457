package org.astropool.internal.job.result;

/** Where the outputs are that a result does not hold in memory. Thread-safe. */
@FunctionalInterface
public interface OutputSource {

    /**
     * The outputs of a point that is ok, as {@link OutputColumns#set} takes them.
     *
     * @throws java.io.UncheckedIOException when they cannot be read
     */
    Object outputs(int point);
}
