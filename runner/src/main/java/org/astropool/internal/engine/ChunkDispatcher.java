package org.astropool.internal.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.Command;
import org.astropool.internal.scheduler.Event;
import org.astropool.internal.scheduler.Scheduler;
import org.astropool.internal.transport.FrameTooLargeException;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * The chunks under way: passes events to the scheduler and carries out its commands, which send chunks to workers and
 * outcomes to callers. Belongs to the communication thread.
 */
final class ChunkDispatcher {
    /** What moving a byte of input or result counts for the size of chunks, so that large payloads travel singly. */
    private static final long NANOS_PER_BYTE = 16;

    private static final PeerLoss NO_LOSS = new PeerLoss("");
    private static final @Nullable Worker NO_WORKER = null;
    private static final Message.Result NO_ANSWER = Message.Result.nothing(0);

    private final Workers workers;
    private final LongSupplier nanoClock;
    private final CallTable calls;
    private final Scheduler scheduler = new Scheduler();
    private final Map<Long, Execution> executions = new HashMap<>();
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private final PoolActivity activity;
    private final UnfitWorkers unfit;
    private boolean stepping;
    /** When the event of the current step was taken. */
    private long now;
    /** Whether other processes evaluate the chunk that was sent last. */
    private boolean elsewhere;

    /** An event, and what came with it: the answer of a worker, or how it or its child process ended. */
    private record Step(
            Event event, Message.Result answer, @Nullable Worker worker, PeerLoss loss) {}

    /**
     * @param nanoClock as {@link System#nanoTime}
     * @param requests runs what other threads ask for on the communication thread
     */
    ChunkDispatcher(Workers workers, LongSupplier nanoClock, Executor requests) {
        this.workers = workers;
        this.activity = workers.activity();
        this.nanoClock = nanoClock;
        this.calls = new CallTable(this::step, requests);
        this.unfit = new UnfitWorkers(workers, this::step);
    }

    CallTable calls() {
        return calls;
    }

    /** Whether no chunk is under way. */
    boolean isIdle() {
        return executions.isEmpty();
    }

    /** Whether programs outside of this process use all cores here, and no slot waits for a chunk. */
    boolean leaveCoresToPrograms() {
        return elsewhere && executions.size() >= workers.slots() && workers.useAllCoresHere();
    }

    /** Whether the worker has to answer a chunk. */
    boolean isAt(Worker worker) {
        return executions.values().stream().anyMatch(execution -> execution.worker == worker);
    }

    /** Drops all chunks: their answers will be ignored. */
    void clear() {
        executions.clear();
        synchronized (activity) {
            activity.abandoned();
        }
    }

    /** The answer to a chunk has arrived. */
    void finish(Worker worker, Message.Result result) {
        Execution execution = execution(worker, result.chunk());
        if (execution == null) {
            return; // of a call that was given up with the pool
        }
        if (result.outcomes().count() == 0 || isLeftToOthers(execution, result)) {
            executions.remove(result.chunk());
            synchronized (activity) {
                activity.discarded(execution.running, result.busyNanos(), nanoClock.getAsLong());
            }
            step(new Event.ChunkReturned(worker.number(), result.chunk()));
            return;
        }
        long costNanos = result.busyNanos()
                + NANOS_PER_BYTE
                        * (execution.inputBytes + result.outcomes().values().bytes());
        step(
                new Event.ChunkFinished(
                        worker.number(), result.chunk(), costNanos, execution.retriable(result.outcomes())),
                result);
    }

    private boolean isLeftToOthers(Execution execution, Message.Result result) {
        if (result.prepared()) {
            execution.open.preparedBy(execution.worker);
            return false;
        }
        return unfit.setAside(execution.worker, execution.open, result.outcomes(), nanoClock.getAsLong());
    }

    /** The child process that evaluated a chunk has died. */
    void lose(Worker worker, long chunk, PeerLoss loss) {
        Execution execution = execution(worker, chunk);
        if (execution != null) {
            executions.remove(chunk);
            synchronized (activity) {
                activity.lost(execution.running, nanoClock.getAsLong());
            }
            step(new Step(new Event.ChunkLost(worker.number(), chunk), NO_ANSWER, worker, loss));
        }
    }

    /** The worker is lost, together with its chunks. */
    void lose(Worker worker, PeerLoss loss) {
        step(new Step(new Event.WorkerLost(worker.number()), NO_ANSWER, worker, loss));
        executions.values().removeIf(execution -> execution.worker == worker);
        unfit.gone(worker);
    }

    /** Some time has passed. */
    void tick(long nowNanos) {
        step(new Event.Tick());
        unfit.tick(nowNanos);
    }

    /** The worker gets no more chunks. */
    void leave(Worker worker) {
        step(new Event.WorkerLeaving(worker.number()));
        unfit.gone(worker);
    }

