package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.Outcome;
import org.astropool.task.TaskContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract on child processes, and what can be seen there alone. */
class ProcessPoolTest extends PoolContract {
    private static final Pool POOL = Pool.open(PoolOptions.builder()
            .listener(EVENTS)
            .carrier(CarrierKind.PROCESSES)
            .workers(2)
            .build());

    @Override
    Pool pool() {
        return POOL;
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Test
    void workersAreOtherProcesses() {
        assertThat(POOL.workers())
                .hasSize(2)
                .extracting(WorkerInfo::pid)
                .doesNotContain(ProcessHandle.current().pid());
    }

    @Test
    void childJvmsHaveTheHeapAndTheArgumentsOfTheOptions() {
        try (Pool pool = Pool.open(PoolOptions.builder()
                .carrier(CarrierKind.PROCESSES)
                .workers(1)
                .workerHeap(48L << 20)
                .workerJvmArguments(List.of("-Dastropool.test=given to children", "-XX:+UseParallelGC"))
                .build())) {
            List<String> found = pool.map(
                    (Integer x) -> System.getProperty("astropool.test") + ", "
                            + ManagementFactory.getRuntimeMXBean().getInputArguments(),
                    List.of(1));

            assertThat(found.get(0))
                    .startsWith("given to children, ")
                    .contains("-Xmx49152k", "-XX:+UseParallelGC")
                    .doesNotContain("UseSerialGC");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-cp", "--class-path=x", "-jar", "--module-path=y", "org.example.Main", "--add-opens", ""})
    void whatIsNoArgumentOfAJvmIsRefused(String argument) {
        assertThatThrownBy(() -> PoolOptions.builder().workerJvmArguments(List.of(argument)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the worker JVM argument");
        assertThatThrownBy(() -> PoolOptions.builder().workerHeap(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theListenerHearsOfAWorkerThatIsLostAndOfItsReplacement() {
        EventLog events = new EventLog();
        try (Pool pool = Pool.open(PoolOptions.builder()
                .carrier(CarrierKind.PROCESSES)
                .workers(1)
                .listener(events)
                .build())) {
            long pid = pool.workers().get(0).pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            assertThat(pool.map((Integer x) -> x, List.of(1))).containsExactly(1);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (events.joined.size() < 2 && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(events.joined).hasSize(2).startsWith(pid);
            assertThat(events.lost).singleElement().satisfies(lost -> {
                assertThat(lost.pid()).isEqualTo(pid);
                assertThat(lost.lost()).isTrue();
            });
        }
    }

    /** As on a node that lacks a file: it would fail most of the tasks, since it answers at once. */
    @Test
    void aProcessThatCannotPrepareAFunctionLeavesTheTasksToTheOther(@TempDir Path temp) {
        BatchFunction<Long, Long> function = new OnTheSecondProcess(temp.toString());

        List<Outcome<Long>> outcomes;
        try (Stream<Outcome<Long>> stream = POOL.batches(function, 200, 1, CallOptions.defaults())) {
            outcomes = stream.toList();
        }

        assertThat(outcomes).hasSize(200).allMatch(outcome -> outcome instanceof Outcome.Done);
        assertThat(POOL.map((Integer x) -> x, List.of(1, 2))).containsExactly(1, 2);
    }

    private record OnTheSecondProcess(String folder) implements BatchFunction<Long, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void prepare() throws IOException {
            Path own = Path.of(folder, String.valueOf(ProcessHandle.current().pid()));
            if (Files.exists(own)) {
                throw new IOException("a file is missing here");
            }
            try {
                Files.createFile(Path.of(folder, "second"));
                Files.createFile(own);
            } catch (FileAlreadyExistsException e) {
                return; // another process was the first
            }
            throw new IOException("a file is missing here");
        }

        @Override
        public void applyBatch(List<Long> inputs, BatchResults<Long> results, TaskContext context) {
            results.done(0, ProcessHandle.current().pid());
        }
    }
}
