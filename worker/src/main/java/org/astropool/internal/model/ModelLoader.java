package org.astropool.internal.model;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.astropool.internal.text.ThrowableText;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.ProgramException;
import org.jspecify.annotations.Nullable;

/**
 * Finds a model in this process and prepares it, once, or once a thread for a model that is not thread-safe.
 * Thread-safe.
 */
final class ModelLoader implements Serializable {
    private static final long serialVersionUID = 1;
    /** Before that, loading again for each of many points would fail again and take time. */
    private static final long PAUSE_NANOS = 20_000_000_000L;

    private final ModelSource source;
    private final ModelOptions options;

    private transient Map<Thread, PreparedModel> ofThreads = new ConcurrentHashMap<>();
    private transient volatile @Nullable PreparedModel ofProcess;
    private transient @Nullable Model model;
    private transient volatile @Nullable Failure failure;

    private record Failure(Exception reason, long nanos) {}

    ModelLoader(ModelSource source, ModelOptions options) {
        this.source = source;
        this.options = options;
    }

    /** Whether another process evaluates the model. */
    boolean isElsewhere() {
        return EvaluatedElsewhere.holdsFor(source);
    }

    PreparedModel prepared() throws Exception {
        PreparedModel prepared = ofProcess;
        if (prepared == null) {
            prepared = ofThreads.get(Thread.currentThread());
        }
        return prepared != null ? prepared : load();
    }

    private PreparedModel load() throws Exception {
        throwRecentFailure();
        try {
            Model found = model();
            return found.threadSafe(options) ? loadOnce(found) : loadForThisThread(found);
        } catch (InterruptedException | ProgramException e) {
            throw e; // says nothing about the model
        } catch (Exception e) {
            Exception reason = e instanceof ModelException
                    ? e
                    : new ModelException(
                            "model " + source.modelName() + " could not be prepared: " + ThrowableText.describe(e), e);
            failure = new Failure(reason, System.nanoTime());
            throw reason;
        }
    }

    private void throwRecentFailure() throws Exception {
        Failure known = failure;
        if (known != null && System.nanoTime() - known.nanos < PAUSE_NANOS) {
            throw known.reason;
        }
    }

    private synchronized Model model() throws ModelException {
        Model found = model;
        if (found == null) {
            found = source.load();
            model = found;
        }
        return found;
    }

    /** Synchronized: the first thread loads the data, the others wait for them. */
    private synchronized PreparedModel loadOnce(Model found) throws Exception {
        PreparedModel prepared = ofProcess;
        if (prepared != null) {
            return prepared;
        }
        throwRecentFailure();
        prepared = new PreparedModel(found, options);
        ofProcess = prepared;
        return prepared;
    }

    /** Not synchronized: resources of each thread, such as programs, start at the same time. */
    private PreparedModel loadForThisThread(Model found) throws Exception {
        PreparedModel prepared = new PreparedModel(found, options);
        ofThreads.put(Thread.currentThread(), prepared);
        return prepared;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        ofThreads = new ConcurrentHashMap<>();
    }
}
