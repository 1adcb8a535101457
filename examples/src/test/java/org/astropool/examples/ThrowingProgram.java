package org.astropool.examples;

import java.util.List;
import org.astropool.pool.Pool;

/** A program that embeds the pool and throws: itself, or in a task that it does not catch. */
public final class ThrowingProgram {
    private ThrowingProgram() {}

    /** @param args {@code task} or {@code program} */
    public static void main(String[] args) throws Exception {
        Pool.run(args, pool -> {
            pool.map(x -> 2 * x, List.of(1, 2, 3));
            if (args[0].equals("task")) {
                pool.map(x -> 1 / x, List.of(0));
            }
            throw new IllegalStateException("the program has failed");
        });
    }
}
