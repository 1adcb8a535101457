package org.astropool.internal.executor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.jspecify.annotations.Nullable;

/**
 * A command that {@link CompletableFuture#supplyAsync} or another method of {@code CompletableFuture} gives to an
 * executor. It holds the stages that it reads and completes, and these cannot be serialized. Each is therefore replaced
 * by its present outcome, from which the worker makes a stage again. The outcomes of the stages that the command
 * completes there are its result.
 */
public final class AsyncWork implements ExecutorWork {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // the caller passes one that is, or gets an UnserializableException
    private final Runnable command;

    /** Those that the command refers to. Written after the command, by the order of the names: known by then. */
    private final ArrayList<CompletableFuture<Object>> stages = new ArrayList<>();

    private AsyncWork(Runnable command) {
        this.command = command;
    }

    /** The outcome of a stage, if it has one. */
    @SuppressWarnings("serial") // serializable or not, as the outcome is
    private record Stage(
            boolean isDone,
            @Nullable Object value,
            @Nullable Throwable thrown) implements Serializable {
        static Stage of(CompletableFuture<?> future) {
            if (!future.isDone()) {
                return new Stage(false, null, null);
            }
            return future.handle((value, thrown) -> new Stage(true, value, thrown))
                    .join();
        }

        @SuppressWarnings("FutureReturnValueIgnored") // it takes the place of this object
        private Object readResolve() {
            CompletableFuture<Object> future = new CompletableFuture<>();
            if (thrown != null) {
                future.completeExceptionally(thrown);
            } else if (isDone) {
                complete(future, value);
            }
            return future;
        }
    }

    /**
     * A command, serialized.
     *
     * @param work of class {@link AsyncWork}
     * @param open the stages that it completes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Packed(byte[] work, List<CompletableFuture<Object>> open) {

        /** The work was done; its result is that of {@link AsyncWork#call}. */
        public void complete(@Nullable Object result) {
            List<?> values = (List<?>) java.util.Objects.requireNonNull(result);
            for (int i = 0; i < open.size(); i++) {
                AsyncWork.complete(open.get(i), values.get(i));
            }
        }

        public void completeExceptionally(Throwable thrown) {
            // as the command itself would have done
            open.forEach(stage -> stage.completeExceptionally(new CompletionException(thrown)));
        }
    }

    /**
     * Serializes a command.
     *
     * @param loaders gets those of its classes
     * @throws UnserializableException when a function in the command cannot be serialized
     */
    public static Packed pack(Runnable command, Set<ClassLoader> loaders) throws UnserializableException {
        AsyncWork work = new AsyncWork(command);
        List<CompletableFuture<Object>> open = new ArrayList<>();
        byte[] bytes = Serialization.write(
                work,
                object -> {
                    if (!(object instanceof CompletableFuture<?> future)) {
                        return object;
                    }
                    @SuppressWarnings("unchecked") // is completed with what the command completed its copy with
                    CompletableFuture<Object> stage = (CompletableFuture<Object>) future;
                    Stage outcome = Stage.of(stage);
                    work.stages.add(stage);
                    if (!outcome.isDone) {
                        open.add(stage);
                    }
                    return outcome;
                },
                loaders);
        return new Packed(bytes, open);
    }

    @Override
    public Object call() throws Exception {
        List<CompletableFuture<Object>> open =
                stages.stream().filter(stage -> !stage.isDone()).toList();
        command.run();
        ArrayList<@Nullable Object> values = new ArrayList<>();
        for (CompletableFuture<Object> stage : open) {
            values.add(outcome(stage));
        }
        return values;
    }

    private static @Nullable Object outcome(CompletableFuture<Object> stage) throws Exception {
        if (!stage.isDone()) {
            throw new IllegalStateException("a stage of a CompletableFuture has no result when its function has"
                    + " returned; a function that is evaluated on a worker must return a value, not another future");
        }
        try {
            return stage.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw e;
        }
    }

    @SuppressWarnings("NullAway") // null is a value of a stage
    private static void complete(CompletableFuture<Object> stage, @Nullable Object value) {
        stage.complete(value);
    }
}
