package org.astropool.internal.worker;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The classes of a worker process: its own, and those that only the master has, for instance of a program that was
 * compiled in memory. A missing class is asked for at the master when it is first needed, over the connection that also
 * brings functions; nothing else is asked for.
 */
final class FetchedClasses extends ClassLoader {
    private final Consumer<String> ask;
    private final BooleanSupplier mayNotWait;
    private final Map<String, CompletableFuture<byte[]>> wanted = new ConcurrentHashMap<>();
    private volatile boolean closed;

    static {
        // otherwise a thread that waits for one class would block those that load another
        registerAsParallelCapable();
    }

    /**
     * @param own has the worker's own classes
     * @param ask asks the master for a class; from any thread
     * @param mayNotWait whether the calling thread is the one that receives the answers
     */
    FetchedClasses(ClassLoader own, Consumer<String> ask, BooleanSupplier mayNotWait) {
        super(own);
        this.ask = ask;
        this.mayNotWait = mayNotWait;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (closed || mayNotWait.getAsBoolean()) {
            throw new ClassNotFoundException(name);
        }
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        CompletableFuture<byte[]> earlier = wanted.putIfAbsent(name, answer);
        if (earlier == null) {
            ask.accept(name);
        } else {
            answer = earlier;
        }
        if (closed) {
            answer.complete(new byte[0]);
        }
        byte[] bytes = answer.join(); // not interruptible: a class that is not found once is missing for ever
        if (bytes.length == 0) {
            throw new ClassNotFoundException(name);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> defined = findLoadedClass(name);
            return defined == null ? defineClass(name, bytes, 0, bytes.length) : defined;
        }
    }

    /**
     * The answer of the master.
     *
     * @param bytes the class file, or empty
     */
    void arrived(String name, byte[] bytes) {
        CompletableFuture<byte[]> waiting = wanted.remove(name);
        if (waiting != null) {
            waiting.complete(bytes);
        }
    }

    /** No answer will come any more. */
    void close() {
        closed = true;
        wanted.keySet().forEach(name -> arrived(name, new byte[0]));
    }
}
