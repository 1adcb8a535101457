package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.astropool.internal.transport.hazelcast.Endpoint;
import org.astropool.internal.transport.hazelcast.MasterAddress;
import org.astropool.internal.transport.hazelcast.RemoteWorker;
import org.astropool.internal.worker.ChildSettings;
import org.astropool.internal.worker.CodeDigest;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.task.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract over Hazelcast, with workers of this machine; and what holds because others may join and leave. */
class HazelcastPoolTest extends PoolContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Of other tests in this JVM. */
    private static final Set<ProcessHandle> CHILDREN_BEFORE =
            ProcessHandle.current().children().collect(Collectors.toSet());

    private static final Pool POOL = Pool.open(PoolOptions.builder()
            .listener(EVENTS)
            .carrier(CarrierKind.HAZELCAST)
            .workers(2)
            .threads(1)
            .build());

    @TempDir
    Path folder;

    @Override
    Pool pool() {
        return POOL;
    }

    /** Here the limit is lowest; what is refused, and what not, is the same everywhere. */
    @Test
    void whatIsTooLargeForAMessageIsRefusedWhereItIsGiven() {
        byte[] tooLarge = new byte[1 << 28];
        String limit = "takes " + (tooLarge.length + Integer.BYTES) + " bytes, and the limit of this pool is";
        CallOptions options = CallOptions.defaults();

        assertThatThrownBy(() -> POOL.submit(LENGTH, tooLarge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(limit);
        assertThatThrownBy(() -> POOL.map(LENGTH, List.of(new byte[1], tooLarge)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(limit);
        assertThatThrownBy(() -> POOL.broadcast(tooLarge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(limit);
        assertThatThrownBy(() -> POOL.broadcastUncopied(tooLarge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(limit);
        assertThatThrownBy(() -> POOL.function((Integer x) -> tooLarge.length, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the function with what it captures takes");
        try (TaskRounds<byte[], Integer> rounds = POOL.rounds(LENGTHS, options)) {
            assertThatThrownBy(() -> rounds.evaluate(new long[] {0}, List.of(tooLarge)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(limit);
        }
    }

    @Test
    void aResultThatIsTooLargeFailsItsTaskAlone() {
        List<Integer> sizes = List.of(1, 1 << 28, 2);
        try (Stream<Outcome<byte[]>> outcomes = POOL.stream(
                ZEROS, sizes.iterator(), CallOptions.builder().chunkSize(3).build())) {
            List<Outcome<byte[]>> all = outcomes.toList();
            assertThat(((Outcome.Done<byte[]>) all.get(0)).result()).hasSize(1);
            assertThat(((Outcome.Failed<byte[]>) all.get(1)).failure().message())
                    .contains("its result of 268435460 bytes is larger than the limit of");
            assertThat(((Outcome.Done<byte[]>) all.get(2)).result()).hasSize(2);
        }
    }

    @Test
    void inputsThatAreTooLargeOnlyTogetherAreSentInParts() {
        byte[] large = new byte[100 << 20];

        assertThat(POOL.map(
                        LENGTH,
                        List.of(large, large, large),
                        CallOptions.builder().chunkSize(3).build()))
                .containsOnly(large.length);
    }

    @AfterAll
    static void close() {
        POOL.close();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .allMatch(CHILDREN_BEFORE::contains);
    }

    private Pool open(JoinOptions joining) {
        return Pool.open(PoolOptions.builder()
                .carrier(CarrierKind.HAZELCAST)
                .joining(joining)
                .build());
    }

    private JoinOptions joining(Duration patience, Path... classPath) {
        return JoinOptions.builder()
                .listen("127.0.0.1")
                .secretFile(folder.resolve("secret"))
                .patience(patience)
                .classPath(List.of(classPath))
                .build();
    }

    private RemoteWorker worker(Pool pool, Path... classPath) throws Exception {
        String invitation = pool.invitation().orElseThrow();
        String address = invitation.replaceFirst(".*--join (\\S+) .*", "$1");
        return new RemoteWorker(
                new MasterAddress.Given(Endpoint.parse(address, 0), folder.resolve("secret")),
                1,
                HazelcastPoolTest.class.getClassLoader(),
                WorkerIdentity.ofThisProcess().withCode(CodeDigest.of(List.of(classPath))),
                ChildSettings.of(line -> {}),
                notice -> {});
    }

    private static CompletableFuture<WorkerEnd> serve(RemoteWorker worker) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return worker.serve(PATIENCE);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                work -> new Thread(work, "worker").start());
    }

    @Test
    void workersAreOtherProcesses() {
        assertThat(POOL.workers())
                .hasSize(2)
                .extracting(WorkerInfo::pid)
                .doesNotContain(ProcessHandle.current().pid());
    }

    @Test
    void aPoolWithoutWorkersWaitsForTheFirstOne() throws Exception {
        try (Pool pool = open(joining(PATIENCE))) {
            assertThat(pool.workers()).isEmpty();
            CompletableFuture<Integer> sum = pool.submit(x -> x + 1, 1);

            CompletableFuture<WorkerEnd> end = serve(worker(pool));

            assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(pool.workers()).hasSize(1);
            pool.close();
            assertThat(end.get(10, TimeUnit.SECONDS).cause()).isEqualTo(WorkerEnd.Cause.FINISHED);
        }
    }

    @Test
    void aWorkerThatIsNotToldItsThreadsHasOneForTheCoresOfATask() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        try (Pool pool = Pool.open(PoolOptions.builder()
                .carrier(CarrierKind.HAZELCAST)
                .coresPerTask(processors)
                .joining(joining(PATIENCE))
                .build())) {
            String address = pool.invitation().orElseThrow().replaceFirst(".*--join (\\S+) .*", "$1");
            JoiningWorker worker = JoiningWorker.of(address, folder.resolve("secret"), PoolOptions.defaults());
            CompletableFuture<String> end = CompletableFuture.supplyAsync(
                    () -> worker.serve(PATIENCE), work -> new Thread(work, "worker").start());

            assertThat(pool.submit(x -> x + 1, 1).get(30, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(pool.slots()).isEqualTo(1);
            pool.close();
            assertThat(end.get(10, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void aPoolThatNobodyJoinsEnds() {
        try (Pool pool = open(joining(Duration.ofMillis(300)))) {
            assertThatThrownBy(() -> pool.map(x -> x, List.of(1)))
                    .isInstanceOfSatisfying(
                            PoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.WORKERS_LOST))
                    .hasMessageContaining("no worker");
        }
    }

    @Test
    void aWorkerThatJoinsInTheMiddleIsGivenWorkAndOneThatLeavesFinishesItsOwn() throws Exception {
        try (Pool pool = open(joining(PATIENCE))) {
            RemoteWorker first = worker(pool);
            CompletableFuture<WorkerEnd> firstEnd = serve(first);
            List<Long> results = new ArrayList<>();
            CompletableFuture<WorkerEnd> secondEnd = null;
            int tasks = 400;
            try (Stream<Outcome<Long>> outcomes = pool.stream(
                    x -> {
                        Thread.sleep(5);
                        return x * x;
                    },
                    LongStream.range(0, tasks).iterator(),
                    CallOptions.builder().ordered(true).build())) {
                Iterator<Outcome<Long>> iterator = outcomes.iterator();
                while (iterator.hasNext()) {
                    results.add(((Outcome.Done<Long>) iterator.next()).result());
                    if (results.size() == 20) {
                        secondEnd = serve(worker(pool));
                    }
                    if (results.size() > 20 && pool.workers().size() == 2) {
                        first.leave();
                    }
                }
            }
            assertThat(results)
                    .isEqualTo(LongStream.range(0, tasks).mapToObj(x -> x * x).toList());
            assertThat(firstEnd.get(10, TimeUnit.SECONDS)).isEqualTo(new WorkerEnd(WorkerEnd.Cause.FINISHED, ""));
            List<WorkerInfo> workers = pool.workers();
            assertThat(workers).hasSize(2).allSatisfy(worker -> {
                assertThat(worker.evaluated()).isPositive();
                assertThat(worker.lost()).isFalse();
            });
            assertThat(workers.stream().mapToLong(WorkerInfo::evaluated).sum())
                    .as("nothing was evaluated twice")
                    .isEqualTo(tasks);
            pool.close();
            assertThat(secondEnd.get(10, TimeUnit.SECONDS).cause()).isEqualTo(WorkerEnd.Cause.FINISHED);
        }
    }

    @Test
    void aWorkerWithOtherCodeIsRefusedAndTheRunGoesOn() throws Exception {
        Path ours = Files.writeString(folder.resolve("model.jar"), "ours");
        Path folderOfOthers = Files.createDirectory(folder.resolve("others"));
        Path theirs = Files.writeString(folderOfOthers.resolve("model.jar"), "theirs");
        try (Pool pool = open(joining(PATIENCE, ours))) {
            WorkerEnd without = serve(worker(pool)).get(30, TimeUnit.SECONDS);
            WorkerEnd another = serve(worker(pool, theirs)).get(30, TimeUnit.SECONDS);

            assertThat(without.cause()).isEqualTo(WorkerEnd.Cause.REFUSED);
            assertThat(without.reason()).contains("it lacks model.jar");
            assertThat(another.cause()).isEqualTo(WorkerEnd.Cause.REFUSED);
            assertThat(another.reason()).contains("its model.jar differs");

            CompletableFuture<WorkerEnd> same = serve(worker(pool, ours));
            assertThat(pool.map(x -> x + 1, List.of(1))).containsExactly(2);
            pool.close();
            assertThat(same.get(10, TimeUnit.SECONDS).cause()).isEqualTo(WorkerEnd.Cause.FINISHED);
        }
    }

    @Test
    void aWorkerThatIsKilledCostsOnlyItsTasks() throws Exception {
        try (Pool pool = Pool.open(PoolOptions.builder()
                .carrier(CarrierKind.HAZELCAST)
                .workers(2)
                .threads(1)
                .build())) {
            long victim = pool.workers().get(0).pid();
            int tasks = 300;
            List<Long> results = new ArrayList<>();
            try (Stream<Outcome<Long>> outcomes = pool.stream(
                    x -> {
                        Thread.sleep(5);
                        return -x;
                    },
                    LongStream.range(0, tasks).iterator(),
                    CallOptions.builder().ordered(true).build())) {
                outcomes.forEachOrdered(outcome -> {
                    results.add(((Outcome.Done<Long>) outcome).result());
                    if (results.size() == 50) {
                        ProcessHandle.of(victim).ifPresent(ProcessHandle::destroyForcibly);
                    }
                });
            }
            assertThat(results)
                    .isEqualTo(LongStream.range(0, tasks).mapToObj(x -> -x).toList());
            assertThat(pool.workers().stream().filter(WorkerInfo::lost)).hasSize(1);
        }
    }

    @Test
    @Timeout(180) // the starts of four JVMs, one after the other
    void aWorkerThatIsKilledAgainAndAgainIsReplacedEachTime() throws Exception {
        Set<Long> pids = new HashSet<>();
        try (Pool pool = Pool.open(PoolOptions.builder()
                .carrier(CarrierKind.HAZELCAST)
                .workers(1)
                .threads(1)
                .build())) {
            int lives = 4;
            while (pids.size() < lives) {
                long pid = pool.submit(x -> ProcessHandle.current().pid(), 0).get(30, TimeUnit.SECONDS);
                assertThat(pids.add(pid)).isTrue();
                ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
                worker.destroyForcibly();
                worker.onExit().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void theSecretAndTheFolderOfAClosedPoolAreGone() throws Exception {
        Path secret = folder.resolve("secret");
        try (Pool pool = open(joining(PATIENCE))) {
            assertThat(secret).exists();
            assertThat(pool.invitation().orElseThrow()).endsWith("--secret-file " + secret);
        }
        assertThat(secret).doesNotExist();
    }
}
