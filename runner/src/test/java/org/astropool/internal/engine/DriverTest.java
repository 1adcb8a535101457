package org.astropool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.engine.RecordingTransport.Sent;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.CallPolicy;
import org.astropool.internal.scheduler.UnitOrder;
import org.astropool.internal.transport.Agent.Urgency;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.pool.CancellationToken;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.PoolOptions.MasterEvaluates;
import org.astropool.task.FailureKind;
import org.astropool.task.Outcome;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each test states every message that the master sends, so that none too many goes unnoticed. */
class DriverTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MICROSECOND = 1_000;
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration WAIT_FOR_WORKERS = Duration.ofSeconds(30);
    private static final int MAX_FRAME_BYTES = 2_000;
    private static final String RELEASE = "1.0";
    private static final byte[] FUNCTION = {1, 2, 3};
    private static final PeerLoss KILLED = new PeerLoss("its process 17 was ended by signal 9 (SIGKILL)");
    private static final Message.Heartbeat HEARTBEAT = new Message.Heartbeat();

    private final CommunicationThread unused = new CommunicationThread("test", false);
    private final List<String> output = new ArrayList<>();
    private long now = SECOND;
    private RecordingTransport transport = new RecordingTransport(1, MAX_FRAME_BYTES);
    private Workers workers = workers(WorkerPolicy.FIXED);
    private Driver driver = driver();

    // Calls

    @Test
    void callIsDefinedOncePerWorkerAndForgottenAtItsEnd() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 4), 4);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)), to(2, define(7)), to(2, chunk(7, 2, 1, 1)));

        happens(() -> answer(1, 1, "a"), to(1, chunk(7, 3, 2, 1)));
        happens(() -> answer(2, 2, "b"), to(2, chunk(7, 4, 3, 1)));
        happens(() -> answer(2, 4, "d"));
        happens(() -> answer(1, 3, "c"), to(1, new Message.Forget(7)), to(2, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "1=b", "3=d", "2=c", "ended");
    }

    /** Without this a master that polls would take a core from the programs that its workers wait for. */
    @Test
    void masterIsOfTheLowestUrgencyWhileProgramsUseAllCoresOfItsHost() {
        Message.Define ofPrograms = new Message.Define(7, 1, true, false, true, 0, 42, 0, FUNCTION);
        open(WorkerPolicy.FIXED, 2, worker -> "head");
        begin(call(ofPrograms, 3, CallPolicy.defaults(3), new Outcomes(), null), 3);
        assertThat(driver.urgency()).as("both slots have a chunk").isEqualTo(Urgency.LOWEST);
        answer(1, 1, "a");
        answer(2, 2, "b");
        driver.doWork(now);
        assertThat(driver.urgency()).as("a slot waits").isNotEqualTo(Urgency.LOWEST);
        transport.takeSent();

        open(WorkerPolicy.FIXED, 2);
        begin(call(ofPrograms, 2, CallPolicy.defaults(2), new Outcomes(), null), 2);
        assertThat(driver.urgency()).as("on other hosts").isNotEqualTo(Urgency.LOWEST);
        transport.takeSent();

        open(WorkerPolicy.FIXED, 2, worker -> "head");
        begin(indexed(7, 2), 2);
        assertThat(driver.urgency()).as("workers evaluate themselves").isNotEqualTo(Urgency.LOWEST);
        transport.takeSent();
    }

    @Test
    void callThatAWorkerHasNoPartInIsNeitherDefinedNorForgottenThere() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> answer(1, 1, "a"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    @Test
    void outcomesOfAChunkAreHandedOverInTheOrderOfItsTasks() throws UnserializableException {
        open(WorkerPolicy.FIXED, 1);
        ValueBlock inputs = ValueBlock.pack(List.of(0.5, 1.5, 2.5));
        Outcomes outcomes = new Outcomes();
        Call call = call(define(7, false), 3, new CallPolicy(3, 3, 100, 0, 3, 0), outcomes, null);
        happens(() -> driver.execute(() -> driver.open(call)));
        happens(
                () -> driver.execute(() -> driver.supply(7, inputs, position -> {})),
                to(1, define(7, false)),
                to(1, new Message.Chunk(7, 1, 1, 0, 3, List.of(inputs))));

        List<@Nullable NoResult> secondFails = new ArrayList<>();
        secondFails.add(null);
        secondFails.add(new NoResult.Failed(TaskFailure.of(
                FailureKind.EXCEPTION, "boom", new TaskFailure.Thrown("java.lang.ArithmeticException", ""))));
        secondFails.add(null);
        OutcomeBlock block = new OutcomeBlock(new float[3], secondFails, ValueBlock.pack(List.of("a", "c")));
        happens(
                () -> transport.deliver(1, new Message.Result(1, 0, SECOND, 0, true, block)),
                to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "1 EXCEPTION boom", "2=c", "ended");
    }

    @Test
    void taskThatFailedIsSentAgainWhereTheCallHasRetries() {
        open(WorkerPolicy.FIXED, 1);
        Outcomes outcomes = new Outcomes();
        Call call = call(define(7), 1, new CallPolicy(1, 0, 100, 1, 3, 0), outcomes, null);
        happens(
                () -> driver.execute(() -> {
                    driver.open(call);
                    driver.supply(7, 1);
                }),
                to(1, define(7)),
                to(1, chunk(7, 1, 0, 1)));

        happens(
                () -> transport.deliver(1, result(1, "a").failed(new ArithmeticException("boom"))),
                to(1, chunk(7, 2, 0, 2)));
        happens(() -> answer(1, 2, "a"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    @Test
    void chunkWhoseInputsAreTooLargeTogetherIsSentInParts() {
        open(WorkerPolicy.FIXED, 1);
        Outcomes outcomes = new Outcomes();
        Call call = call(define(7, false), 2, new CallPolicy(2, 2, 100, 0, 3, 0), outcomes, null);
        ValueBlock inputs = ValueBlock.vectors(2, 200, new double[400]); // 3200 bytes
        happens(() -> driver.execute(() -> driver.open(call)));
        happens(
                () -> driver.execute(() -> driver.supply(7, inputs, position -> {})),
                to(1, define(7, false)),
                to(1, new Message.Chunk(7, 2, 1, 0, 1, List.of(inputs.slice(0, 1)))));

        happens(() -> answer(1, 2, "a"), to(1, new Message.Chunk(7, 3, 1, 1, 1, List.of(inputs.slice(1, 2)))));
        happens(() -> answer(1, 3, "b"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "1=b", "ended");
    }

    @Test
    void inputThatIsTooLargeAloneFailsItsTaskWithoutAFrame() {
        open(WorkerPolicy.FIXED, 1);
        Outcomes outcomes = new Outcomes();
        Call call = call(define(7, false), 1, CallPolicy.defaults(1), outcomes, null);
        happens(() -> driver.execute(() -> driver.open(call)));
        happens(() ->
                driver.execute(() -> driver.supply(7, ValueBlock.vectors(1, 400, new double[400]), position -> {})));

        assertThat(outcomes.text()).hasSize(2).last().isEqualTo("ended");
        assertThat(outcomes.text()).first().asString().startsWith("0 EXCEPTION a message of 3");
    }

    @Test
    void cancelledCallEndsAtOnceAndWithdrawsItsChunks() {
        open(WorkerPolicy.FIXED, 1);
        CancellationToken stop = new CancellationToken();
        Outcomes cancelled = begin(indexed(7, 2, stop), 2);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(stop::abandon, to(1, new Message.Withdraw(1, true)), to(1, new Message.Forget(7)));
        assertThat(cancelled.text()).containsExactly("ended");

        Outcomes next = begin(indexed(8, 1), 1);
        expect(); // the slot is occupied until the withdrawn chunk is answered
        happens(() -> transport.deliver(1, Message.Result.nothing(1)), to(1, define(8)), to(1, chunk(8, 2, 0, 1)));
        happens(() -> answer(1, 2, "b"), to(1, new Message.Forget(8)));
        assertThat(cancelled.text()).containsExactly("ended");
        assertThat(next.text()).containsExactly("0=b", "ended");
    }

    @Test
    void drainingCallAwaitsWhatIsInProgressAndSendsNoMore() {
        open(WorkerPolicy.FIXED, 1);
        CancellationToken stop = new CancellationToken();
        Outcomes outcomes = begin(indexed(7, 5, stop), 5);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(stop::drain);
        assertThat(outcomes.text()).isEmpty();
        happens(() -> answer(1, 1, "a"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    // Workers that cannot prepare a function

    @Test
    void workerThatCannotPrepareAFunctionLeavesTheTasksToOthersUntilTheCallEnds() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 3), 3);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)), to(2, define(7)), to(2, chunk(7, 2, 1, 1)));

        happens(() -> transport.deliver(1, unprepared(1)));
        happens(() -> answer(2, 2, "b"), to(2, chunk(7, 3, 0, 1)));
        happens(() -> answer(2, 3, "a"), to(2, chunk(7, 4, 2, 1)));
        happens(() -> answer(2, 4, "c"), to(1, new Message.Forget(7)), to(2, new Message.Forget(7)));
        assertThat(outcomes.text()).containsExactly("1=b", "0=a", "2=c", "ended");

        begin(indexed(8, 2), 2);
        assertThat(transport.takeSent()).extracting(Sent::peer).containsExactlyInAnyOrder(1, 1, 2, 2);
    }

    @Test
    void tasksFailWhenNoWorkerCanPrepareTheFunction() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 2), 2);
        transport.takeSent();

        happens(() -> transport.deliver(1, unprepared(1)));
        happens(() -> transport.deliver(2, unprepared(2)), to(2, chunk(7, 3, 0, 1)));
        happens(() -> transport.deliver(2, unprepared(3)), to(1, new Message.Forget(7)), to(2, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("1 EXCEPTION no such file", "0 EXCEPTION no such file", "ended");
    }

    @Test
    void workerThatCouldNotPrepareIsAskedAgainWhenTheOthersAreLost() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 2), 2);
        transport.takeSent();
        happens(() -> transport.deliver(1, unprepared(1)));

        happens(() -> transport.lose(2, KILLED), to(1, chunk(7, 3, 1, 2)));
        happens(() -> answer(1, 3, "b"), to(1, chunk(7, 4, 0, 1)));
        happens(() -> answer(1, 4, "a"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("1=b", "0=a", "ended");
    }

    @Test
    void workerThatCouldNotPrepareIsAskedAgainAfterAPause() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 3), 3);
        transport.takeSent();
        happens(() -> transport.deliver(1, unprepared(1)));

        for (int second = 0; second < 31; second++) {
            transport.deliver(1, HEARTBEAT);
            transport.deliver(2, HEARTBEAT);
            now += SECOND;
            driver.doWork(now);
        }

        assertThat(transport.takeSent())
                .filteredOn(sent -> sent.message() instanceof Message.Chunk)
                .extracting(Sent::peer)
                .containsExactly(1);
        happens(() -> answer(1, 3, "a"), to(1, chunk(7, 4, 2, 1)));
        assertThat(outcomes.text()).containsExactly("0=a");
    }

    /** Then it is the task, or it has nothing to do with the worker. */
    @Test
    void workerThatHasPreparedTheFunctionBeforeIsNotSetAside() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 3), 3);
        transport.takeSent();
        happens(() -> answer(1, 1, "a"), to(1, chunk(7, 3, 2, 1)));

        happens(() -> transport.deliver(1, unprepared(3)));

        assertThat(outcomes.text()).containsExactly("0=a", "2 EXCEPTION no such file");
    }

    // Answers that do not count

    @Test
    void lateAnswerOfALostWorkerHasNoEffect() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));
        happens(() -> transport.lose(1, KILLED), to(2, define(7)), to(2, chunk(7, 2, 0, 2)));

        happens(() -> answer(1, 1, "late"));
        assertThat(outcomes.text()).isEmpty();
        happens(() -> answer(2, 2, "a"), to(2, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "ended");
        assertThat(outcomes.executions()).containsExactly(new Outcome.Execution(2, 2, "node2", 0));
    }

    @Test
    void frameThatArrivesTwiceCountsOnce() {
        open(WorkerPolicy.FIXED, 1);
        Outcomes outcomes = begin(indexed(7, 2), 2);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> transport.deliverTwice(1, result(1, "a")), to(1, chunk(7, 2, 1, 1)));
        happens(() -> answer(1, 1, "again, in a frame of its own"));
        happens(() -> answer(1, 2, "b"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "1=b", "ended");
    }

    @Test
    void answerFromAWorkerThatHasNotThisChunkHasNoEffect() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> answer(2, 1, "wrong"));
        happens(() -> transport.deliver(2, Message.Result.nothing(1)));
        happens(() -> transport.deliver(2, new Message.ChunkLost(1, "its process ended", "")));
        assertThat(outcomes.text()).isEmpty();
        happens(() -> answer(1, 1, "a"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    @Test
    void frameOfAWorkerThatIsNotReadyHasNoEffect() {
        open(WorkerPolicy.OPEN, 1);
        Outcomes outcomes = begin(indexed(7, 2), 2);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> transport.join(2));
        happens(() -> answer(2, 1, "before its hello"));
        happens(() -> transport.deliver(2, hello(2)), to(2, welcome(2)));
        happens(() -> answer(2, 1, "before it is ready"));
        assertThat(outcomes.text()).isEmpty();
        happens(() -> transport.deliver(2, new Message.Ready("")), to(2, define(7)), to(2, chunk(7, 2, 1, 1)));
        happens(() -> answer(1, 1, "a"));
        happens(() -> answer(2, 2, "b"), to(1, new Message.Forget(7)), to(2, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "1=b", "ended");
    }

    @Test
    void workerThatSendsADamagedFrameIsExpelled() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> transport.deliverDamaged(1, result(1, "a")), to(2, define(7)), to(2, chunk(7, 2, 0, 2)));
        assertThat(transport.expelled()).containsExactly(1);
        happens(() -> answer(2, 2, "a"), to(2, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    @Test
    void workerThatReportsOutOfTurnIsExpelledAndThePoolGoesOn() {
        open(WorkerPolicy.OPEN, 1);
        happens(() -> transport.join(2));
        happens(() -> transport.deliver(2, new Message.Ready("")));
        assertThat(transport.expelled()).containsExactly(2);
        happens(() -> transport.join(3));
        happens(() -> transport.deliver(3, hello(3)), to(3, welcome(3)));
        happens(() -> transport.deliver(3, hello(3)));
        assertThat(transport.expelled()).containsExactly(2, 3);
        happens(() -> transport.join(4));
        happens(() -> transport.deliver(4, hello(4)), to(4, welcome(4)));
        happens(() -> transport.deliver(4, new Message.Ready("")));
        happens(() -> transport.deliver(4, new Message.Ready("")));
        assertThat(transport.expelled()).containsExactly(2, 3, 4);

        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));
        happens(() -> answer(1, 1, "a"), to(1, new Message.Forget(7)));
        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    // Workers that are lost

    @Test
    void chunkOfALostWorkerGoesToAnother() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 2), 2);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)), to(2, define(7)), to(2, chunk(7, 2, 1, 1)));

        happens(() -> transport.lose(2, KILLED)); // worker 1 has no free slot
        happens(() -> answer(1, 1, "a"), to(1, chunk(7, 3, 1, 2)));
        happens(() -> answer(1, 3, "b"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "1=b", "ended");
    }

    @Test
    void taskThatLostThreeWorkersFailsAndSaysHowTheLastOneEnded() {
        open(WorkerPolicy.FIXED, 4);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));
        happens(() -> transport.lose(1, KILLED), to(2, define(7)), to(2, chunk(7, 2, 0, 2)));
        happens(() -> transport.lose(2, KILLED), to(3, define(7)), to(3, chunk(7, 3, 0, 3)));
        happens(() -> transport.lose(3, KILLED));

        assertThat(outcomes.text())
                .containsExactly(
                        "0 WORKER_LOST lost its worker 3 times, which is the limit; it may be what ends them. The last"
                                + " time: its process 17 was ended by signal 9 (SIGKILL)",
                        "ended");
    }

    @Test
    void chunkWhoseChildProcessDiedIsSentAgainToTheSameWorker() {
        open(WorkerPolicy.FIXED, 1);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> transport.deliver(1, new Message.ChunkLost(1, "it ended", "")), to(1, chunk(7, 2, 0, 2)));
        happens(() -> answer(1, 2, "a"), to(1, new Message.Forget(7)));

        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    @Test
    void lossOfTheLastWorkerFailsTheCalls() {
        open(WorkerPolicy.FIXED, 1);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> transport.lose(1, KILLED));

        assertThat(outcomes.text()).containsExactly("failed WORKERS_LOST");
    }

    @Test
    void silentWorkerIsExpelledAfterTheLease() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));
        pass(SECOND); // the silence is measured from here on

        for (int second = 1; second <= 10; second++) {
            transport.deliver(2, HEARTBEAT);
            now += SECOND;
            driver.doWork(now);
        }
        expect(
                to(1, HEARTBEAT),
                to(2, HEARTBEAT),
                to(1, HEARTBEAT),
                to(2, HEARTBEAT),
                to(1, HEARTBEAT),
                to(2, HEARTBEAT));
        assertThat(transport.expelled()).isEmpty();

        transport.deliver(2, HEARTBEAT);
        pass(SECOND, to(1, HEARTBEAT), to(2, define(7)), to(2, chunk(7, 2, 0, 2)));
        assertThat(transport.expelled()).containsExactly(1);
        happens(() -> answer(2, 2, "a"), to(2, new Message.Forget(7)));
        assertThat(outcomes.text()).containsExactly("0=a", "ended");
    }

    @Test
    void masterThatWasStoppedItselfDoesNotTakeWorkersForLost() {
        open(WorkerPolicy.FIXED, 1);
        pass(SECOND);
        pass(3600 * SECOND, to(1, HEARTBEAT));
        assertThat(transport.expelled()).isEmpty();
    }

    @Test
    void workerGetsHeartbeatsOnlyWhileItIsSentNothingElse() {
        open(WorkerPolicy.FIXED, 1);
        pass(SECOND);
        for (int number = 1; number <= 8; number++) {
            Message.Share share = new Message.Share(number, ValueBlock.nothing(1));
            transport.deliver(1, HEARTBEAT);
            driver.execute(() -> driver.share(share.number(), share.value()));
            pass(SECOND, to(1, share));
        }
        transport.deliver(1, HEARTBEAT);
        pass(SECOND);
        pass(SECOND, to(1, HEARTBEAT));
    }

    // Workers that join and leave

    @Test
    void broadcastGoesOnceToEachWorkerAndToOneThatJoinsLater() throws UnserializableException {
        open(WorkerPolicy.OPEN, 2);
        ValueBlock value = ValueBlock.packOne(42.0);
        Message.Share share = new Message.Share(5, value);
        happens(() -> driver.execute(() -> driver.share(5, value)), to(1, share), to(2, share));

        happens(() -> transport.join(3));
        happens(() -> transport.deliver(3, hello(3)), to(3, welcome(3)));
        happens(() -> transport.deliver(3, new Message.Ready("")), to(3, share));
        Message.Unshare unshare = new Message.Unshare(5);
        happens(() -> driver.execute(() -> driver.unshare(5)), to(1, unshare), to(2, unshare), to(3, unshare));

        happens(() -> transport.join(4));
        happens(() -> transport.deliver(4, hello(4)), to(4, welcome(4)));
        happens(() -> transport.deliver(4, new Message.Ready("")));
    }

    @Test
    void leavingWorkerGetsNoMoreAndIsStoppedWhenItHasAnswered() {
        open(WorkerPolicy.OPEN, 1);
        Outcomes outcomes = begin(indexed(7, 2), 2);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));

        happens(() -> transport.deliver(1, new Message.Leave()));
        happens(() -> answer(1, 1, "a"), to(1, new Message.Stop("")));

        assertThat(outcomes.text()).containsExactly("0=a");
        assertThat(output).contains("worker 1 on node1 leaves");
        assertThat(workers.infos()).singleElement().satisfies(info -> {
            assertThat(info.evaluated()).isEqualTo(1);
            assertThat(info.lost()).isFalse();
        });
    }

    @Test
    void workerThatJoinsWithAnotherReleaseIsRefused() {
        open(WorkerPolicy.OPEN, 1);
        happens(() -> transport.join(2));
        Message.Hello other = new Message.Hello(Message.VERSION, "0.9", "node2", 102, "", 1, "", 1);

        happens(
                () -> transport.deliver(2, other),
                to(
                        2,
                        new Message.Stop("this worker runs astropool 0.9 (protocol " + Message.VERSION
                                + "), but the master on head runs 1.0 (protocol " + Message.VERSION + ")")));
        happens(() -> transport.deliver(2, new Message.Ready("")));
        assertThat(workers.infos()).hasSize(1);
    }

    @Test
    void workerThatJoinsAndCannotRunTheInitializerIsRefused() {
        open(WorkerPolicy.OPEN, 1);
        happens(() -> transport.join(2));
        happens(() -> transport.deliver(2, hello(2)), to(2, welcome(2)));

        happens(
                () -> transport.deliver(2, new Message.Ready("no such file")),
                to(2, new Message.Stop("this worker cannot run the initializer: no such file")));
    }

    @Test
    void workerThatJoinsAndDoesNotReportIsExpelledAfterTheStartTimeout() {
        open(WorkerPolicy.OPEN, 1);
        happens(() -> transport.join(2));
        transport.deliver(1, HEARTBEAT);
        pass(SECOND); // its report is awaited from here on
        for (int second = 1; second <= START_TIMEOUT.toSeconds(); second++) {
            transport.deliver(1, HEARTBEAT);
            now += SECOND;
            driver.doWork(now);
        }
        assertThat(transport.expelled()).isEmpty();
        assertThat(transport.takeSent()).extracting(Sent::peer).containsOnly(1);

        transport.deliver(1, HEARTBEAT);
        now += SECOND;
        driver.doWork(now);
        assertThat(transport.expelled()).containsExactly(2);
        assertThat(transport.takeSent()).extracting(Sent::peer).doesNotContain(2);
    }

    @Test
    void callsFailWhenNoWorkerJoinsForLong() {
        open(WorkerPolicy.OPEN, 0);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        pass(SECOND);
        pass(WAIT_FOR_WORKERS.toNanos());
        assertThat(outcomes.text()).isEmpty();
        pass(SECOND);
        assertThat(outcomes.text()).containsExactly("failed WORKERS_LOST");
    }

    @Test
    void workerThatJoinsAfterThePoolHasFailedGetsNoChunkAndIsToldTheEnd() {
        open(WorkerPolicy.OPEN, 0);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        happens(() -> driver.execute(() -> driver.fail(new PoolException(Reason.WORKERS_LOST, "the carrier ended"))));
        assertThat(outcomes.text()).containsExactly("failed WORKERS_LOST");

        happens(() -> transport.join(1));
        happens(() -> transport.deliver(1, hello(1)), to(1, welcome(1)));
        happens(() -> transport.deliver(1, new Message.Ready("")));
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        happens(() -> driver.execute(() -> driver.stop("", stopped)), to(1, new Message.Stop("")));
        assertThat(stopped).isCompleted();
    }

    @Test
    void chunkOfAWorkerThatIsLostAfterThePoolHasFailedIsNotSentAgain() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));
        happens(() -> driver.execute(() -> driver.fail(new PoolException(Reason.JOURNAL, "the disk is full"))));

        happens(() -> transport.lose(1, KILLED));

        assertThat(outcomes.text()).containsExactly("failed JOURNAL");
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        happens(() -> driver.execute(() -> driver.stop("", stopped)), to(2, new Message.Stop("")));
    }

    // Tasks on every worker

    @Test
    void taskOnEveryWorkerIsSentOnceToEachAndItsFunctionIsForgotten() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = new Outcomes();
        happens(
                () -> driver.execute(() ->
                        assertThat(driver.onEveryWorker(define(9), outcomes)).isEqualTo(2)),
                to(1, define(9)),
                to(1, chunk(9, -1, 1, 1)),
                to(1, new Message.Forget(9)),
                to(2, define(9)),
                to(2, chunk(9, -2, 2, 1)),
                to(2, new Message.Forget(9)));

        happens(() -> answer(2, -1, "from a worker that has not this task"));
        assertThat(outcomes.text()).isEmpty();
        happens(() -> answer(2, -2, "b"));
        happens(() -> transport.lose(1, KILLED));

        assertThat(outcomes.text()).containsExactly("2=b", "1 WORKER_LOST " + KILLED.reason());
    }

    @Test
    void workerThatLeavesAnswersItsTaskOfEveryWorkerFirst() {
        open(WorkerPolicy.OPEN, 1);
        Outcomes outcomes = new Outcomes();
        happens(
                () -> driver.execute(() -> driver.onEveryWorker(define(9), outcomes)),
                to(1, define(9)),
                to(1, chunk(9, -1, 1, 1)),
                to(1, new Message.Forget(9)));
        happens(() -> transport.deliver(1, new Message.Leave()));
        happens(() -> answer(1, -1, "a"), to(1, new Message.Stop("")));
        assertThat(outcomes.text()).containsExactly("1=a");
    }

    // The start and the end

    @Test
    void workersAreWelcomedWhenAllHaveSaidHello() {
        make(WorkerPolicy.FIXED, 2);
        happens(() -> transport.deliver(1, hello(1)));
        happens(() -> {});
        transport.deliver(2, hello(2));
        driver.doWork(now);
        happens(() -> {}, to(1, welcome(1)), to(2, welcome(2)));
        happens(() -> transport.deliver(2, new Message.Ready("")));
        assertThat(workers.opened()).isNotDone();
        happens(() -> transport.deliver(1, new Message.Ready("")));
        assertThat(workers.opened()).isCompleted();
    }

    @Test
    void startFailsWhenAWorkerHasNotReportedInTime() {
        make(WorkerPolicy.FIXED, 2);
        happens(() -> transport.deliver(1, hello(1)));
        pass(START_TIMEOUT.toNanos());
        assertThat(workers.opened()).isNotDone();
        pass(SECOND);
        assertThat(workers.opened())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("workers [2] have not reported within 60 s");
    }

    @Test
    void endTellsEachWorkerAndFailsWhatIsUnderWay() {
        open(WorkerPolicy.FIXED, 2);
        Outcomes outcomes = begin(indexed(7, 1), 1);
        expect(to(1, define(7)), to(1, chunk(7, 1, 0, 1)));
        CompletableFuture<Void> stopped = new CompletableFuture<>();

        happens(
                () -> driver.execute(() -> driver.stop("the program threw", stopped)),
                to(1, new Message.Stop("the program threw")),
                to(2, new Message.Stop("the program threw")));

        assertThat(outcomes.text()).containsExactly("failed CLOSED");
        assertThat(stopped).isCompleted();
        assertThat(transport.isClosed()).isTrue();
        Outcomes after = begin(indexed(8, 1), 1);
        assertThat(after.text()).containsExactly("failed CLOSED");
    }

    @Test
    void endWaitsForFramesThatHaveNotLeftYetButNotForLong() {
        open(WorkerPolicy.FIXED, 1);
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        transport.setPendingSends(1);
        happens(() -> driver.execute(() -> driver.stop("", stopped)), to(1, new Message.Stop("")));
        pass(SECOND);
        assertThat(stopped).isNotDone();
        pass(MICROSECOND);
        assertThat(stopped).isCompleted();
        assertThat(transport.isClosed()).isTrue();
    }

    @AfterEach
    void nothingElseWasSent() {
        expect();
    }

    // ---- what happens, and what is expected ----

    /** A pool with so many workers of one thread each, all of them ready. */
    private void open(WorkerPolicy policy, int count) {
        open(policy, count, worker -> "node" + worker);
    }

    private void open(WorkerPolicy policy, int count, IntFunction<String> host) {
        make(policy, count);
        for (int worker = 1; worker <= count; worker++) {
            transport.deliver(worker, hello(worker, host.apply(worker)));
        }
        driver.doWork(now);
        driver.doWork(now);
        for (int worker = 1; worker <= count; worker++) {
            transport.deliver(worker, new Message.Ready(""));
        }
        driver.doWork(now);
        assertThat(transport.takeSent())
                .hasSize(count)
                .allSatisfy(sent -> assertThat(sent.message()).isInstanceOf(Message.Welcome.class));
        assertThat(workers.opened()).isCompleted();
    }

    private void make(WorkerPolicy policy, int count) {
        transport = new RecordingTransport(count + 1, MAX_FRAME_BYTES);
        workers = workers(policy);
        driver = driver();
    }

    private Workers workers(WorkerPolicy policy) {
        PoolOptions options = PoolOptions.builder()
                .masterEvaluates(MasterEvaluates.NO)
                .lease(LEASE)
                .startTimeout(START_TIMEOUT)
                .workerOutput(output::add)
                .build();
        WorkerIdentity master = new WorkerIdentity(RELEASE, "head", 100, "", "", 1);
        return new Workers(unused, transport, policy, options, new byte[0], master, () -> now);
    }

    private Driver driver() {
        return new Driver(unused, workers, WAIT_FOR_WORKERS, () -> now);
    }

    private Outcomes begin(Call call, long tasks) {
        driver.execute(() -> {
            driver.open(call);
            driver.supply(call.number(), tasks);
        });
        driver.doWork(now);
        return (Outcomes) call.sink();
    }

    private void happens(Runnable cause, Sent... expected) {
        cause.run();
        driver.doWork(now);
        expect(expected);
    }

    private void pass(long nanos, Sent... expected) {
        now += nanos;
        driver.doWork(now);
        expect(expected);
    }

    private void expect(Sent... expected) {
        assertThat(transport.takeSent())
                .usingRecursiveFieldByFieldElementComparator(RecursiveComparisonConfiguration.builder()
                        .withStrictTypeChecking(true)
                        .build())
                .containsExactly(expected);
    }

    private static Sent to(int worker, Message message) {
        return new Sent(worker, message);
    }

    private void answer(int worker, long chunk, String result) {
        transport.deliver(worker, result(chunk, result));
    }

    /** Evaluations take so long that no chunk is sent ahead. */
    private static Message.Result result(long chunk, String result) {
        try {
            ValueBlock values = ValueBlock.packOne(result);
            return new Message.Result(chunk, 0, SECOND, 0, true, new OutcomeBlock(new float[1], List.of(), values));
        } catch (UnserializableException e) {
            throw new AssertionError(e);
        }
    }

    private static Message.Result unprepared(long chunk) {
        NoResult failed = new NoResult.Failed(TaskFailure.of(
                FailureKind.EXCEPTION, "no such file", new TaskFailure.Thrown("java.io.IOException", "")));
        return new Message.Result(
                chunk, 0, 0, 0, false, new OutcomeBlock(new float[1], List.of(failed), ValueBlock.nothing(0)));
    }

    private static Message.Hello hello(int worker) {
        return hello(worker, "node" + worker);
    }

    private static Message.Hello hello(int worker, String host) {
        return new Message.Hello(Message.VERSION, RELEASE, host, 100 + worker, "", 1, "", 1);
    }

    private static Message.Welcome welcome(int worker) {
        return new Message.Welcome(worker, 1, false, LEASE.toNanos(), new byte[0]);
    }

    private static Message.Define define(int call) {
        return define(call, true);
    }

    private static Message.Define define(int call, boolean indexed) {
        return new Message.Define(call, 1, indexed, false, false, 0, 42, 0, FUNCTION);
    }

    /** One task of an indexed call. */
    private static Message.Chunk chunk(int call, long chunk, long task, int attempt) {
        return new Message.Chunk(call, chunk, attempt, task, 1, List.of());
    }

    private static Call indexed(int number, long tasks) {
        return call(define(number), tasks, CallPolicy.defaults(tasks), new Outcomes(), null);
    }

    private static Call indexed(int number, long tasks, CancellationToken stop) {
        return call(define(number), tasks, CallPolicy.defaults(tasks), new Outcomes(), stop);
    }

    private static Call call(
            Message.Define definition,
            long tasks,
            CallPolicy policy,
            Outcomes outcomes,
            @Nullable CancellationToken stop) {
        return new Call(definition, tasks, policy, UnitOrder.NATURAL, outcomes, stop);
    }

    /** What a call's caller hears, as texts in its order. */
    private static final class Outcomes implements Call.Sink {
        private final Serialization serialization = new Serialization(DriverTest.class.getClassLoader());
        private final List<String> heard = new ArrayList<>();
        private final List<Outcome.Execution> executions = new ArrayList<>();

        List<String> text() {
            return heard;
        }

        List<Outcome.Execution> executions() {
            return executions;
        }

        @Override
        public void arrived(Call.Arrival arrival) {
            OutcomeReader<Object> reader = new OutcomeReader<>(arrival, serialization);
            while (reader.hasNext()) {
                Outcome<Object> outcome = reader.next();
                executions.add(outcome.execution());
                if (outcome instanceof Outcome.Done<Object> done) {
                    heard.add(outcome.index() + "=" + done.result());
                } else if (outcome instanceof Outcome.Failed<Object> failed) {
                    heard.add(outcome.index() + " " + failed.failure().kind() + " "
                            + failed.failure().message());
                } else {
                    heard.add(outcome.index() + " skipped");
                }
            }
        }

        @Override
        public void ended() {
            heard.add("ended");
        }

        @Override
        public void failed(PoolException cause) {
            heard.add("failed " + cause.reason());
        }
    }
}
