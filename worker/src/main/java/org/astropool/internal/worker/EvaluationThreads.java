package org.astropool.internal.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.astropool.internal.transport.CommunicationThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a worker that evaluate chunks. A thread that hangs in a task past its deadline and does not react to
 * an interrupt is abandoned and replaced. Methods other than {@link #hasWaiting} belong to the communication thread.
 */
final class EvaluationThreads {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluationThreads.class);
    private static final long GRACE_NANOS = 1_000_000_000;
    /**
     * How long a thread looks for its next chunk before it sleeps, if its last one was short and the thread that
     * delivers chunks needs no wake-up itself: about as long as a program computes between two rounds. A wake-up takes
     * a tenth of that, and a processor that has slept is slow at first.
     */
    private static final long SPIN_NANOS = 1_000_000;

    private static final long SHORT_NANOS = 5_000_000;

    private final BlockingQueue<Evaluation> queue = new LinkedBlockingQueue<>();
    /** By the number of the chunk: those that wait and those that run. */
    private final Map<Long, Evaluation> unfinished = new ConcurrentHashMap<>();

    private final List<EvaluationThread> threads = new ArrayList<>();
    private final BiConsumer<Evaluation, Integer> finished;
    private final CommunicationThread communication;
    private volatile int abandoned;
    private int started;

    /**
     * @param communication which delivers the chunks
     * @param finished takes an evaluation that has ended, and the number of threads abandoned so far
     */
    EvaluationThreads(int count, CommunicationThread communication, BiConsumer<Evaluation, Integer> finished) {
        this.communication = communication;
        this.finished = finished;
        for (int i = 0; i < count; i++) {
            addThread(null);
        }
    }

    void evaluate(Evaluation evaluation) {
        unfinished.put(evaluation.chunkNumber(), evaluation);
        queue.add(evaluation);
    }

    /**
     * Removes a chunk that no thread has begun. Returns null when there is none.
     *
     * @param evenIfBegun whether to cancel it when it runs, which interrupts its task
     */
    @Nullable
    Evaluation withdraw(long chunk, boolean evenIfBegun) {
        Evaluation evaluation = unfinished.get(chunk);
        if (evaluation != null && queue.remove(evaluation)) {
            unfinished.remove(chunk);
            return evaluation;
        }
        if (evaluation != null && evenIfBegun) {
            evaluation.cancel();
        }
        return null;
    }

    /** One task of a chunk is not needed any more. */
    void cancel(long chunk, long task, boolean interrupt) {
        Evaluation evaluation = unfinished.get(chunk);
        if (evaluation != null) {
            evaluation.cancel(task, interrupt);
        }
    }

    /** Whether no chunk is waiting or being evaluated. */
    boolean idle() {
        return unfinished.isEmpty();
    }

    /** Whether each thread has a chunk. */
    boolean areBusy() {
        return unfinished.size() >= threads.size();
    }

    /** Whether a chunk waits for a thread. From any thread. */
    boolean hasWaiting() {
        return !queue.isEmpty();
    }

    int abandoned() {
        return abandoned;
    }

    /** Interrupts tasks past their deadline, and replaces threads that did not react. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only one thread writes it
    void watch(long nowNanos) {
        for (int i = 0; i < threads.size(); i++) {
            EvaluationThread thread = threads.get(i);
            Evaluation running = thread.running;
            if (running != null) {
                running.interruptIfLate(nowNanos);
                if (running.isHung(nowNanos, GRACE_NANOS)) {
                    Evaluation rest = running.withoutHungTask();
                    if (!unfinished.replace(running.chunkNumber(), running, rest)) {
                        continue; // it has ended just now
                    }
                    thread.abandoned = true;
                    abandoned++;
                    LOG.warn(
                            "{} hangs past the deadline of its task and does not react to an interrupt; it is"
                                    + " abandoned",
                            thread.getName());
                    threads.remove(i--);
                    addThread(rest);
                }
            }
        }
    }

    /** Ends the threads; one that is in a task is interrupted. Does not wait. */
    void stop() {
        for (EvaluationThread thread : threads) {
            thread.abandoned = true;
            thread.interrupt();
        }
    }

    private void addThread(@Nullable Evaluation first) {
        EvaluationThread thread = new EvaluationThread("astropool-evaluation-" + ++started, first);
        threads.add(thread);
        thread.start();
    }

    final class EvaluationThread extends Thread {
        private volatile @Nullable Evaluation running;
        private volatile boolean abandoned;
        private boolean lastWasShort;

        private EvaluationThread(String name, @Nullable Evaluation first) {
            super(name);
            setDaemon(true); // a task that hangs must not keep the JVM
            running = first;
        }

        @Override
        public void run() {
            while (!abandoned) {
                try {
                    if (running == null) {
                        communication.doWorkUntil(EvaluationThreads.this::hasWaiting, Long.MAX_VALUE);
                        running = next();
                    }
                } catch (InterruptedException e) {
                    continue; // stop(), or a late interrupt of a task that has ended
                }
                Evaluation evaluation = running;
                setContextClassLoader(evaluation.loader());
                long begin = System.nanoTime();
                try {
                    evaluation.run();
                } catch (Throwable t) { // otherwise the master would wait for the answer for ever
                    evaluation.fail(t);
                }
                lastWasShort = System.nanoTime() - begin < SHORT_NANOS && !evaluation.isElsewhere();
                if (!abandoned && unfinished.remove(evaluation.chunkNumber(), evaluation)) {
                    running = null;
                    finished.accept(evaluation, EvaluationThreads.this.abandoned);
                }
            }
        }

        @SuppressWarnings("ThreadPriorityCheck") // other threads that need this processor go first
        private Evaluation next() throws InterruptedException {
            boolean spins = lastWasShort && communication.isServedBySenders();
            long begin = System.nanoTime();
            while (spins && !abandoned && System.nanoTime() - begin < SPIN_NANOS) {
                Evaluation evaluation = queue.poll();
                if (evaluation != null) {
                    return evaluation;
                }
                Thread.yield();
            }
            return queue.take();
        }
    }
}
