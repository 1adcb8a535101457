package org.astropool.internal.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.scheduler.Event;
import org.astropool.task.TaskFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that cannot prepare the function of a call, for instance because a file is missing on their node, while
 * others may. They get no chunks until the call ends: they would answer each of them at once, and so fail most of the
 * tasks. When no other worker is left, their failures are those of the tasks. Belongs to the communication thread.
 */
final class UnfitWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(UnfitWorkers.class);

    private final Workers workers;
    private final Consumer<Event> scheduler;
    /** With the numbers of the calls. */
    private final Map<Worker, Integer> unfit = new HashMap<>();

    UnfitWorkers(Workers workers, Consumer<Event> scheduler) {
        this.workers = workers;
        this.scheduler = scheduler;
    }

    /**
     * A worker could not prepare the function of a call for some of its tasks.
     *
     * @param failures of these tasks
     * @return whether the tasks are to be evaluated by others
     */
    boolean setAside(Worker worker, OpenCall call, OutcomeBlock failures) {
        if (unfit.containsKey(worker)) {
            return true;
        }
        if (call.isPreparedBy(worker) || worker.isLeaving() || !othersAreFit(worker)) {
            return false;
        }
        if (unfit.keySet().stream().noneMatch(known -> known.host().equals(worker.host()))) { // once a host
            LOG.warn(
                    "worker {} on {} cannot evaluate the tasks, which are left to others: {}",
                    worker.number(),
                    worker.host(),
                    reason(failures));
        }
        unfit.put(worker, call.call().number());
        PoolActivity activity = workers.activity();
        synchronized (activity) {
            activity.unfit(worker.number(), reason(failures));
        }
        scheduler.accept(new Event.WorkerLeaving(worker.number()));
        return true;
    }

    private static String reason(OutcomeBlock failures) {
        if (!(failures.missing(0) instanceof NoResult.Failed failed)) {
            return "for an unknown reason";
        }
        TaskFailure failure = failed.failure();
        String lastLine = failure.output().strip().lines().reduce("", (line, next) -> next);
        return failure.description() + (lastLine.isEmpty() ? "" : "; its last line is: " + lastLine);
    }

    private boolean othersAreFit(Worker but) {
        return workers.ready().stream()
                .anyMatch(other -> other != but && !other.isLeaving() && !unfit.containsKey(other));
    }

    /** A call has ended: the next one may be of another function. */
    void callEnded(int call) {
        release(unfit.entrySet().stream()
                .filter(entry -> entry.getValue() == call)
                .map(Map.Entry::getKey)
                .toList());
    }

    /** A worker is lost or leaves. */
    void gone(Worker worker) {
        unfit.remove(worker);
        if (!unfit.isEmpty() && !othersAreFit(worker)) {
            release(List.copyOf(unfit.keySet()));
        }
    }

    private void release(List<Worker> released) {
        for (Worker worker : released) {
            unfit.remove(worker);
            PoolActivity activity = workers.activity();
            synchronized (activity) {
                activity.fit(worker.number());
            }
            scheduler.accept(new Event.WorkerStaying(worker.number()));
        }
    }
}
