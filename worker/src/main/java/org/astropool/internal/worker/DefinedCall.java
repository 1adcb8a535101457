package org.astropool.internal.worker;

import java.util.List;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.text.ThrowableText;
import org.astropool.task.BatchFunction;
import org.astropool.task.ContextFunction;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * A call's function on this worker. It is deserialized by the first evaluation thread that needs it, not by the
 * communication thread, because this runs user code.
 */
final class DefinedCall {
    final Message.Define definition;
    private final ClassLoader loader;
    private final Serialization serialization;
    private @Nullable BatchFunction<Object, Object> function;
    private volatile boolean takesInputs;
    private @Nullable Exception failure;

    /**
     * @param loader has the classes of the function
     * @param serialization by that loader
     */
    DefinedCall(Message.Define definition, ClassLoader loader, Serialization serialization) {
        this.definition = definition;
        this.loader = loader;
        this.serialization = serialization;
    }

    /**
     * A function that is ready for a thread.
     *
     * @param isUsable whether it could be prepared; if not, it throws the reason
     */
    record Prepared(BatchFunction<Object, Object> function, boolean isUsable) {}

    /**
     * The function, ready for this thread; or one that throws the reason why it cannot be used on this worker.
     *
     * @param expected inputs that it will be applied to
     * @param firstIndex the index of the first of them
     */
    Prepared prepared(List<Object> expected, long firstIndex) {
        boolean usable = false;
        try {
            BatchFunction<Object, Object> prepared = function();
            prepared.prepare();
            usable = true;
            if (definition.batch() == 1) {
                prepared.expect(expected, firstIndex);
            }
            return new Prepared(prepared, true);
        } catch (InterruptedException e) { // says nothing about this worker
            return throwing(e, true);
        } catch (Exception e) {
            return throwing(e, usable);
        } catch (Throwable e) { // an Error in user code must not end the thread either
            return new Prepared(
                    (inputs, results, context) -> {
                        if (e instanceof Error error) {
                            throw error;
                        }
                        throw new IllegalStateException(ThrowableText.describe(e), e);
                    },
                    usable);
        }
    }

    private static Prepared throwing(Exception reason, boolean isUsable) {
        return new Prepared(
                (inputs, results, context) -> {
                    throw reason;
                },
                isUsable);
    }

    /**
     * Whether the function is applied to each input once and returns its result directly: then neither needs to be
     * copied.
     */
    boolean takesInputs() {
        return takesInputs;
    }

    /** Whether another process evaluates the function, which needs the processor. */
    boolean isElsewhere() {
        return definition.elsewhere();
    }

    /** @throws Exception why the function cannot be deserialized, the same at each call */
    private synchronized BatchFunction<Object, Object> function() throws Exception {
        if (failure != null) {
            throw failure;
        }
        if (function == null) {
            try {
                Object read = serialization.read(definition.function());
                takesInputs = read instanceof TaskFunction || read instanceof ContextFunction;
                function = asBatchFunction(read);
            } catch (Throwable e) { // its own readObject may throw anything
                failure = new IllegalStateException(
                        "the function cannot be deserialized on this worker: " + ThrowableText.describe(e)
                                + "; are its classes on the worker's class path?",
                        e);
                throw failure;
            }
        }
        return function;
    }

    ClassLoader loader() {
        return loader;
    }

    Serialization serialization() {
        return serialization;
    }

    @SuppressWarnings("unchecked") // the pool's API guarantees the types of inputs
    private static BatchFunction<Object, Object> asBatchFunction(@Nullable Object function) {
        if (function instanceof TaskFunction) {
            TaskFunction<Object, Object> plain = (TaskFunction<Object, Object>) function;
            return (inputs, results, context) -> results.done(0, plain.apply(inputs.get(0)));
        }
        if (function instanceof ContextFunction) {
            ContextFunction<Object, Object> withContext = (ContextFunction<Object, Object>) function;
            return (inputs, results, context) -> results.done(0, withContext.applyWithContext(inputs.get(0), context));
        }
        return (BatchFunction<Object, Object>) java.util.Objects.requireNonNull(function);
    }
}
