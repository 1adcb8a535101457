package org.astropool.internal.activity;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Records what the workers of a pool do, as the master sees it. Each method takes constant time, and the memory does
 * not grow with the number of tasks. The communication thread records while it holds the monitor of this object, which
 * it takes once for several records, because single tasks take less than a microsecond; {@link #snapshot} takes it
 * itself, and may be called by any thread.
 */
public final class PoolActivity {
    private static final double NANOS = 1e-9;
    private static final double FIRST_BIN_SECONDS = 0.05;
    private static final long NOT_BEGUN = Long.MIN_VALUE;

    /** Why slots are idle, as long as some are. */
    public enum Idle {
        /** No call is open. */
        NO_CALL,
        /** Tasks are there, but were not handed over yet. */
        HAND_OVER,
        /** No task is there, and none is being evaluated. */
        NO_TASK,
        /** No task is there, but some are still being evaluated. */
        TAIL
    }

    /** A chunk on its way to a slot, in it, or on its way back. */
    public static final class Running {
        private final Member member;
        private long since = NOT_BEGUN;

        private Running(Member member) {
            this.member = member;
        }
    }

    private static final class Member {
        private final int number;
        private final String host;
        private final long pid;
        private final int slots;
        private final long readyNanos;
        private final List<Running> running = new ArrayList<>();
        /** Chunks that the worker has been sent ahead. */
        private final ArrayDeque<Running> waiting = new ArrayDeque<>();

        private final Timeline timeline = new Timeline();
        private final Durations durations = new Durations();
        private long lastHeardNanos;
        private boolean unfit;
        private boolean gone;
        /** When it left, was lost, or was found to be unfit. */
        private long goneNanos;

        private String lost = "";
        private long evaluated;
        private long busyNanos;

        Member(int number, String host, long pid, int slots, long readyNanos) {
            this.number = number;
            this.host = host;
            this.pid = pid;
            this.slots = slots;
            this.readyNanos = readyNanos;
            this.lastHeardNanos = readyNanos;
        }
    }

    private final LongSupplier nanoClock;
    private final String host;
    private final int coresPerSlot;
    private final boolean membersChange;
    private final long openedNanos;
    private final Instant opened;
    private final Map<Integer, Member> members = new TreeMap<>();
    private double binSeconds = FIRST_BIN_SECONDS;

    private Idle idle = Idle.NO_CALL;
    private long lastNanos;
    private boolean begun;
    private int cores;
    private int slots;
    private int busySlots;
    /** Of workers that are lost and not replaced. */
    private int missingSlots;

    private int unfitSlots;

    // slot-nanoseconds
    private long presentNanos;
    private long inFlightNanos;
    private long startNanos;
    private long betweenNanos;
    private long waitingNanos;
    private long handOverNanos;
    private long tailNanos;
    private long missingNanos;
    private long evaluatedNanos;
    private long preparingNanos;
    private long retriedNanos;
    private long wastedNanos;

    /**
     * @param host of the master
     * @param coresPerSlot how many cores a slot has
     * @param membersChange whether workers join and leave as they like, so that the run has their cores only while they
     *     are there
     * @param nanoClock as {@link System#nanoTime}
     */
    public PoolActivity(String host, int coresPerSlot, boolean membersChange, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.host = host;
        this.coresPerSlot = coresPerSlot;
        this.membersChange = membersChange;
        this.openedNanos = nanoClock.getAsLong();
        this.opened = Instant.now();
        this.lastNanos = openedNanos;
    }

    /** How many cores the processes with which the pool was opened may use together. */
    public void cores(int number) {
        cores = number;
    }

    /** A worker can be given tasks. */
    public void ready(int number, String host, long pid, int threads) {
        advance();
        members.put(number, new Member(number, host, pid, threads, lastNanos));
        slots += threads;
        missingSlots = Math.max(0, missingSlots - threads);
    }

    /**
     * A chunk was sent to a worker.
     *
     * @param now as {@link System#nanoTime}
     */
    public Running sent(int worker, long now) {
        Member member = members.get(worker);
        if (member == null) {
            throw new IllegalStateException("worker " + worker + " is not ready");
        }
        advance(now);
        begun = true;
        Running running = new Running(member);
        if (member.running.size() < member.slots) {
            begin(running);
        } else {
            member.waiting.add(running);
        }
        return running;
    }

    private void begin(Running running) {
        running.since = lastNanos;
        running.member.running.add(running);
        busySlots++;
    }

    /**
     * The outcomes of a chunk have arrived and are used.
     *
     * @param preparing nanoseconds until the function was ready
     * @param busy nanoseconds of evaluation
     * @param retried those of attempts that are repeated
     * @param now as {@link System#nanoTime}
     */
    public void accepted(Running chunk, int tasks, long preparing, long busy, long retried, long now) {
        Member member = chunk.member;
        if (!finish(chunk, now)) {
            return;
        }
        member.evaluated += tasks;
        member.lost = "";
        member.durations.add((double) busy / tasks, tasks);
        member.busyNanos += busy;
        member.lastHeardNanos = lastNanos;
        evaluatedNanos += busy - retried;
        retriedNanos += retried;
        preparingNanos += preparing;
        double end = seconds(lastNanos);
        addTo(member.timeline, Math.max(seconds(member.readyNanos), end - busy * NANOS), end);
    }

    /** A chunk came back, wholly or without outcomes that are used. */
    public void discarded(Running chunk, long busy, long now) {
        if (finish(chunk, now)) {
            chunk.member.lastHeardNanos = lastNanos;
            chunk.member.busyNanos += busy;
            wastedNanos += busy;
        }
    }

    /** The child process that evaluated a chunk has ended. */
    public void lost(Running chunk, long now) {
        long since = chunk.since;
        if (finish(chunk, now) && since != NOT_BEGUN) {
            wastedNanos += lastNanos - since;
        }
    }

    private boolean finish(Running chunk, long now) {
        Member member = chunk.member;
        if (member.gone) {
            return false;
        }
        advance(now);
        if (!member.running.remove(chunk)) {
            return member.waiting.remove(chunk);
        }
        busySlots--;
        Running next = member.waiting.poll();
        if (next != null) {
            begin(next);
        }
        return true;
    }

    /**
     * A worker has left, or was lost.
     *
     * @param reason why it was lost, or ""
     */
    public void gone(int worker, String reason) {
        Member member = members.get(worker);
        if (member == null || member.gone) {
            return;
        }
        advance();
        if (member.unfit) {
            fit(member);
        }
        member.gone = true;
        member.goneNanos = lastNanos;
        member.lost = reason;
        slots -= member.slots;
        drop(member);
        if (!membersChange) {
            missingSlots += member.slots;
        }
    }

    /** Its chunks come to nothing. */
    private void drop(Member member) {
        busySlots -= member.running.size();
        for (Running running : member.running) {
            wastedNanos += lastNanos - running.since;
            addTo(member.timeline, seconds(running.since), seconds(lastNanos));
        }
        member.running.clear();
        member.waiting.clear();
    }

    /** A worker is given no tasks, since it cannot evaluate them for this reason: its slots are missing. */
    public void unfit(int worker, String reason) {
        Member member = members.get(worker);
        if (member != null && !member.gone && !member.unfit) {
            advance();
            member.unfit = true;
            member.goneNanos = lastNanos;
            member.lost = reason;
            slots -= member.slots;
            drop(member);
            unfitSlots += member.slots;
        }
    }

    /** A worker that was unfit is given tasks again. The reason is that of its end if it evaluates none. */
    public void fit(int worker) {
        Member member = members.get(worker);
        if (member != null && member.unfit) {
            advance();
            fit(member);
        }
    }

    private void fit(Member member) {
        member.unfit = false;
        slots += member.slots;
        unfitSlots -= member.slots;
    }

    /** Nobody waits for the chunks under way any more. */
    public void abandoned() {
        advance();
        for (Member member : members.values()) {
            for (Running running : member.running) {
                wastedNanos += lastNanos - running.since;
                busySlots--;
            }
            member.running.clear();
            member.waiting.clear();
        }
    }

    /** Why idle slots are idle from now on. */
    public void idle(Idle reason, long now) {
        if (reason != idle) {
            advance(now);
            idle = reason;
        }
    }

    /** Whether some slot is idle, so that the reason matters. */
    public boolean hasIdleSlots() {
        return busySlots < slots;
    }

    private void advance() {
        advance(nanoClock.getAsLong());
    }

    private void advance(long now) {
        long passed = now - lastNanos;
        if (passed <= 0) {
            return;
        }
        lastNanos = now;
        presentNanos += passed * slots;
        inFlightNanos += passed * busySlots;
        missingNanos += passed * (missingSlots + unfitSlots);
        long idleNanos = passed * Math.max(0, slots - busySlots);
        if (!begun) {
            startNanos += idleNanos;
            return;
        }
        if (idle != Idle.NO_CALL) { // what passed between two calls was no end
            waitingNanos += betweenNanos;
            betweenNanos = 0;
        }
        switch (idle) {
            case NO_CALL -> betweenNanos += idleNanos;
            case HAND_OVER -> handOverNanos += idleNanos;
            case NO_TASK -> waitingNanos += idleNanos;
            case TAIL -> tailNanos += idleNanos;
        }
    }

    private double seconds(long nanos) {
        return (nanos - openedNanos) * NANOS;
    }

    private void addTo(Timeline timeline, double from, double to) {
        while (to >= Timeline.MOST_BINS * binSeconds) {
            binSeconds *= 2;
            members.values().forEach(member -> member.timeline.halve());
        }
        timeline.add(Math.max(0, from) / binSeconds, to / binSeconds);
    }

    /**
     * What has happened so far.
     *
     * @param started when the run started, before the pool was opened: its cores were the run's from then on
     * @param ended whether the run has ended, so that what is still being evaluated is lost
     */
    public synchronized ActivitySnapshot snapshot(Instant started, boolean ended) {
        advance();
        double before = Math.max(0, started.until(opened, ChronoUnit.NANOS) * NANOS);
        double now = seconds(lastNanos);
        List<WorkerActivity> workers = new ArrayList<>();
        long underWay = 0;
        int shift = (int) Math.round(before / binSeconds);
        for (Member member : members.values()) {
            Timeline timeline = member.timeline.copy();
            for (Running running : member.running) {
                underWay += lastNanos - running.since;
                timeline.add(seconds(running.since) / binSeconds, now / binSeconds);
            }
            workers.add(new WorkerActivity(
                    member.number,
                    member.host,
                    member.pid,
                    member.slots,
                    before + seconds(member.readyNanos),
                    before + seconds(member.lastHeardNanos),
                    member.gone || !member.lost.isEmpty() ? before + seconds(member.goneNanos) : Double.NaN,
                    member.lost,
                    member.evaluated,
                    member.busyNanos * NANOS,
                    member.durations.median() * NANOS,
                    shifted(timeline.fractions(member.slots), shift)));
        }
        return new ActivitySnapshot(
                started, before + now, ended, host, binSeconds, workers, ledger(before, now, underWay, ended));
    }

    private static float[] shifted(float[] values, int places) {
        float[] shifted = new float[values.length == 0 ? 0 : values.length + places];
        System.arraycopy(values, 0, shifted, Math.min(places, shifted.length), values.length);
        return shifted;
    }

    private Ledger ledger(double before, double now, long underWay, boolean ended) {
        double scale = coresPerSlot * NANOS;
        double evaluation = (evaluatedNanos + (ended ? 0 : underWay)) * scale;
        double retries = retriedNanos * scale;
        double preparing = preparingNanos * scale;
        double lost = (wastedNanos + missingNanos + (ended ? underWay : 0)) * scale;
        double waiting = waitingNanos * scale;
        double tail = tailNanos * scale;
        double inUse = inFlightNanos * scale - evaluation - retries - preparing - lost + missingNanos * scale;
        double transport = Math.max(0, inUse) + handOverNanos * scale;
        double results = ended ? betweenNanos * scale : 0;
        waiting += ended ? 0 : betweenNanos * scale;
        double start = startNanos * scale + preparing;
        double present = (presentNanos + missingNanos) * scale;
        double allocation = present;
        double outside = 0;
        if (!membersChange) {
            double used = 0; // by slots that were there from the start
            for (Member member : members.values()) {
                if (isFirst(member)) {
                    start += (before + seconds(member.readyNanos)) * member.slots * coresPerSlot;
                    allocation += (before + seconds(member.readyNanos)) * member.slots * coresPerSlot;
                    used += member.slots * (double) coresPerSlot;
                }
            }
            outside = Math.max(0, cores - used) * (before + now);
            allocation += outside;
        }
        return new Ledger(allocation, evaluation, start, waiting, transport, retries, lost, tail, results, outside);
    }

    /** Whether it is no replacement. */
    private boolean isFirst(Member member) {
        return members.values().stream()
                .noneMatch(other -> other.gone && !other.lost.isEmpty() && other.goneNanos <= member.readyNanos);
    }
}
