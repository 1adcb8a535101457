package org.astropool.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Everything around a scheduler, at random: workers that come, go, answer late or twice, calls that begin, fail and are
 * cancelled. It knows which commands may and must come, and fails at the first one that does not fit.
 */
final class ModelWorld {
    private static final int MAX_WORKERS = 6;
    private static final int MAX_CALLS = 4;
    private static final long[] NONE = {};

    private final Random random;
    private final Scheduler scheduler = new Scheduler(new SchedulerOptions(1000, 20_000, 8, 10_000));
    private final Map<Integer, ModelWorker> workers = new TreeMap<>();
    private final Map<Integer, ModelCall> calls = new TreeMap<>();
    private final Map<Long, Command.Send> counting = new TreeMap<>();
    private final List<Command.Send> stale = new ArrayList<>();
    private final StringBuilder log = new StringBuilder();
    private final CommandHandler handler = new CommandHandler();
    private int lastWorker;
    private int lastCall;
    private long now;

    private record ModelWorker(int number, List<Command.Send> chunks) {}

    private static final class ModelCall {
        final int number;
        final CallPolicy policy;
        final int units;
        final BitSet settled = new BitSet();
        final BitSet underWay = new BitSet();
        final int[] executions;
        final int[] failures;
        int available;
        boolean complete;
        boolean drained;

        ModelCall(int number, CallPolicy policy, int units) {
            this.number = number;
            this.policy = policy;
            this.units = units;
            this.executions = new int[units];
            this.failures = new int[units];
        }

        void settle(long unit) {
            assertThat(settled.get((int) unit))
                    .as("unit %d of call %d settled before", unit, number)
                    .isFalse();
            settled.set((int) unit);
        }
    }

    ModelWorld(long seed) {
        random = new Random(seed);
    }

    /** Everything that went in and came out. */
    String log() {
        return log.toString();
    }

    void step() {
        now += random.nextInt(2000);
        int choice = random.nextInt(30);
        if (choice == 0 && workers.size() < MAX_WORKERS) {
            join();
        } else if (choice == 1 && calls.size() < MAX_CALLS) {
            open();
        } else if (choice == 2) {
            now += random.nextInt(20_000);
            happens(new Event.Tick());
        } else if (choice == 3 && !stale.isEmpty()) {
            answerLate();
        } else if (choice == 4 && random.nextInt(8) == 0 && !calls.isEmpty()) {
            cancel(any(calls));
        } else if (choice == 5 && random.nextInt(3) == 0 && !workers.isEmpty()) {
            happens(new Event.WorkerLeaving(any(workers).number));
        } else if (choice == 6 && random.nextInt(3) == 0 && !workers.isEmpty()) {
            lose(any(workers));
        } else if (choice == 7 && random.nextInt(6) == 0 && !calls.isEmpty()) {
            drain(any(calls));
        } else if (choice == 8 && !workers.isEmpty()) {
            loseChunk(any(workers));
        } else if (choice == 9 && !workers.isEmpty()) {
            giveBack(any(workers));
        } else if (choice < 14 && !calls.isEmpty()) {
            feed(any(calls));
        } else if (!workers.isEmpty()) {
            answer(any(workers), random.nextInt(5) == 0);
        }
    }

    /** Lets everything come to its end, and checks that it does. */
    void finish() {
        List.copyOf(calls.values()).forEach(this::complete);
        List.copyOf(workers.values()).forEach(this::lose);
        join();
        join();
        for (int step = 0; !calls.isEmpty(); step++) {
            assertThat(step).as("steps until everything has ended").isLessThan(100_000);
            now += 100;
            answer(any(workers), false);
        }
        assertThat(counting).isEmpty();
    }

    private void join() {
        workers.put(++lastWorker, new ModelWorker(lastWorker, new ArrayList<>()));
        happens(new Event.WorkerJoined(lastWorker, 1 + random.nextInt(3)));
    }

    private void lose(ModelWorker worker) {
        workers.remove(worker.number);
        stale.addAll(worker.chunks);
        worker.chunks.forEach(send -> giveUp(send.chunk()));
        happens(new Event.WorkerLost(worker.number));
    }

    private void drain(ModelCall call) {
        call.drained = true;
        happens(new Event.CallDraining(
                call.number, random.nextBoolean() ? Long.MIN_VALUE : now + random.nextInt(5000)));
    }

