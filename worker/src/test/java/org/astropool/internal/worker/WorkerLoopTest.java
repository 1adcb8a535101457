package org.astropool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.Agent.Urgency;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.local.LocalCarrier;
import org.astropool.task.BatchFunction;
import org.astropool.task.BatchResults;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskContext;
import org.astropool.task.TaskFailure;
import org.astropool.task.TaskFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker as its master sees it: message by message, over the local carrier. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("serial") // lambdas that travel no further than this process
class WorkerLoopTest {
    private static final long LEASE_NANOS = 10_000_000_000L;
    private static volatile CountDownLatch gate = new CountDownLatch(1);

    private final CommunicationThread communication = new CommunicationThread("test", false);
    private final Master master = new Master();
    private WorkerLoop worker;

    /** Sends what the test wants and keeps what comes. */
    private final class Master implements Agent, FrameHandler {
        private final LinkedBlockingQueue<Message> received = new LinkedBlockingQueue<>();
        private final Queue<Message> toSend = new LinkedBlockingQueue<>();
        private Transport transport;
        private MessageLink link;

        void send(Message message) {
            toSend.add(message);
            communication.wakeUp();
        }

        <T extends Message> T receive(Class<T> type) throws InterruptedException {
            return type.cast(received.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public int doWork(long nowNanos) {
            int work = 0;
            for (Message next = toSend.poll(); next != null; next = toSend.poll()) {
                link.send(next);
                work++;
            }
            return work + transport.poll(this);
        }

        @Override
        public Urgency urgency() {
            return Urgency.LOW;
        }

        @Override
        public void failed(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void onFrame(int peer, ByteBuffer frame) {
            Message message = link.receiveFromWorker(frame);
            if (message != null) {
                received.add(message);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        gate = new CountDownLatch(1);
        List<LocalCarrier> ends = LocalCarrier.network(communication, communication);
        master.transport = ends.get(0).openNext();
        master.link = new MessageLink(master.transport, 1);
        worker = new WorkerLoop(
                ends.get(1).openNext(),
                communication,
                WorkerLoopTest.class.getClassLoader(),
                WorkerIdentity.ofThisProcess(),
                1,
                ChildSettings.of(line -> {}));
        communication.add(master);
        communication.add(worker);
        communication.start();
        assertThat(master.receive(Message.Hello.class).protocol()).isEqualTo(Message.VERSION);
        master.send(new Message.Welcome(1, 1, false, LEASE_NANOS, new byte[0]));
        assertThat(master.receive(Message.Ready.class).problem()).isEmpty();
    }

    @AfterEach
    void end() throws Exception {
        gate.countDown();
        communication.stop();
        communication.join(5000);
    }

    private void define(int call, long timeoutNanos, TaskFunction<Double, Double> function) throws Exception {
        master.send(
                new Message.Define(call, 1, false, false, false, timeoutNanos, 0, 0, Serialization.write(function)));
    }

    private void evaluate(int call, long chunk, Double... inputs) throws Exception {
        master.send(new Message.Chunk(call, chunk, 1, 0, inputs.length, List.of(ValueBlock.pack(List.of(inputs)))));
    }

    @Test
    void workerIsOfTheLowestUrgencyWhileProgramsOccupyAllItsThreads() throws Exception {
        TaskFunction<Double, Double> waiting = x -> {
            gate.await();
            return x;
        };
        master.send(new Message.Define(1, 1, false, false, true, 0, 0, 0, Serialization.write(waiting)));
        evaluate(1, 10, 1.0);
        assertThat(urgencyAfter(Urgency.HIGH)).isEqualTo(Urgency.LOWEST);
        gate.countDown();
        master.receive(Message.Result.class);
        assertThat(worker.urgency()).isEqualTo(Urgency.HIGH);

        gate = new CountDownLatch(1);
        define(2, 0, waiting);
        evaluate(2, 20, 1.0);
        assertThat(urgencyAfter(Urgency.HIGH)).as("in this process").isEqualTo(Urgency.LOW);
    }

    private Urgency urgencyAfter(Urgency earlier) {
        while (worker.urgency() == earlier) { // or the time limit ends it
            Thread.onSpinWait();
        }
        return worker.urgency();
    }

    /** Writes down what it is told to expect. */
    private static final class Expecting implements BatchFunction<Double, Double> {
        private static final long serialVersionUID = 1;
        private static final List<String> TOLD = new CopyOnWriteArrayList<>();

        @Override
        public void applyBatch(List<Double> inputs, BatchResults<Double> results, TaskContext context) {
            for (int i = 0; i < inputs.size(); i++) {
                results.done(i, inputs.get(i));
            }
        }

        @Override
        public void expect(List<Double> inputs, long firstIndex) throws Exception {
            TOLD.add(firstIndex + " " + inputs);
            if (firstIndex == 100) {
                throw new java.io.IOException("not these");
            }
        }
    }

    @Test
    void functionIsToldOnceAChunkWhichInputsComeUnlessTheyComeInBatches() throws Exception {
        Expecting.TOLD.clear();
        byte[] function = Serialization.write(new Expecting());
        master.send(new Message.Define(1, 1, false, false, false, 0, 0, 0, function));
        master.send(new Message.Define(2, 3, false, false, false, 0, 0, 0, function));
        List<ValueBlock> inputs = List.of(ValueBlock.pack(List.of(1.0, 2.0)), ValueBlock.pack(List.of(3.0)));
        master.send(new Message.Chunk(1, 10, 1, 7, 3, inputs));
        master.send(new Message.Chunk(2, 11, 1, 9, 3, inputs));
        master.send(new Message.Chunk(1, 12, 1, 100, 3, inputs));

        assertThat(master.receive(Message.Result.class).outcomes().values().count())
                .isEqualTo(3);
        assertThat(master.receive(Message.Result.class).outcomes().values().count())
                .isEqualTo(3);
        assertThat(master.receive(Message.Result.class).outcomes().missing())
                .extracting(missing -> ((NoResult.Failed) missing).failure().message())
                .containsOnly("not these");
        assertThat(Expecting.TOLD).containsExactly("7 [1.0, 2.0, 3.0]", "100 [1.0, 2.0, 3.0]");
    }

    @Test
    void everyChunkIsAnsweredOnce() throws Exception {
        define(1, 0, x -> 2 * x);
        evaluate(1, 10, 1.0, 2.0);
        evaluate(1, 11, 3.0);

        Message.Result first = master.receive(Message.Result.class);
        assertThat(first.chunk()).isEqualTo(10);
        assertThat(first.outcomes().count()).isEqualTo(2);
        assertThat(first.outcomes().values().get(1, new Serialization(getClass().getClassLoader())))
                .isEqualTo(4.0);
        assertThat(master.receive(Message.Result.class).chunk()).isEqualTo(11);
        assertThat(master.received).isEmpty();
    }

    @Test
    void aWithdrawnChunkThatWaitsIsAnsweredWithoutOutcomes() throws Exception {
        define(1, 0, x -> {
            gate.await();
            return x;
        });
        evaluate(1, 10, 1.0);
        evaluate(1, 11, 2.0);
        master.send(new Message.Withdraw(11, true));

        Message.Result withdrawn = master.receive(Message.Result.class);
        assertThat(withdrawn.chunk()).isEqualTo(11);
        assertThat(withdrawn.outcomes().count()).isZero();
        gate.countDown();
        assertThat(master.receive(Message.Result.class).chunk()).isEqualTo(10);
    }

    @Test
    void aForgottenCallEndsItsChunksFirst() throws Exception {
        define(1, 0, x -> x);
        evaluate(1, 10, 1.0);
        master.send(new Message.Forget(1));

        assertThat(master.receive(Message.Result.class).outcomes().count()).isEqualTo(1);
    }

    @Test
    void aFunctionThatCannotBeReadFailsItsTasks() throws Exception {
        master.send(new Message.Define(1, 1, false, false, false, 0, 0, 0, new byte[] {1, 2, 3}));
        evaluate(1, 10, 1.0, 2.0);

        OutcomeBlock outcomes = master.receive(Message.Result.class).outcomes();
        assertThat(failure(outcomes, 0).message()).contains("cannot be deserialized");
        assertThat(failure(outcomes, 1).kind()).isEqualTo(FailureKind.EXCEPTION);
    }

    @Test
    void aHungTaskIsGivenUpAndTheRestOfItsChunkEvaluated() throws Exception {
        define(1, TimeUnit.MILLISECONDS.toNanos(50), x -> {
            while (x == 2 && gate.getCount() > 0) {
                Thread.onSpinWait(); // deaf to interrupts
            }
            return x;
        });
        evaluate(1, 10, 1.0, 2.0, 3.0);

        Message.Result result = master.receive(Message.Result.class);
        assertThat(result.abandoned()).isEqualTo(1);
        assertThat(result.outcomes().missing(0)).isNull();
        assertThat(failure(result.outcomes(), 1).kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(result.outcomes().missing(2)).isNull();
        gate.countDown(); // the abandoned thread comes back: nothing may come of it
        evaluate(1, 11, 4.0);
        assertThat(master.receive(Message.Result.class).chunk()).isEqualTo(11);
        assertThat(master.received).isEmpty();
    }

    @Test
    void stopEndsTheWorkerWithTheMastersReason() throws Exception {
        master.send(new Message.Stop("the disk is full"));

        assertThat(worker.ended().get(20, TimeUnit.SECONDS))
                .isEqualTo(new WorkerEnd(WorkerEnd.Cause.MASTER_FAILED, "the disk is full"));
    }

    private static final class SlowToLoad implements BatchFunction<Double, Double> {
        private static final long serialVersionUID = 1;

        @Override
        public void prepare() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(300);
        }

        @Override
        public void applyBatch(List<Double> inputs, BatchResults<Double> results, TaskContext context) {
            results.done(0, inputs.get(0));
        }
    }

    @Test
    void noDeadlineCountsTheLoadingOfAFunction() throws Exception {
        long timeout = TimeUnit.MILLISECONDS.toNanos(100);
        master.send(
                new Message.Define(1, 1, false, false, false, timeout, 0, 0, Serialization.write(new SlowToLoad())));
        evaluate(1, 10, 1.0);

        assertThat(master.receive(Message.Result.class).outcomes().missing(0)).isNull();
    }

    @Test
    void aMessageThatOnlyWorkersSendEndsTheWorker() {
        master.send(new Message.Leave());

        assertThat(worker.ended())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ProtocolException.class)
                .withMessageContaining("a Leave message, which never travels in this direction");
    }

    private static TaskFailure failure(OutcomeBlock outcomes, int task) {
        return ((NoResult.Failed) outcomes.missing(task)).failure();
    }
}
