package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.internal.model.ModelFunction;
import org.astropool.internal.model.PointFunction;
import org.astropool.internal.program.CoProcessModel;
import org.astropool.internal.program.Declaration;
import org.astropool.internal.program.ProgramSpec;
import org.astropool.task.Axis;
import org.astropool.task.BatchFunction;
import org.astropool.task.FailureKind;
import org.astropool.task.Grid;
import org.astropool.task.ModelOptions;
import org.astropool.task.Outcome;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that says to which point an answer belongs, and is sent points ahead, in a pool of two slots. */
@Timeout(60)
class ProgramPoolTest {
    private static final int POINTS = 2000;
    private static final int KILLED_ONCE = 300;
    private static final int KILLED = 600;
    private static final int EXITS = 900;
    private static final int RAISES = 1200;
    private static final int HANGS = 1500;

    @TempDir
    private Path temp;

    private final Pool pool = Pool.open(
            PoolOptions.builder().carrier(CarrierKind.THREADS).workers(2).build());

    @AfterEach
    void close() {
        pool.close();
    }

    /** @param troubles of a shell's case, by index */
    private CoProcessModel model(String troubles) {
        String script = """
                echo '{"astropool": 1, "parameters": ["x"], "outputs": ["log_likelihood"]}'
                while read -r line; do
                    i=${line#*'"index": '}; i=${i%%%%,*}
                    x=${line#*'[['}; x=${x%%%%]*}
                    echo $i >>asked
                    case $i in
                        %s
                    esac
                    echo "{\\"results\\": [[$x]], \\"index\\": $i}"
                done
                """.formatted(troubles);
        Declaration declaration = new Declaration(
                "test", "", List.of(new Parameter("x", "", 0, POINTS, "")), List.of(Output.logLikelihood()), 1);
        return new CoProcessModel(
                new ProgramSpec(
                        List.of("sh", "-c", script), temp.toString(), temp.toString(), Map.of(), 1, 1, "", 0, 30_000),
                declaration);
    }

    private BatchFunction<Long, Object> function(String troubles) {
        CoProcessModel model = model(troubles);
        return new ModelFunction(
                model, ModelOptions.of(model, Map.of()), new Grid(Axis.linear("x", 0, POINTS - 1, POINTS)), Map.of());
    }

    private Map<Integer, Long> asked() throws IOException {
        try (Stream<String> lines = Files.lines(temp.resolve("asked"))) {
            return lines.collect(Collectors.groupingBy(Integer::valueOf, Collectors.counting()));
        }
    }

    private static double result(Outcome<Object> outcome) {
        return outcome instanceof Outcome.Done<Object> done && done.result() instanceof double[] numbers
                ? numbers[0]
                : Double.NaN;
    }

    private static FailureKind kind(Outcome<Object> outcome) {
        return ((Outcome.Failed<Object>) outcome).failure().kind();
    }

    @Test
    void eachPointIsEvaluatedOnceAndGetsItsOwnNumber() throws Exception {
        List<Outcome<Object>> outcomes = pool.<Object>batches(
                        function("-1) ;;"),
                        POINTS,
                        1,
                        CallOptions.builder().ordered(true).build())
                .toList();

        assertThat(outcomes)
                .extracting(ProgramPoolTest::result)
                .containsExactlyElementsOf(
                        IntStream.range(0, POINTS).mapToObj(Double::valueOf).toList());
        assertThat(asked()).hasSize(POINTS);
        assertThat(asked().values()).containsOnly(1L);
    }

    @Test
    void troublesCostTheirPointsAlone() throws Exception {
        String troubles = """
                %d) [ -e once ] || { : >once; kill -KILL $$; } ;;
                %d) kill -KILL $$ ;;
                %d) echo why >&2; exit 4 ;;
                %d) echo "{\\"error\\": \\"no big bang\\", \\"index\\": $i}"; continue ;;
                %d) sleep 1000 ;;
                """.formatted(KILLED_ONCE, KILLED, EXITS, RAISES, HANGS);

        List<Outcome<Object>> outcomes = pool.<Object>batches(
                        function(troubles),
                        POINTS,
                        1,
                        CallOptions.builder()
                                .ordered(true)
                                .timeout(Duration.ofSeconds(2))
                                .build())
                .toList();

        for (int i = 0; i < POINTS; i++) {
            Outcome<Object> outcome = outcomes.get(i);
            switch (i) {
                case KILLED -> assertThat(kind(outcome)).isEqualTo(FailureKind.WORKER_LOST);
                case EXITS ->
                    assertThat(((Outcome.Failed<Object>) outcome).failure())
                            .satisfies(failure -> assertThat(failure.message()).contains("exit code 4"))
                            .satisfies(failure -> assertThat(failure.output()).isEqualTo("why"));
                case RAISES ->
                    assertThat(((Outcome.Failed<Object>) outcome).failure().message())
                            .isEqualTo("no big bang");
                case HANGS -> assertThat(kind(outcome)).isEqualTo(FailureKind.TIMEOUT);
                default ->
                    assertThat(result(outcome)).as("point %d: %s", i, outcome).isEqualTo(i);
            }
            assertThat(outcome.attempt()).isEqualTo(1);
        }
        assertThat(asked())
                .containsEntry(KILLED_ONCE, 2L)
                .containsEntry(KILLED, 3L)
                .containsEntry(EXITS, 1L)
                .containsEntry(RAISES, 1L)
                .containsEntry(HANGS, 1L);
    }

    @Test
    void pointsThatComeOneByOneAreSentAheadAsWell() throws Exception {
        CoProcessModel model = model("-1) ;;");
        PointFunction function = new PointFunction(model, ModelOptions.of(model, Map.of()));
        List<CompletableFuture<Object>> results = new ArrayList<>();

        try (RemoteFunction<double[], Object> remote = pool.batchFunction(function, CallOptions.defaults())) {
            for (int i = 0; i < POINTS; i++) {
                results.add(remote.submit(new double[] {2 * i}));
            }
            for (int i = 0; i < POINTS; i++) {
                assertThat((double[]) results.get(i).join()).containsExactly(2 * i);
            }
        }
        assertThat(asked()).hasSize(POINTS);
        assertThat(asked().values()).containsOnly(1L);
    }
}
