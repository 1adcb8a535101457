package org.astropool.internal.batch;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What follows a start of a run. Decided from the record alone, without any command.
 *
 * @param reason for people; for {@link Kind#GO_ON} how the start ended
 */
public record Verdict(Kind kind, String reason) {
    /** What follows. */
    public enum Kind {
        /** The run is complete. */
        COMPLETE,
        /** The next start follows. */
        GO_ON,
        /** Nothing follows; the user has to do something. */
        STOP,
        /** Whoever has ended the job decides: the batch system runs it again, or the user has cancelled it. */
        LEAVE
    }

    /** With which the reason of a run begins that has ended by itself. */
    public static final String BY_CODE = "the run has ended with ";

    private static final double SECONDS_PER_HOUR = 3600;
    /** A start in less time brings nothing. */
    private static final double SHORTEST_START_SECONDS = 60;

    private static final int TERMINATED = 143;
    private static final int ENDED_EARLY = 4;
    private static final Set<Integer> KILLED = Set.of(129, 134, 135, 137, 139);
    private static final Set<String> BY_ITSELF = Set.of("no-room", "all-failed", "directory-lost", "taken-over");

    /**
     * How a start ended.
     *
     * @param code of the run
     * @param complete whether its results are there
     * @param reason that it recorded, or ""
     * @param signal that the script received: USR1, TERM or ""
     * @param timeIsUp whether its allocation was over
     */
    public record Ended(int code, boolean complete, String reason, String signal, boolean timeIsUp) {
        /** For the record. */
        public String described() {
            return complete
                    ? "complete"
                    : "exit code " + code + (reason.isEmpty() ? "" : ", " + reason)
                            + (signal.isEmpty() ? "" : ", after SIG" + signal);
        }
    }

    /**
     * After a start that is closed in the record.
     *
     * @param now for the core-hours
     */
    public static Verdict after(BatchRecord record, Ended ended, Instant now) {
        if (ended.complete) {
            return new Verdict(Kind.COMPLETE, "the run is complete");
        }
        if (record.cancelled()) {
            return new Verdict(Kind.LEAVE, "it was cancelled");
        }
        if (ended.signal.equals("TERM") && !ended.timeIsUp) {
            return new Verdict(
                    Kind.LEAVE,
                    "it was ended by a signal: the batch system runs the job again if it was preempted or requeued, and"
                            + " not if it was cancelled");
        }
        boolean goesOn = (ended.code == ENDED_EARLY && !BY_ITSELF.contains(ended.reason))
                || (ended.code == TERMINATED && !ended.signal.isEmpty())
                || KILLED.contains(ended.code);
        if (!goesOn) {
            return new Verdict(Kind.STOP, BY_CODE + ended.described());
        }
        return refusal(record, now)
                .map(reason -> new Verdict(Kind.STOP, reason))
                .orElseGet(() -> new Verdict(Kind.GO_ON, ended.described()));
    }

    /** Why there may be no other start; empty when there may. */
    public static Optional<String> refusal(BatchRecord record, Instant now) {
        List<BatchStart> starts = record.starts();
        if (record.cancelled()) {
            return Optional.of("it was cancelled");
        }
        if (record.limits().starts().isPresent()
                && starts.size() >= record.limits().starts().getAsInt()) {
            return Optional.of("--max-starts is " + record.limits().starts().getAsInt() + ", and the run was started "
                    + starts.size() + " times");
        }
        if (starts.size() >= 2
                && starts.subList(starts.size() - 2, starts.size()).stream()
                        .noneMatch(start -> start.ended().isEmpty() || start.madeProgress())) {
            return Optional.of("the last two starts have finished no point ("
                    + starts.get(starts.size() - 2).outcome() + "; "
                    + starts.get(starts.size() - 1).outcome() + ")");
        }
        if (record.limits().coreHours().isPresent() && !starts.isEmpty()) {
            double limit = record.limits().coreHours().getAsDouble();
            double used = record.coreHours(now);
            double shortest = starts.get(starts.size() - 1).cores() * SHORTEST_START_SECONDS / SECONDS_PER_HOUR;
            if (limit - used < shortest) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "--max-core-hours is %s, and %.3f were used, which leaves less than a minute",
                        limit,
                        used));
            }
        }
        return Optional.empty();
    }

    /** When a start has to end, so that no limit is exceeded. */
    public static Instant endOfStart(BatchRecord record, Instant started, int cores, Instant allocationEnd) {
        if (record.limits().coreHours().isEmpty()) {
            return allocationEnd;
        }
        double left = record.limits().coreHours().getAsDouble() - record.coreHours(started);
        Instant end = started.plusMillis((long) (Math.max(0, left) * SECONDS_PER_HOUR * 1000 / Math.max(1, cores)));
        return end.isBefore(allocationEnd) ? end : allocationEnd;
    }
}
