package org.astropool.internal.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The workers that have joined and are not lost, by their numbers, together with the two collections in which each of
 * them has a place that depends on its state: {@link IdleWorkers} and {@link Prefetch}.
 */
final class WorkerRegistry {
    final IdleWorkers idle;
    final Prefetch prefetch;

    private final List<@Nullable WorkerState> workers = new ArrayList<>();

    /** Of the workers that are not leaving. */
    private int slots;

    WorkerRegistry(SchedulerOptions options) {
        this.idle = new IdleWorkers(options);
        this.prefetch = new Prefetch(options);
    }

    /** The slots of all workers that are not leaving. */
    int slots() {
        return slots;
    }

    @Nullable
    WorkerState get(int number) {
        return number >= 0 && number < workers.size() ? workers.get(number) : null;
    }

    /** All workers by ascending number, with null where a worker is lost or has not joined. */
    List<@Nullable WorkerState> byNumber() {
        return workers;
    }

    void add(WorkerState worker) {
        while (workers.size() <= worker.number) {
            workers.add(null);
        }
        workers.set(worker.number, worker);
        slots += worker.slots;
        update(worker);
    }

    /** The worker finishes what it has, but gets no more chunks. */
    void markLeaving(WorkerState worker) {
        worker.leaving = true;
        slots -= worker.slots;
        removePlaces(worker);
    }

    /** The worker gets chunks again. */
    void markStaying(WorkerState worker) {
        worker.leaving = false;
        slots += worker.slots;
        update(worker);
    }

    void remove(WorkerState worker) {
        workers.set(worker.number, null);
        if (!worker.leaving) {
            slots -= worker.slots;
        }
        removePlaces(worker);
    }

    /** To be called after each change of a worker. */
    void update(WorkerState worker) {
        idle.update(worker);
        prefetch.update(worker);
    }

    private void removePlaces(WorkerState worker) {
        idle.remove(worker);
        prefetch.remove(worker);
    }

    /** For tests. */
    List<WorkerState> present() {
        return workers.stream().filter(Objects::nonNull).toList();
    }
}