    private void loseChunk(ModelWorker worker) {
        if (!worker.chunks.isEmpty()) {
            Command.Send send = worker.chunks.remove(0);
            giveUp(send.chunk());
            happens(new Event.ChunkLost(worker.number, send.chunk()));
        }
    }

    private void giveBack(ModelWorker worker) {
        if (!worker.chunks.isEmpty()) {
            Command.Send send = worker.chunks.remove(worker.chunks.size() - 1);
            if (counting.containsKey(send.chunk())) {
                ModelCall call = calls.get(send.call());
                for (int unit = (int) send.first(); unit < send.first() + send.count(); unit++) {
                    call.executions[unit]--; // it never began
                }
            }
            giveUp(send.chunk());
            happens(new Event.ChunkReturned(worker.number, send.chunk()));
        }
    }

    private void open() {
        int units = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(300);
        CallPolicy policy = new CallPolicy(
                random.nextBoolean() ? units : -1,
                random.nextInt(3) == 0 ? 1 + random.nextInt(10) : 0,
                1 + random.nextInt(100),
                random.nextInt(3),
                1 + random.nextInt(3),
                random.nextBoolean() ? 10_000 : 0);
        if (random.nextInt(3) == 0) {
            policy = policy.withOrder(new KnownCosts(unit -> unit % 7));
        }
        ModelCall call = new ModelCall(++lastCall, policy, units);
        call.complete = policy.totalUnits() == 0;
        calls.put(call.number, call);
        happens(new Event.CallOpened(call.number, policy));
    }

    private void feed(ModelCall call) {
        if (call.available == call.units) {
            complete(call);
            return;
        }
        call.available += 1 + random.nextInt(Math.min(50, call.units - call.available));
        call.complete |= call.available == call.policy.totalUnits();
        happens(new Event.UnitsAvailable(call.number, call.available));
    }

    private void complete(ModelCall call) {
        if (call.available < call.units) {
            call.available = call.units;
            call.complete |= call.available == call.policy.totalUnits();
            happens(new Event.UnitsAvailable(call.number, call.available));
        }
        call.complete = true;
        happens(new Event.UnitsEnded(call.number));
    }

    private void cancel(ModelCall call) {
        call.settled.set(0, call.units);
        call.complete = true;
        call.available = call.units;
        happens(new Event.CallCancelled(call.number));
        assertThat(call.underWay.isEmpty())
                .as("chunks of a cancelled call are withdrawn")
                .isTrue();
    }

    private void answerLate() {
        Command.Send send = stale.get(random.nextInt(stale.size()));
        List<Command> commands = happens(finished(send, NONE));
        assertThat(commands).first().isEqualTo(new Command.Ignore(send.worker(), send.chunk()));
    }

    private void answer(ModelWorker worker, boolean outOfOrder) {
        if (worker.chunks.isEmpty()) {
            return;
        }
        Command.Send send = worker.chunks.remove(outOfOrder ? random.nextInt(worker.chunks.size()) : 0);
        stale.add(send);
        boolean counts = counting.containsKey(send.chunk());
        long[] failed = random.nextInt(4) > 0
                ? NONE
                : random.longs(send.count(), send.first(), send.first() + send.count())
                        .distinct()
                        .sorted()
                        .toArray();
        if (counts) {
            for (long unit : failed) {
                calls.get(send.call()).failures[(int) unit]++;
            }
        }
        List<Command> commands = happens(finished(send, failed));
        if (counts) {
            assertThat(commands).first().isInstanceOf(Command.Accept.class);
        } else {
            assertThat(commands).first().isEqualTo(new Command.Ignore(send.worker(), send.chunk()));
        }
    }

    private Event finished(Command.Send send, long[] failed) {
        return new Event.ChunkFinished(send.worker(), send.chunk(), send.count() * (50L + random.nextInt(500)), failed);
    }

    private List<Command> happens(Event event) {
        log.append(now).append(' ').append(describe(event)).append('\n');
        List<Command> commands = List.copyOf(scheduler.on(event, now));
        for (Command command : commands) {
            log.append("    ").append(describe(command)).append('\n');
            command.accept(handler);
        }
        scheduler.checkInvariants();
        for (ModelCall call : calls.values()) {
            boolean done = call.complete && call.settled.cardinality() == call.available;
            assertThat(done)
                    .as("call %d is done but has not ended", call.number)
                    .isFalse();
        }
        return commands;
    }

