package org.astropool.internal.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.scheduler.Event;
import org.astropool.task.TaskFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that cannot prepare the function of a call, for instance because a file is missing on their node, while
 * others may. They get no chunks, since they would answer each of them at once, and so fail most of the tasks; only
 * after pauses, and when the call has ended, they are asked again. When no other worker is left, their failures are
 * those of the tasks. Belongs to the communication thread.
 */
final class UnfitWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(UnfitWorkers.class);
    private static final long FIRST_PAUSE_NANOS = 30_000_000_000L;
    private static final int MOST_DOUBLINGS = 7;

    private final Workers workers;
    private final Consumer<Event> scheduler;
    private final Map<Worker, Unfit> unfit = new HashMap<>();

    /** A worker that could not prepare the function of a call. */
    private static final class Unfit {
        private final int call;
        private boolean aside;
        private int times;
        private long askAgainNanos;

        Unfit(int call) {
            this.call = call;
        }
    }

    UnfitWorkers(Workers workers, Consumer<Event> scheduler) {
        this.workers = workers;
        this.scheduler = scheduler;
    }

    /**
     * A worker could not prepare the function of a call for some of its tasks.
     *
     * @param failures of these tasks
     * @param now as {@link System#nanoTime}
     * @return whether the tasks are to be evaluated by others
     */
    boolean setAside(Worker worker, OpenCall call, OutcomeBlock failures, long now) {
        if (isAside(worker)) {
            return true;
        }
        if (call.isPreparedBy(worker) || worker.isLeaving() || !othersAreFit(worker)) {
            return false;
        }
        String reason = reason(failures);
        if (unfit.keySet().stream().noneMatch(known -> known.host().equals(worker.host()))) { // once a host
            LOG.warn(
                    "worker {} on {} cannot evaluate the tasks, which are left to others: {}",
                    worker.number(),
                    worker.host(),
                    reason);
        }
        Unfit state = unfit.computeIfAbsent(worker, key -> new Unfit(call.call().number()));
        state.aside = true;
        state.askAgainNanos = now + (FIRST_PAUSE_NANOS << Math.min(state.times, MOST_DOUBLINGS));
        state.times++;
        PoolActivity activity = workers.activity();
        synchronized (activity) {
            activity.unfit(worker.number(), reason);
        }
        scheduler.accept(new Event.WorkerLeaving(worker.number()));
        return true;
    }

    private static String reason(OutcomeBlock failures) {
        if (!(failures.missing(0) instanceof NoResult.Failed failed)) {
            return "the reason is not known";
        }
        TaskFailure failure = failed.failure();
        String lastLine = failure.output().strip().lines().reduce("", (line, next) -> next);
        return failure.description() + (lastLine.isEmpty() ? "" : "; its last line is: " + lastLine);
    }

    private boolean isAside(Worker worker) {
        Unfit state = unfit.get(worker);
        return state != null && state.aside;
    }

    private boolean othersAreFit(Worker but) {
        return workers.ready().stream().anyMatch(other -> other != but && !other.isLeaving() && !isAside(other));
    }

    /** Workers that have paused long enough are asked again. */
    void tick(long now) {
        if (!unfit.isEmpty()) {
            release(state -> now - state.askAgainNanos >= 0);
        }
    }

    /** A call has ended: the next one may be of another function. */
    void callEnded(int call) {
        release(state -> state.call == call);
        unfit.values().removeIf(state -> state.call == call);
    }

    /** A worker is lost or leaves. */
    void gone(Worker worker) {
        unfit.remove(worker);
        if (!unfit.isEmpty() && !othersAreFit(worker)) {
            release(state -> true);
        }
    }

    private void release(Predicate<Unfit> which) {
        for (Map.Entry<Worker, Unfit> entry : List.copyOf(unfit.entrySet())) {
            Unfit state = entry.getValue();
            if (state.aside && which.test(state)) {
                state.aside = false;
                PoolActivity activity = workers.activity();
                synchronized (activity) {
                    activity.fit(entry.getKey().number());
                }
                scheduler.accept(new Event.WorkerStaying(entry.getKey().number()));
            }
        }
    }
}
