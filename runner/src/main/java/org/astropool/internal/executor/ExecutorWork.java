package org.astropool.internal.executor;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What an executor service sends to a worker. */
public interface ExecutorWork extends Serializable {

    /** Evaluates it, on a worker. */
    @Nullable
    Object call() throws Exception;

    /** A callable. */
    @SuppressWarnings("serial") // serializable or not, as the task is
    record Call(Callable<?> task) implements ExecutorWork {
        @Override
        public @Nullable Object call() throws Exception {
            return task.call();
        }
    }

    /** A runnable. */
    @SuppressWarnings("serial") // as above
    record Run(Runnable task) implements ExecutorWork {
        @Override
        public @Nullable Object call() {
            task.run();
            return null;
        }
    }
}
