package org.astropool.internal.job.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.job.explain.Explanation.Finding;
import org.astropool.internal.job.run.RunStatus;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final long POINTS = 1_000;
    private static final double WALL = 100;

    private final List<WorkerActivity> workers = new ArrayList<>(List.of(worker(1, 0.1, ""), worker(2, 0.1, "")));
    private long points = POINTS;
    private boolean search;

    private static WorkerActivity worker(int rank, double medianSeconds, String lost) {
        double left = lost.isEmpty() ? Double.NaN : WALL / 2;
        return new WorkerActivity(
                rank,
                "n" + rank,
                100 + rank,
                1,
                1,
                WALL,
                left,
                lost,
                500,
                500 * medianSeconds,
                medianSeconds,
                new float[0]);
    }

    /** @param parts core-seconds of 200, the rest is evaluation */
    private Explanation explain(Map<String, Double> parts, double journalSeconds) {
        Map<String, Double> all = new java.util.HashMap<>(parts);
        all.put(
                "evaluation",
                2 * WALL - parts.values().stream().mapToDouble(d -> d).sum());
        RunStatus status = new RunStatus(
                Path.of("out"),
                "job",
                "model",
                points,
                points,
                0,
                0,
                Map.of(),
                Optional.of(new RunStatus.End(true, "", 0)),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
        ActivitySnapshot newest = new ActivitySnapshot(
                Instant.EPOCH, WALL, true, "n0", 1, workers, Ledger.of(2 * WALL, all), journalSeconds);
        return Explanation.of(status, search, List.of(newest));
    }

    private List<String> kinds(Map<String, Double> parts) {
        return explain(parts, 0).findings().stream().map(Finding::kind).toList();
    }

    @Test
    void aRunThatOnlyEvaluatesIsLimitedByItsModel() {
        assertThat(kinds(Map.of("tail", 1.0))).containsExactly("evaluation");
    }

    @Test
    void theLargestLossComesFirst() {
        assertThat(kinds(Map.of("tail", 30.0, "start", 50.0, "waiting", 25.0, "transport", 21.0)))
                .containsExactly("start", "tail", "waiting", "transport");
    }

    @Test
    void aTailOfFewPointsIsAMatterOfTooManySlots() {
        points = 3;
        assertThat(kinds(Map.of("tail", 60.0))).containsExactly("too-few-points");
    }

    @Test
    void theTailOfASearchIsThatOfItsRounds() {
        search = true;
        Finding tail = explain(Map.of("tail", 60.0), 0).findings().get(0);
        assertThat(tail.title()).endsWith("of a round.");
        assertThat(tail.advice()).startsWith("more walkers");
    }

    @Test
    void aSlowWorkerIsNamedAmongTwoAndAmongMany() {
        workers.set(1, worker(2, 0.2, ""));
        assertThat(explain(Map.of(), 0).findings())
                .singleElement()
                .extracting(Finding::title)
                .isEqualTo("The points of rank 2 on n2 (process 102) take 2.0 times as long as those of the other"
                        + " workers.");
        workers.add(worker(3, 0.1, ""));
        workers.add(worker(4, 0.12, ""));
        assertThat(kinds(Map.of())).containsExactly("slow-worker");
    }

    @Test
    void lostWorkersAreListedWithTheReason() {
        workers.add(worker(3, 0.1, "out of memory"));
        Finding lost = explain(Map.of("lost", 5.0), 0).findings().get(0);
        assertThat(lost.kind()).isEqualTo("lost");
        assertThat(lost.evidence())
                .isEqualTo("1 of the workers: rank 3 on n3 (process 103) after 50.0 s: out of memory.");
    }

    @Test
    void aSlowDiskIsNamed() {
        assertThat(explain(Map.of("transport", 30.0), 60).findings())
                .extracting(Finding::kind)
                .contains("disk", "transport");
    }

    @Test
    void coresWithoutASlotAreCounted() {
        Finding outside = explain(Map.of("outside", 100.0), 0).findings().get(0);
        assertThat(outside.title()).startsWith("50 % of the cores");
        assertThat(outside.evidence()).contains("about 1.00 cores are free");
    }
}
