package org.astropool.internal.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.pool.PoolException;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of {@link org.astropool.pool.Pool#onEveryWorker}, which are sent to each worker without the scheduler and
 * are never tried again. Belongs to the communication thread.
 */
final class WorkerTasks {
    private final Map<Long, WorkerTask> tasks = new HashMap<>();
    private long lastChunk;

    private record WorkerTask(Worker worker, Call.Sink sink) {}

    /** Sends one task to each of these workers; its index is the worker's number. */
    void send(Message.Define definition, List<Worker> workers, Call.Sink sink) {
        for (Worker worker : workers) {
            long chunk = --lastChunk; // negative, because the scheduler's chunks are numbered from 1
            tasks.put(chunk, new WorkerTask(worker, sink));
            worker.send(definition, new Message.Chunk(definition.call(), chunk, 1, worker.number(), 1, List.of()));
            worker.forget(definition.call()); // the chunk keeps its function
        }
    }

    /** @return whether it is the answer to such a task */
    boolean finish(Worker worker, Message.Result result) {
        WorkerTask task = remove(worker, result.chunk());
        if (task == null) {
            return false;
        }
        OutcomeBlock outcomes = result.outcomes();
        task.sink.arrived(
                new Call.Arrival(worker.number(), 0, outcomes.count(), outcomes, worker.number(), worker.host(), 1));
        return true;
    }

    /**
     * The child process that evaluated a chunk has died.
     *
     * @return whether the chunk is such a task
     */
    boolean fail(Worker worker, long chunk, PeerLoss loss) {
        WorkerTask task = remove(worker, chunk);
        if (task == null) {
            return false;
        }
        fail(task, loss);
        return true;
    }

    private @Nullable WorkerTask remove(Worker worker, long chunk) {
        WorkerTask task = tasks.get(chunk);
        if (task == null || task.worker != worker) {
            return null;
        }
        tasks.remove(chunk);
        return task;
    }

    /** The worker is lost, together with its tasks. */
    void fail(Worker worker, PeerLoss loss) {
        tasks.values().removeIf(task -> {
            boolean lost = task.worker == worker;
            if (lost) {
                fail(task, loss);
            }
            return lost;
        });
    }

    private static void fail(WorkerTask task, PeerLoss loss) {
        task.sink.arrived(Call.Arrival.failed(
                task.worker.number(),
                1,
                TaskFailure.ofProgram(FailureKind.WORKER_LOST, loss.reason(), loss.lastWords()),
                task.worker,
                1));
    }

    /** The pool cannot go on. */
    void failAll(PoolException cause) {
        tasks.values().forEach(task -> task.sink.failed(cause));
        tasks.clear();
    }

    /** Whether the worker has to answer such a task. */
    boolean isAt(Worker worker) {
        return tasks.values().stream().anyMatch(task -> task.worker == worker);
    }
}
