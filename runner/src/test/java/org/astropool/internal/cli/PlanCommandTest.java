package org.astropool.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.astropool.internal.launch.Launch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code astropool plan --json} in this JVM: whatever happens, one document is printed. */
class PlanCommandTest {
    private static final int POINTS = 25;
    private static final int PILOT = 20;

    @TempDir
    Path directory;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private int plan(String script, String... options) throws Exception {
        Path job = directory.resolve("job.toml");
        Files.writeString(job, """
                job.name = "test"
                [model]
                command = ["sh", "-c", "%s"]
                cores = 2
                [model.outputs]
                y = { from = "stdout" }
                [grid]
                x = { from = 1, to = 25, count = %d }
                """.formatted(script, POINTS));
        List<String> all = new ArrayList<>(List.of("plan", job.toString(), "--json", "--cores", "4"));
        all.addAll(Arrays.asList(options));
        String[] arguments = all.toArray(String[]::new);
        return Astropool.execute(new Ranks(Launch.of(Map.of()), arguments), arguments);
    }

    private JsonObject document() throws Exception {
        return JsonParser.object().from(out.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "--pilot, 4, fewer than 5 points",
        "--pilot, 201, at most 200 points",
        "--nodes, 2000000000, must not be above",
        "--workers, 2000000000, must not be above",
        "--workers-per-node, 2000000000, must not be above",
        "--pool, hazelcast, the workers of a plan must be there",
        "--pool, nonsense, nonsense",
        "--threads, -1, --threads",
        "--effective-samples, 10, is for a [sampler]",
        "--out, '', --out is empty",
        "--set, model.cores=5, 'a point needs 5 cores'"
    })
    void whatCannotWorkIsRefusedBeforeAnythingIsEvaluated(String option, String value, String reason) throws Exception {
        assertThat(plan("echo {x}", option, value)).isEqualTo(2);

        assertThat(document().getArray("refusals").getString(0)).contains(reason);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(reason);
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aPilotOfWhichAllPointsFailIsNoPlan() throws Exception {
        assertThat(plan("echo no convergence >&2; exit 3")).isEqualTo(2);

        assertThat(document().getInt("failed")).isEqualTo(PILOT);
        assertThat(document().getArray("refusals").getString(0))
                .contains(
                        "all " + PILOT + " points that were evaluated have failed, for instance point", "exit code 3");
    }

    @Test
    void theMemoryOfACommandThatHasEndedIsMeasured() throws Exception {
        assertThat(plan("sleep 0.2; echo {x}", "--seed", "7")).isZero();

        JsonObject memory = document().getObject("memory");
        assertThat(memory.getDouble("program_bytes")).isPositive();
        assertThat(document().getObject("disk").getDouble("free_bytes")).isPositive();
        JsonObject summary = JsonParser.object().from(Files.readString(directory.resolve("out/test/summary.json")));
        assertThat(summary.getString("pool")).isEqualTo("threads");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("the pilot evaluates " + PILOT + " points");
    }
}
