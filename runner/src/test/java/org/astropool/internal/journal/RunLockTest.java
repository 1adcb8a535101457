package org.astropool.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RunLockTest {
    private static final long LONG_SILENCE = 60_000;

    @TempDir
    private Path temp;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = temp.resolve("journal/lock");
    }

    @Test
    void aFreeDirectoryIsLockedAndNoFilesRemainAfterRelease() throws Exception {
        try (RunLock lock = RunLock.acquire(file, Map.of("SLURM_JOB_ID", "4711"))) {
            assertThat(lock.takenOver()).isEmpty();
            assertThat(lock.isHeld()).isTrue();
            assertThat(file)
                    .content()
                    .contains("host " + LockOwner.thisHost())
                    .contains("pid " + ProcessHandle.current().pid())
                    .contains("job Slurm job 4711")
                    .contains("heartbeat 0000000000");
            assertThat(names()).containsExactly("lock");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void anObserverSeesTheOwnerAndChangesNothing() throws Exception {
        assertThat(LockHolder.of(file)).isEmpty();
        try (RunLock lock = RunLock.acquire(file, Map.of("SLURM_JOB_ID", "4711"))) {
            LockHolder holder = LockHolder.of(file).orElseThrow();

            assertThat(holder.isRunning()).isTrue();
            assertThat(holder.host()).isEqualTo(LockOwner.thisHost());
            assertThat(holder.pid())
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
            assertThat(holder.job()).isEqualTo("Slurm job 4711");
            assertThat(holder.silence()).isLessThan(Duration.ofSeconds(50));
            assertThat(lock.isHeld()).isTrue();
            assertThat(names()).containsExactly("lock");
        }
        assertThat(LockHolder.of(file)).isEmpty();
    }

    @Test
    void anObserverSeesThatTheOwnerHasEnded() throws Exception {
        Files.createDirectories(file.getParent());
        LockOwner me = LockOwner.thisProcess(LockOwner.thisHost(), Map.of());
        write(new LockOwner("t", me.host(), me.pid(), "another boot/1", "", ""), file);

        assertThat(LockHolder.of(file).orElseThrow().whyGone()).hasValue("that process has ended");

        write(new LockOwner("t", "elsewhere", "1", "", "", ""), file);
        assertThat(LockHolder.of(file).orElseThrow().isRunning()).isTrue();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
        assertThat(LockHolder.of(file).orElseThrow().whyGone()).get().asString().contains("silent for");
        assertThat(names()).containsExactly("lock");
    }

    @Test
    void aSecondRunIsRefusedWhileTheOwnerRuns() throws Exception {
        try (ChildJvm owner = ChildJvm.start("lock", file.toString(), Long.toString(LONG_SILENCE))) {
            assertThat(owner.line()).isEqualTo("held");

            assertThatThrownBy(() -> RunLock.acquire(file, Map.of()))
                    .isInstanceOf(RunLockedException.class)
                    .hasMessageContaining("on " + LockOwner.thisHost())
                    .hasMessageContaining(", since 2")
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("its last sign of life was 0 s ago")
                    .hasMessageContaining("--out");

            owner.end();
            assertThat(owner.line()).isEqualTo("ended");
        }
        RunLock.acquire(file, Map.of()).close();
    }

    @Test
    void aSecondLockInTheSameProcessIsRefused() throws Exception {
        try (RunLock lock = RunLock.acquire(file, Map.of())) {
            assertThatThrownBy(() -> RunLock.acquire(file, Map.of())).isInstanceOf(RunLockedException.class);
            assertThat(lock.isHeld()).isTrue();
        }
    }

    @Test
    void theLockOfAKilledProcessIsTakenOverAtOnce() throws Exception {
        try (ChildJvm owner = ChildJvm.start("lock", file.toString(), Long.toString(LONG_SILENCE))) {
            assertThat(owner.line()).isEqualTo("held");
            owner.kill();
        }
        try (RunLock lock = RunLock.acquire(file, Map.of())) {
            assertThat(lock.takenOver().orElseThrow())
                    .startsWith("took over the lock of the run of process ")
                    .endsWith("that process has ended");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aLaterProcessWithTheSameIdIsNotTheOwner() throws Exception {
        LockOwner me = LockOwner.thisProcess(LockOwner.thisHost(), Map.of());
        write(new LockOwner("t", me.host(), me.pid(), "another boot/1", "", "2026-01-01T00:00:00Z"), file);

        try (RunLock lock = RunLock.acquire(file, Map.of())) {
            assertThat(lock.takenOver().orElseThrow()).contains("that process has ended");
        }
    }

    @Test
    void theLockOfAStoppedOwnerIsTakenOverAfterTheSilenceAndTheOwnerNoticesWhenItContinues() throws Exception {
        try (ChildJvm owner = ChildJvm.start("lock", file.toString(), "1000")) {
            assertThat(owner.line()).isEqualTo("held");
            owner.signal("STOP");
            try (RunLock lock = acquireWhenSilent(1000)) {
                assertThat(lock.takenOver().orElseThrow()).contains("it has been silent for 1 s");
                String mine = Files.readString(file).substring(0, 80);

                owner.signal("CONT");
                assertThat(owner.line()).isEqualTo("lost");
                owner.end();
                assertThat(owner.line()).isEqualTo("ended");
                assertThat(file).content().startsWith(mine);
                assertThat(lock.isHeld()).isTrue();
            }
        }
    }

    @Test
    void anOwnerOnAnotherHostIsJudgedByItsSilenceAlone() throws Exception {
        write(remote(""), file);
        assertThatThrownBy(() -> RunLock.acquire(file, Map.of()))
                .isInstanceOf(RunLockedException.class)
                .hasMessageContaining("process 1 on elsewhere, since 2026-01-01");

        age(file, 50);
        assertThatThrownBy(() -> RunLock.acquire(file, Map.of()))
                .isInstanceOf(RunLockedException.class)
                .hasMessageMatching(".* (49|50) s ago.*");

        age(file, 70);
        try (RunLock lock = RunLock.acquire(file, Map.of())) {
            assertThat(lock.takenOver().orElseThrow()).matches(".* silent for (69|70) s");
        }
    }

    @Test
    void anUnreadableLockFileIsJudgedByItsSilence() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        assertThatThrownBy(() -> RunLock.acquire(file, Map.of()))
                .isInstanceOf(RunLockedException.class)
                .hasMessageContaining("an unknown run, holds");

        age(file, 70);
        RunLock.acquire(file, Map.of()).close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo COMPLETED | true",
                "echo CANCELLED | true",
                "exit 0 | true",
                "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1 | true",
                "echo RUNNING | false",
                "echo PENDING | false",
                "echo COMPLETING | false",
                "echo FAILED; echo RUNNING | false",
                "echo 'Unable to contact slurm controller' >&2; exit 1 | false"
            })
    void theLockOfAnEndedSlurmJobIsTakenOverAtOnce(String squeue, boolean ended) throws Exception {
        Path script = temp.resolve("squeue");
        Path asked = temp.resolve("asked");
        Files.writeString(script, "echo \"$@\" > " + asked + "\n" + squeue + "\n");
        Liveness liveness =
                new Liveness("here", Duration.ofSeconds(10), Duration.ofSeconds(60), List.of("sh", script.toString()));
        write(remote("Slurm job 4711"), file);

        if (ended) {
            try (RunLock lock = RunLock.acquire(file, Map.of(), liveness)) {
                assertThat(lock.takenOver().orElseThrow())
                        .endsWith("(Slurm job 4711), since 2026-01-01T00:00:00Z: its Slurm job has ended");
            }
        } else {
            assertThatThrownBy(() -> RunLock.acquire(file, Map.of(), liveness)).isInstanceOf(RunLockedException.class);
        }
        assertThat(asked).hasContent("-h -j 4711 -o %T");
    }

    @Test
    void oneOfManyThreadsTakesOverTheLockOfADeadOwner() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 5; round++) {
                write(remote(""), file);
                age(file, 70);
                CountDownLatch start = new CountDownLatch(1);
                List<Future<RunLock>> tries = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    tries.add(pool.submit(() -> {
                        start.await();
                        try {
                            return RunLock.acquire(file, Map.of());
                        } catch (RunLockedException e) {
                            return null;
                        }
                    }));
                }
                start.countDown();
                List<RunLock> winners = new ArrayList<>();
                for (Future<RunLock> attempt : tries) {
                    if (attempt.get() != null) {
                        winners.add(attempt.get());
                    }
                }
                assertThat(winners).hasSize(1);
                assertThat(winners.get(0).isHeld()).isTrue();
                winners.get(0).close();
                assertThat(names()).isEmpty();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void oneOfManyProcessesTakesOverTheLockOfAKilledOwner() throws Exception {
        try (ChildJvm owner = ChildJvm.start("lock", file.toString(), Long.toString(LONG_SILENCE))) {
            assertThat(owner.line()).isEqualTo("held");
            owner.kill();
        }
        List<ChildJvm> all = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                all.add(ChildJvm.start("lock", file.toString(), Long.toString(LONG_SILENCE)));
            }
            List<String> said = new ArrayList<>();
            for (ChildJvm child : all) {
                said.add(child.line());
            }
            assertThat(said).containsExactlyInAnyOrder("held", "refused", "refused");
        } finally {
            for (ChildJvm child : all) {
                child.close();
            }
        }
    }

    @Test
    void theGuardOfAKilledProcessIsRemoved() throws Exception {
        LockOwner me = LockOwner.thisProcess(LockOwner.thisHost(), Map.of());
        Path guard = file.resolveSibling("lock.guard");
        write(new LockOwner("t", me.host(), me.pid(), "another boot/1", "", ""), guard);

        RunLock.acquire(file, Map.of()).close();
        assertThat(names()).isEmpty();
    }

    @Test
    void anOwnerWhoseLockIsReplacedIsNotifiedOnceAndKeepsTheNewLock() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        try (RunLock lock = RunLock.acquire(file, Map.of(), JournalPrograms.liveness(LONG_SILENCE))) {
            lock.onLost(lost::countDown);
            Path other = temp.resolve("other");
            write(remote(""), other);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(lock.isHeld()).isFalse();
            CountDownLatch late = new CountDownLatch(1);
            lock.onLost(late::countDown);
            assertThat(late.getCount()).isZero();
        }
        assertThat(file).content().contains("host elsewhere");
    }

    @Test
    void theHeartbeatRewritesTheFile() throws Exception {
        try (RunLock lock = RunLock.acquire(file, Map.of(), JournalPrograms.liveness(LONG_SILENCE))) {
            assertThat(lock.isHeld()).isTrue();
            long size = Files.size(file);
            while (!Files.readString(file).contains("heartbeat 0000000003")) {
                Thread.onSpinWait();
            }
            assertThat(Files.size(file)).isEqualTo(size);
        }
    }

    private RunLock acquireWhenSilent(long silenceMillis) throws Exception {
        while (true) {
            try {
                return RunLock.acquire(file, Map.of(), JournalPrograms.liveness(silenceMillis));
            } catch (RunLockedException notYet) {
                assertThat(notYet).hasMessageContaining("holds");
            }
        }
    }

    private static LockOwner remote(String job) {
        return new LockOwner("t", "elsewhere", "1", "boot/1", job, "2026-01-01T00:00:00Z");
    }

    private static void write(LockOwner owner, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, owner.encode(1).array());
    }

    private static void age(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(file.getParent())) {
            return files.map(name -> name.getFileName().toString()).toList();
        }
    }
}
