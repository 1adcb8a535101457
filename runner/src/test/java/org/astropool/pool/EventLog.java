package org.astropool.pool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.astropool.task.TaskFailure;

/** Keeps the events of a pool; throws, or blocks, at failures whose message says so. */
final class EventLog implements PoolListener {
    static final String THROW = "the listener shall throw";
    static final String BLOCK = "the listener shall block";

    final List<Long> joined = new CopyOnWriteArrayList<>();
    final List<WorkerInfo> lost = new CopyOnWriteArrayList<>();
    final List<String> tasks = new CopyOnWriteArrayList<>();
    volatile CountDownLatch gate = new CountDownLatch(1);

    @Override
    public void workerJoined(WorkerInfo worker) {
        joined.add(worker.pid());
    }

    @Override
    public void workerLost(WorkerInfo worker, String reason) {
        lost.add(worker);
    }

    @Override
    public void taskRetried(long task, TaskFailure failure) {
        add("retried", task, failure);
    }

    @Override
    public void taskFailed(long task, TaskFailure failure) {
        add("failed", task, failure);
    }

    private void add(String what, long task, TaskFailure failure) {
        if (!failure.message().startsWith("event")) {
            return; // of another test
        }
        tasks.add(what + " " + task + ": " + failure.message());
        if (failure.message().contains(THROW)) {
            throw new IllegalStateException("by the test");
        }
        if (failure.message().contains(BLOCK)) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