    /** As {@link Driver#cancel(int, long, boolean)}. */
    void cancel(int number, long position, boolean interrupt) {
        OpenCall open = calls.get(number);
        if (open == null || !open.withdraw(position)) {
            return;
        }
        executions.forEach((chunk, execution) -> {
            if (execution.open == open && execution.holds(position)) {
                execution.worker.send(new Message.Cancel(chunk, open.call().firstTask(position), interrupt));
            }
        });
    }

    /** To be called at the end of a turn in which something happened. */
    void endTurn() {
        calls.endTurn(scheduler::demand);
    }

    private @Nullable Execution execution(Worker worker, long chunk) {
        Execution execution = executions.get(chunk);
        return execution != null && execution.worker == worker ? execution : null;
    }

    void step(Event event) {
        step(event, NO_ANSWER);
    }

    private void step(Event event, Message.Result answer) {
        step(new Step(event, answer, NO_WORKER, NO_LOSS));
    }

    /** The only place where the scheduler moves on. What commands bring about waits until all of them are done. */
    private void step(Step step) {
        steps.add(step);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            synchronized (activity) {
                for (Step next = steps.poll(); next != null; next = steps.poll()) {
                    now = nanoClock.getAsLong();
                    CommandHandler handler = new CommandHandler(next);
                    for (Command command : scheduler.on(next.event, now)) {
                        command.accept(handler);
                    }
                }
                if (activity.hasIdleSlots()) {
                    activity.idle(calls.whyIdle(!executions.isEmpty()), now);
                }
            }
        } finally {
            stepping = false;
        }
    }

    /** Carries out the commands that one step has caused. */
    private final class CommandHandler implements Command.Handler {
        private final Step cause;

        CommandHandler(Step cause) {
            this.cause = cause;
        }

        @Override
        public void onSend(Command.Send send) {
            ChunkDispatcher.this.send(send);
        }

        @Override
        public void onAccept(Command.Accept accept) {
            ChunkDispatcher.this.accept(accept, cause.answer);
        }

        @Override
        public void onIgnore(Command.Ignore ignore) {
            Execution execution = executions.remove(ignore.chunk());
            if (execution != null) {
                activity.discarded(execution.running, cause.answer.busyNanos(), now);
            }
        }

        @Override
        public void onWithdraw(Command.Withdraw withdraw) {
            sendWithdraw(withdraw.chunk(), true);
        }

        @Override
        public void onRecall(Command.Recall recall) {
            sendWithdraw(recall.chunk(), false);
        }

        private void sendWithdraw(long chunk, boolean evenIfBegun) {
            Execution execution = executions.get(chunk);
            if (execution != null) {
                execution.worker.send(new Message.Withdraw(chunk, evenIfBegun));
            }
        }

        @Override
        public void onQuarantine(Command.Quarantine quarantine) {
            TaskFailure failure = TaskFailure.ofProgram(
                    FailureKind.WORKER_LOST,
                    "lost its worker " + quarantine.losses()
                            + " times, which is the limit; it may be what ends them. The last time: "
                            + cause.loss.reason(),
                    cause.loss.lastWords());
            failUnit(quarantine.call(), quarantine.unit(), failure, cause.worker, quarantine.losses());
        }

        @Override
        public void onExpire(Command.Expire expire) {
            TaskFailure failure = TaskFailure.of(FailureKind.TIMEOUT, "nothing was heard of it long after its timeout");
            failUnit(expire.call(), expire.unit(), failure, NO_WORKER, expire.attempts());
        }

        @Override
        public void onCallEnded(Command.CallEnded ended) {
            OpenCall open = calls.remove(ended.call());
            if (open != null) {
                workers.ready().forEach(worker -> worker.forget(ended.call()));
                open.end();
            }
            unfit.callEnded(ended.call());
        }
    }

    private void send(Command.Send send) {
        OpenCall open = calls.get(send.call());
        Worker worker = workers.byNumber(send.worker());
        if (open == null || worker == null) {
            throw new IllegalStateException("the scheduler knows a call or worker that is gone: " + send);
        }
        Call call = open.call();
        elsewhere = call.definition().elsewhere();
        int tasks = open.tasks(send.first(), send.count());
        List<ValueBlock> inputs = open.inputs(send.first(), tasks);
        long inputBytes = 0;
        for (ValueBlock block : inputs) {
            inputBytes += block.bytes();
        }
        executions.put(
                send.chunk(),
                new Execution(
                        open,
                        worker,
                        send.first(),
                        tasks,
                        send.attempt(),
                        inputBytes,
                        activity.sent(worker.number(), now)));
        open.markSent(send.first() + send.count());
        try {
            worker.send(
                    call.definition(),
                    new Message.Chunk(
                            call.number(), send.chunk(), send.attempt(), call.firstTask(send.first()), tasks, inputs));
        } catch (FrameTooLargeException e) {
            refuse(send, tasks, e);
        }
    }

    private void refuse(Command.Send send, int tasks, FrameTooLargeException cause) {
        if (send.count() > 1) { // each input was found small enough when it was handed over
            step(new Event.ChunkTooLarge(send.worker(), send.chunk()));
            Execution refused = executions.remove(send.chunk());
            if (refused != null) {
                activity.discarded(refused.running, 0, now);
            }
            return;
        }
        TaskFailure failure = TaskFailure.of(
                FailureKind.EXCEPTION,
                String.valueOf(cause.getMessage()),
                new TaskFailure.Thrown(cause.getClass().getName(), ""));
        step(
                new Event.ChunkFinished(send.worker(), send.chunk(), 0, Execution.NONE),
                new Message.Result(send.chunk(), 0, 0, 0, true, Call.Arrival.allFailed(tasks, failure)));
    }

    private void accept(Command.Accept accept, Message.Result answer) {
        Execution execution = executions.remove(accept.chunk());
        if (execution == null) {
            throw new IllegalStateException("an answer that nobody waits for was accepted: " + accept);
        }
        execution.worker.count(execution.tasks, answer);
        activity.accepted(
                execution.running,
                execution.tasks,
                answer.preparingNanos(),
                answer.busyNanos(),
                execution.nanosOf(accept.retriedUnits(), answer.outcomes()),
                now);
        if (workers.events().isHeard()) {
            report(execution, accept, answer.outcomes());
        }
        long position = accept.first();
        for (long retried : accept.retriedUnits()) {
            execution.deliver(position, retried, answer.outcomes());
            position = retried + 1;
        }
        execution.deliver(position, accept.first() + accept.count(), answer.outcomes());
    }

    private void report(Execution execution, Command.Accept accept, OutcomeBlock outcomes) {
        Set<Long> retried = Arrays.stream(accept.retriedUnits()).boxed().collect(Collectors.toSet());
        Call call = execution.open.call();
        long first = call.firstTask(execution.firstUnit);
        Worker worker = execution.worker;
        for (int i = 0; i < outcomes.count() && !outcomes.missing().isEmpty(); i++) {
            if (outcomes.missing(i) instanceof NoResult.Failed failed) {
                long task = first + i;
                long unit = execution.firstUnit + i / call.definition().batch();
                TaskFailure failure = failed.failure().at(worker.number(), worker.host(), execution.attempt);
                workers.events().report(to -> {
                    if (retried.contains(unit)) {
                        to.taskRetried(task, failure);
                    } else {
                        to.taskFailed(task, failure);
                    }
                });
            }
        }
    }

    private void failUnit(int number, long unit, TaskFailure failure, @Nullable Worker worker, int attempts) {
        OpenCall open = calls.get(number);
        if (open == null) {
            throw new IllegalStateException("a unit of call " + number + " was given up, which is over");
        }
        for (int i = 0; i < open.tasks(unit, 1); i++) {
            long task = open.call().firstTask(unit) + i;
            TaskFailure known = worker == null ? failure : failure.at(worker.number(), worker.host(), attempts);
            workers.events().report(to -> to.taskFailed(task, known));
        }
        open.failUnit(unit, failure, worker, attempts);
    }

    /** A chunk on a worker. */
    private record Execution(
            OpenCall open,
            Worker worker,
            long firstUnit,
            int tasks,
            int attempt,
            long inputBytes,
            PoolActivity.Running running) {
        private static final Set<FailureKind> RETRIABLE = EnumSet.of(FailureKind.EXCEPTION, FailureKind.TIMEOUT);
        static final long[] NONE = {};

        /** Whether a unit of one task is in this chunk. */
        boolean holds(long unit) {
            return unit >= firstUnit && unit < firstUnit + tasks;
        }

        /** How long the evaluation of some units took. */
        long nanosOf(long[] units, OutcomeBlock outcomes) {
            int batch = open.call().definition().batch();
            double seconds = 0;
            for (long unit : units) {
                int from = (int) (unit - firstUnit) * batch;
                for (int task = from; task < Math.min(tasks, from + batch); task++) {
                    seconds += outcomes.seconds()[task];
                }
            }
            return (long) (seconds * 1e9);
        }

        /** Hands over the outcomes of units [fromUnit, toUnit). */
        void deliver(long fromUnit, long toUnit, OutcomeBlock outcomes) {
            if (fromUnit < toUnit) {
                int batch = open.call().definition().batch();
                int from = (int) (fromUnit - firstUnit) * batch;
                int to = (int) Math.min(tasks, (toUnit - firstUnit) * batch);
                open.deliver(fromUnit, from, to, outcomes, worker, attempt);
            }
        }

        /** Units with a task that threw or timed out; a NaN would be one again. */
        long[] retriable(OutcomeBlock outcomes) {
            if (outcomes.missing().isEmpty() || open.call().policy().retries() == 0) {
                return NONE;
            }
            long[] units = new long[outcomes.count()];
            int count = 0;
            for (int task = 0; task < outcomes.count(); task++) {
                if (outcomes.missing(task) instanceof NoResult.Failed failed
                        && RETRIABLE.contains(failed.failure().kind())) {
                    long unit = firstUnit + task / open.call().definition().batch();
                    if (count == 0 || units[count - 1] != unit) {
                        units[count++] = unit;
                    }
                }
            }
            return Arrays.copyOf(units, count);
        }
    }
}
