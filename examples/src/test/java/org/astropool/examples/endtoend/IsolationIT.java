package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.astropool.examples.Troublesome;
import org.astropool.examples.Troublesome.Trouble;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.examples.endtoend.Results.Worker;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models in processes of their own: what ends such a process costs its point alone; {@link Troublesome} ends it. */
class IsolationIT {
    private static final int X_VALUES = 200;
    private static final int RANKS = 3;
    private static final List<Trouble> TROUBLES =
            List.of(Trouble.NONE, Trouble.RAISES_SIGSEGV, Trouble.EXHAUSTS_THE_HEAP, Trouble.HANGS_FOR_GOOD);
    /** One point of each trouble, in the corner of the grid where x is largest. */
    private static final String CORNER = """
            [job]
            name = "corner"
            [model]
            name = "troublesome"
            options = { above = 198.5 }
            [grid]
            trouble = { values = [%s] }
            x = { from = 0.0, to = 199.0, count = 200 }
            [run]
            timeout = "1 s"
            """.formatted(String.join(
            ", ", TROUBLES.stream().map(trouble -> trouble.ordinal() + ".0").toList()));

    @TempDir
    private Path temp;

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void ranksOutliveTheirModels(Mpiexec mpiexec) throws Exception {
        Ended ended = corner(Command.astropool(mpiexec.ranks(RANKS), "run"))
                .and("--set", "run.isolation=\"process\"", "--threads", "1", "--master-evaluates", "yes")
                .run();

        assertTheCornerFailed(ended);
        assertThat(results().workers())
                .as("%s", ended)
                .extracting(Worker::rank)
                .containsExactlyElementsOf(IntStream.range(0, RANKS).boxed().toList());
        assertThat(results().workers()).allMatch(worker -> worker.evaluated() > 0, "has evaluated something");
    }

    @Test
    void isolatedModelsOfThreadsCostTheirPointAlone() throws Exception {
        Ended ended = corner(Command.astropool("run"))
                .and("--pool", "threads", "--workers", "2", "--set", "run.isolation=\"process\"")
                .run()
                .with(3);

        assertTheCornerFailed(ended);
    }

    @Test
    void workerProcessesCostTheirPointAlone() throws Exception {
        Ended ended = corner(Command.astropool("run"))
                .and("--pool", "processes", "--workers", "2")
                .run()
                .with(3);

        // a worker may have been sent both killers, one behind the other, and then one has the last words of the other
        assertTheCornerFailed(ended, "about to ", "about to ");
    }

    private Command corner(Command run) throws Exception {
        Path job = Files.writeString(temp.resolve("job.toml"), CORNER);
        return run.and(job.toString(), "--out", temp.resolve("out").toString())
                .and("--class-path", Command.TEST_MODELS.toString());
    }

    private void assertTheCornerFailed(Ended ended) throws Exception {
        assertTheCornerFailed(ended, "about to follow a wrong pointer | # A fatal error", "OutOfMemoryError");
    }

    private void assertTheCornerFailed(Ended ended, String wordsOfSigsegv, String wordsOfTheHeap) throws Exception {
        JsonObject summary = results().summary();
        assertThat(summary.getInt("exit_code")).as("%s", ended).isEqualTo(3);
        assertThat(summary.getBoolean("complete")).isTrue();
        String here = InetAddress.getLocalHost().getHostName();
        assertThat(results().rows("failures.ecsv"))
                .satisfiesExactly(
                        row -> assertThat(row)
                                .startsWith(last(Trouble.RAISES_SIGSEGV, "worker-lost"))
                                .contains(here, wordsOfSigsegv),
                        row -> assertThat(row)
                                .startsWith(last(Trouble.EXHAUSTS_THE_HEAP, "worker-lost"))
                                .contains(here, wordsOfTheHeap),
                        row -> assertThat(row)
                                .startsWith(last(Trouble.HANGS_FOR_GOOD, "timeout"))
                                .contains(here));
        assertThat(summary.getInt("ok")).isEqualTo(X_VALUES * TROUBLES.size() - 3);
    }

    /** How the row of the last point with this trouble begins; the order of troubles and of their numbers differ. */
    private static String last(Trouble trouble, String kind) {
        int index = (TROUBLES.indexOf(trouble) + 1) * X_VALUES - 1;
        return index + " " + trouble.ordinal() + ".0 199.0 " + kind;
    }

    private Results results() {
        return new Results(temp.resolve("out"));
    }
}
