package org.astropool.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.astropool.internal.batch.Verdict.Ended;
import org.astropool.internal.batch.Verdict.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int CORES = 60;
    private static final BatchLimits NONE = new BatchLimits(OptionalDouble.empty(), OptionalInt.empty());

    private static BatchRecord record(BatchLimits limits) {
        return new BatchRecord(
                "slurm",
                "job",
                Path.of("/job.toml"),
                "",
                limits,
                true,
                FirstStart.CONTINUE,
                "",
                List.of(),
                List.of(),
                List.of(),
                false,
                Optional.empty());
    }

    /** A start of ten minutes, after those that the record has. */
    private static BatchRecord after(BatchRecord record, long before, long after) {
        Instant start = BEGIN.plusSeconds(600L * record.starts().size());
        return record.begun(new BatchStart("1", start, Optional.empty(), CORES, before, before, ""))
                .closed(start.plusSeconds(600), after, "time-limit");
    }

    @ParameterizedTest
    @CsvSource({
        "0, true, '', '', COMPLETE",
        "3, true, '', USR1, COMPLETE",
        "4, false, time-limit, '', GO_ON",
        "4, false, workers-lost, '', GO_ON",
        "4, false, '', '', GO_ON", // the ranks were killed
        "137, false, '', '', GO_ON",
        "143, false, sigterm, USR1, GO_ON", // the warning of the batch system
        "143, false, sigterm, TERM, LEAVE", // preempted, requeued or cancelled
        "4, false, time-limit, TERM, LEAVE",
        "143, false, sigterm, '', STOP", // somebody else
        "130, false, sigint, '', STOP",
        "4, false, no-room, '', STOP",
        "4, false, all-failed, '', STOP",
        "4, false, directory-lost, '', STOP",
        "4, false, taken-over, '', STOP",
        "2, false, '', '', STOP",
        "1, false, '', '', STOP",
        "127, false, '', '', STOP",
    })
    void whatFollowsDependsOnHowTheStartEnded(int code, boolean complete, String reason, String signal, Kind kind) {
        Verdict verdict =
                Verdict.after(after(record(NONE), 0, 5), new Ended(code, complete, reason, signal, false), BEGIN);

        assertThat(verdict.kind()).isEqualTo(kind);
        assertThat(verdict.reason()).isNotBlank();
    }

    @Test
    void twoStartsWithoutProgressEndIt() {
        Ended early = new Ended(4, false, "time-limit", "", false);
        BatchRecord once = after(after(record(NONE), 0, 7), 7, 7);
        BatchRecord twice = after(once, 7, 7);
        BatchRecord again = after(after(once, 7, 8), 8, 8);

        assertThat(Verdict.after(once, early, BEGIN).kind()).isEqualTo(Kind.GO_ON);
        assertThat(Verdict.after(twice, early, BEGIN)).satisfies(verdict -> {
            assertThat(verdict.kind()).isEqualTo(Kind.STOP);
            assertThat(verdict.reason()).contains("no point", "time-limit");
        });
        assertThat(Verdict.after(again, early, BEGIN).kind()).isEqualTo(Kind.GO_ON);
    }

    @Test
    void startsAreLimited() {
        BatchLimits two = new BatchLimits(OptionalDouble.empty(), OptionalInt.of(2));
        Ended early = new Ended(4, false, "time-limit", "", false);
        BatchRecord once = after(record(two), 0, 7);

        assertThat(Verdict.after(once, early, BEGIN).kind()).isEqualTo(Kind.GO_ON);
        assertThat(Verdict.after(after(once, 7, 9), early, BEGIN).reason()).contains("--max-starts is 2");
    }

    /** 60 cores for ten minutes are ten core-hours; a start of a minute is one. */
    @Test
    void coreHoursAreLimitedInTime() {
        BatchRecord once = after(record(new BatchLimits(OptionalDouble.of(15), OptionalInt.empty())), 0, 7);
        Instant next = BEGIN.plusSeconds(600);

        assertThat(once.coreHours(next)).isEqualTo(10);
        assertThat(Verdict.refusal(once, next)).isEmpty();
        assertThat(Verdict.endOfStart(once, next, CORES, next.plusSeconds(900))).isEqualTo(next.plusSeconds(300));
        assertThat(Verdict.endOfStart(once, next, CORES, next.plusSeconds(200))).isEqualTo(next.plusSeconds(200));
        BatchRecord twice = after(once, 7, 9);
        assertThat(Verdict.refusal(twice, next))
                .hasValueSatisfying(why -> assertThat(why).contains("--max-core-hours is 15", "20.000 were used"));
    }

    @Test
    void aCancelledRunStartsNothing() {
        BatchRecord cancelled = after(record(NONE), 0, 7).asCancelled();

        assertThat(Verdict.after(cancelled, new Ended(143, false, "sigterm", "USR1", false), BEGIN)
                        .kind())
                .isEqualTo(Kind.LEAVE);
        assertThat(Verdict.refusal(cancelled, BEGIN)).contains("it was cancelled");
    }

    /**
     * Batch systems also send SIGTERM when the time of a job is over, and then run it again only if they are asked to.
     */
    @ParameterizedTest
    @CsvSource({"4, time-limit", "143, sigterm", "137, ''"})
    void aJobWhoseTimeWasOverIsFollowedByAnotherStart(int code, String reason) {
        Ended ended = new Ended(code, false, reason, "TERM", true);

        assertThat(Verdict.after(after(record(NONE), 0, 5), ended, BEGIN).kind())
                .isEqualTo(Kind.GO_ON);
    }

    /** A job that is run again because a node has failed did not end by itself. */
    @Test
    void aStartThatWasKilledIsClosedWhenItWasLastSeen() {
        BatchRecord killed = record(NONE).begun(new BatchStart("1", BEGIN, Optional.empty(), CORES, 0, 0, ""));

        assertThat(killed.coreHours(BEGIN.plusSeconds(60))).isEqualTo(1);
        BatchRecord closed = killed.closed(BEGIN.plusSeconds(120), 5, "killed");
        assertThat(closed.coreHours(BEGIN.plusSeconds(9999))).isEqualTo(2);
        assertThat(closed.openStart()).isEmpty();
    }
}