    private static String describe(Object record) {
        String text = record.toString().replaceAll("\\[J@[0-9a-f]+", "...");
        if (record instanceof Event.ChunkFinished finished) {
            return text + Arrays.toString(finished.failedUnits());
        }
        return record instanceof Command.Accept accept ? text + Arrays.toString(accept.retriedUnits()) : text;
    }

    /** Checks each command against the model, and carries it out there. */
    private final class CommandHandler implements Command.Handler {
        @Override
        public void onSend(Command.Send send) {
            obey(send);
        }

        @Override
        public void onAccept(Command.Accept accept) {
            obey(accept);
        }

        @Override
        public void onIgnore(Command.Ignore ignore) {
            assertThat(counting).doesNotContainKey(ignore.chunk());
        }

        @Override
        public void onWithdraw(Command.Withdraw withdraw) {
            assertThat(counting.get(withdraw.chunk()))
                    .extracting(Command.Send::worker)
                    .isEqualTo(withdraw.worker());
            giveUp(withdraw.chunk());
        }

        @Override
        public void onRecall(Command.Recall recall) {
            assertThat(counting.get(recall.chunk()))
                    .extracting(Command.Send::worker)
                    .isEqualTo(recall.worker());
        }

        @Override
        public void onQuarantine(Command.Quarantine quarantine) {
            ModelCall call = calls.get(quarantine.call());
            assertThat(quarantine.losses()).isGreaterThanOrEqualTo(call.policy.maxLosses());
            call.settle(quarantine.unit());
        }

        @Override
        public void onExpire(Command.Expire expire) {
            ModelCall call = calls.get(expire.call());
            assertThat(call.policy.unitTimeoutNanos()).isPositive();
            assertThat(call.executions[(int) expire.unit()]).isEqualTo(expire.attempts());
            call.settle(expire.unit());
        }

        @Override
        public void onCallEnded(Command.CallEnded ended) {
            ModelCall call = calls.remove(ended.call());
            if (call.drained) {
                assertThat(call.underWay.isEmpty()).isTrue();
                return;
            }
            assertThat(call.complete).isTrue();
            assertThat(call.settled.cardinality()).as("all units are settled").isEqualTo(call.available);
        }
    }

    private void obey(Command.Send send) {
        assertThat(workers).containsKey(send.worker());
        workers.get(send.worker()).chunks.add(send);
        assertThat(counting.put(send.chunk(), send)).as("chunk ids are new").isNull();
        ModelCall call = calls.get(send.call());
        assertThat(send.count()).isPositive();
        assertThat(send.first() + send.count()).isLessThanOrEqualTo(call.available);
        assertThat(send.count()).isLessThanOrEqualTo(Math.max(call.policy.chunkUnits(), call.policy.maxChunkUnits()));
        for (int unit = (int) send.first(); unit < send.first() + send.count(); unit++) {
            assertThat(call.settled.get(unit)).isFalse();
            assertThat(++call.executions[unit]).isEqualTo(send.attempt());
            assertThat(call.underWay.get(unit))
                    .as("unit %d is under way twice", unit)
                    .isFalse();
            call.underWay.set(unit);
        }
    }

    private void obey(Command.Accept accept) {
        Command.Send send = counting.remove(accept.chunk());
        assertThat(send).isNotNull();
        assertThat(accept.first()).isEqualTo(send.first());
        assertThat(accept.count()).isEqualTo(send.count());
        ModelCall call = calls.get(accept.call());
        call.underWay.clear((int) send.first(), (int) send.first() + send.count());
        for (long unit = send.first(); unit < send.first() + send.count(); unit++) {
            if (Arrays.binarySearch(accept.retriedUnits(), unit) < 0) {
                call.settle(unit);
            } else {
                assertThat(call.failures[(int) unit]).isBetween(1, call.policy.retries());
            }
        }
    }

    private void giveUp(long chunk) {
        Command.Send send = counting.remove(chunk);
        if (send != null) {
            calls.get(send.call()).underWay.clear((int) send.first(), (int) send.first() + send.count());
        }
    }

    private <T> T any(Map<?, T> map) {
        List<T> values = List.copyOf(map.values());
        return values.get(random.nextInt(values.size()));
    }
}
