package org.astropool.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.astropool.internal.scheduler.Command.Accept;
import org.astropool.internal.scheduler.Command.CallEnded;
import org.astropool.internal.scheduler.Command.Expire;
import org.astropool.internal.scheduler.Command.Ignore;
import org.astropool.internal.scheduler.Command.Quarantine;
import org.astropool.internal.scheduler.Command.Recall;
import org.astropool.internal.scheduler.Command.Send;
import org.astropool.internal.scheduler.Command.Withdraw;
import org.astropool.internal.scheduler.Event.CallCancelled;
import org.astropool.internal.scheduler.Event.CallDraining;
import org.astropool.internal.scheduler.Event.CallOpened;
import org.astropool.internal.scheduler.Event.ChunkFinished;
import org.astropool.internal.scheduler.Event.ChunkLost;
import org.astropool.internal.scheduler.Event.ChunkReturned;
import org.astropool.internal.scheduler.Event.ChunkTooLarge;
import org.astropool.internal.scheduler.Event.Tick;
import org.astropool.internal.scheduler.Event.UnitsAvailable;
import org.astropool.internal.scheduler.Event.UnitsEnded;
import org.astropool.internal.scheduler.Event.WorkerJoined;
import org.astropool.internal.scheduler.Event.WorkerLeaving;
import org.astropool.internal.scheduler.Event.WorkerLost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each test says all commands that come out, so that none too many goes unnoticed. */
class SchedulerTest {
    private static final long MICROSECOND = 1_000;
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int UNKNOWN = -1;

    /** A round trip of 10 us, so that 10 ms is the longest wait worth a chunk ahead. */
    private final Scheduler scheduler =
            new Scheduler(new SchedulerOptions(10 * MICROSECOND, 4 * MILLISECOND, 64, SECOND));

    private long now;

    // One unit, one worker

    @Test
    void unitIsSentAtOnceAndItsAnswerEndsTheCall() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(7, policy(1)));
        happens(new UnitsAvailable(7, 1), new Send(0, 1, 7, 0, 1, 1));
        happens(finished(0, 1), accept(1, 7, 0, 1), new CallEnded(7));
    }

    @Test
    void callWithoutUnitsEndsAtOnce() {
        happens(new CallOpened(1, policy(0)), new CallEnded(1));
        happens(new CallOpened(2, policy(UNKNOWN)));
        happens(new UnitsEnded(2), new CallEnded(2));
    }

    @Test
    void callOfUnknownLengthEndsWhenItsEndIsReportedAfterTheLastAnswer() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, policy(UNKNOWN)));
        happens(new UnitsAvailable(1, 1), new Send(0, 1, 1, 0, 1, 1));
        happens(finished(0, 1), accept(1, 1, 0, 1));
        happens(new UnitsEnded(1), new CallEnded(1));
    }

    @Test
    void unitsWaitForTheFirstWorker() {
        happens(new CallOpened(1, policy(1)));
        happens(new UnitsAvailable(1, 1));
        happens(new WorkerJoined(3, 1), new Send(3, 1, 1, 0, 1, 1));
    }

    @Test
    void availableUnitsAreSentToAnIdleSlotEvenIfTheChunkCouldBeLarger() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(UNKNOWN, 10)));
        happens(new UnitsAvailable(1, 3), new Send(0, 1, 1, 0, 3, 1));
    }

    // Spreading

    @Test
    void fewUnitsAreSpreadOverTheWorkersBeforeSecondSlots() {
        happens(new WorkerJoined(0, 4));
        happens(new WorkerJoined(1, 4));
        happens(new CallOpened(1, policy(UNKNOWN)));
        happens(
                new UnitsAvailable(1, 3),
                new Send(0, 1, 1, 0, 1, 1),
                new Send(1, 2, 1, 1, 1, 1),
                new Send(0, 3, 1, 2, 1, 1));
        happens(finished(1, 2), accept(2, 1, 1, 1));
        happens(new UnitsAvailable(1, 4), new Send(1, 4, 1, 3, 1, 1));
    }

    @Test
    void idleWorkersTakeTurns() {
        happens(new WorkerJoined(0, 1));
        happens(new WorkerJoined(1, 1));
        happens(new CallOpened(1, policy(UNKNOWN)));
        happens(new UnitsAvailable(1, 1), new Send(0, 1, 1, 0, 1, 1));
        happens(finished(0, 1), accept(1, 1, 0, 1));
        happens(new UnitsAvailable(1, 2), new Send(1, 2, 1, 1, 1, 1));
    }

    @Test
    void workerThatJoinsDuringACallGetsWorkAtOnce() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 10, new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerJoined(1, 2), new Send(1, 2, 1, 1, 1, 1), new Send(1, 3, 1, 2, 1, 1));
    }

    @Test
    void leavingWorkerGetsNoMoreButItsAnswersCount() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 3, new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerLeaving(0));
        happens(new WorkerLeaving(0));
        happens(finished(0, 1), accept(1, 1, 0, 1));
        happens(new WorkerJoined(1, 1), new Send(1, 2, 1, 1, 1, 1));
    }

    @Test
    void tooLargeChunkIsHandedOutInTwoParts() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(UNKNOWN, 5)));
        happens(new UnitsAvailable(1, 5), new Send(0, 1, 1, 0, 5, 1));
        happens(new ChunkTooLarge(0, 1), new Send(0, 2, 1, 0, 2, 1));
        happens(new ChunkTooLarge(0, 2), new Send(0, 3, 1, 2, 3, 1));
        happens(finished(0, 3), accept(3, 1, 2, 3), new Send(0, 4, 1, 0, 1, 1));
        happens(finished(0, 4), accept(4, 1, 0, 1), new Send(0, 5, 1, 1, 1, 1));
        happens(new UnitsEnded(1));
        happens(finished(0, 5), accept(5, 1, 1, 1), new CallEnded(1));
    }

    @Test
    void tooLargeChunkOfAnEndedCallIsNotSentAgain() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(UNKNOWN, 5)));
        happens(new UnitsAvailable(1, 5), new Send(0, 1, 1, 0, 5, 1));
        happens(new CallDraining(1, Long.MIN_VALUE));
        happens(new ChunkTooLarge(0, 1), new CallEnded(1));
        happens(new ChunkTooLarge(0, 1));
    }

    // Chunk sizes and credit

    @Test
    void chunksGrowByABoundedFactorTowardsTheTargetAndShrinkAtTheEnd() {
        happens(new WorkerJoined(0, 1));
        Send first = new Send(0, 1, 1, 0, 1, 1);
        openWithUnits(1, 10_000, first);
        List<Integer> sizes = sizesFrom(first, 20 * MICROSECOND);
        assertThat(sizes).startsWith(1, 8, 8, 64, 64, 200, 200).endsWith(8, 4, 2, 1, 1, 1);
        assertThat(sizes).allMatch(size -> size <= 200);
    }

    @Test
    void largestChunkOfThePolicyIsObeyed() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(10_000, 0, 50, 0, 3, 0)));
        Send first = new Send(0, 1, 1, 0, 1, 1);
        happens(new UnitsAvailable(1, 10_000), first);
        assertThat(sizesFrom(first, 20 * MICROSECOND)).contains(50).allMatch(size -> size <= 50);
    }

    @Test
    void fixedChunksAreObeyedAndTheLastIsShorter() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(10, 4)));
        Send first = new Send(0, 1, 1, 0, 4, 1);
        happens(new UnitsAvailable(1, 10), first);
        assertThat(sizesFrom(first, SECOND)).containsExactly(4, 4, 2);
    }

    @Test
    void veryShortChunksAreSentForAWholeRoundTrip() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(1000, 1)));
        happens(new UnitsAvailable(1, 1000), new Send(0, 1, 1, 0, 1, 1));
        now += MICROSECOND;
        List<Command> commands = on(new ChunkFinished(0, 1, MICROSECOND, new long[0]));
        // ten for the round trip
        assertThat(commands).hasSize(1 + 10).last().isEqualTo(new Send(0, 11, 1, 10, 1, 1));
    }

    @Test
    void noMoreChunksWaitAtAWorkerThanAllowed() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(1000, 1)));
        happens(new UnitsAvailable(1, 1000), new Send(0, 1, 1, 0, 1, 1));
        List<Command> commands = on(new ChunkFinished(0, 1, 10, new long[0]));
        assertThat(commands).hasSize(1 + 1 + 64);
    }

    @Test
    void oneChunkASlotIsSentAheadUntilEightUnitsAreLeft() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(12, 1)));
        happens(new UnitsAvailable(1, 12), new Send(0, 1, 1, 0, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 2, 1, 1, 1, 1),
                new Send(0, 3, 1, 2, 1, 1));
        happens(finished(0, 2, MILLISECOND), accept(2, 1, 1, 1), new Send(0, 4, 1, 3, 1, 1));
        happens(finished(0, 3, MILLISECOND), accept(3, 1, 2, 1), new Send(0, 5, 1, 4, 1, 1));
        happens(finished(0, 4, MILLISECOND), accept(4, 1, 3, 1));
        happens(finished(0, 5, MILLISECOND), accept(5, 1, 4, 1), new Send(0, 6, 1, 5, 1, 1));
    }

    /** Nothing is left but what waits at worker 0. */
    private void twoWorkersHaveThreeUnits() {
        happens(new WorkerJoined(0, 1));
        happens(new WorkerJoined(1, 1));
        happens(new CallOpened(1, fixedChunks(UNKNOWN, 1)));
        happens(new UnitsAvailable(1, 4), new Send(0, 1, 1, 0, 1, 1), new Send(1, 2, 1, 1, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 3, 1, 2, 1, 1),
                new Send(0, 4, 1, 3, 1, 1));
        happens(new UnitsEnded(1));
    }

    @Test
    void chunkWaitingBehindALongOneIsRecalledForAnIdleSlot() {
        twoWorkersHaveThreeUnits();
        happens(finished(1, 2, MILLISECOND), accept(2, 1, 1, 1), new Recall(0, 4));
        happens(new ChunkReturned(0, 4), new Send(1, 5, 1, 3, 1, 1));
        happens(finished(1, 5, MILLISECOND), accept(5, 1, 3, 1));
        happens(finished(0, 3, MILLISECOND), accept(3, 1, 2, 1), new CallEnded(1));
    }

    @Test
    void recallThatComesTooLateChangesNothing() {
        twoWorkersHaveThreeUnits();
        happens(finished(1, 2, MILLISECOND), accept(2, 1, 1, 1), new Recall(0, 4));
        happens(finished(0, 3, MILLISECOND), accept(3, 1, 2, 1));
        happens(finished(0, 4, MILLISECOND), accept(4, 1, 3, 1), new CallEnded(1));
    }

    @Test
    void chunkIsRecalledAsAWhole() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(UNKNOWN, 3)));
        happens(new UnitsAvailable(1, 9), new Send(0, 1, 1, 0, 3, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 3),
                new Send(0, 2, 1, 3, 3, 1),
                new Send(0, 3, 1, 6, 3, 1));
        happens(new WorkerJoined(1, 1), new Recall(0, 3));
        happens(new ChunkReturned(0, 3), new Send(1, 4, 1, 6, 3, 1));
    }

    @Test
    void oneChunkIsRecalledForEachIdleSlot() {
        happens(new WorkerJoined(0, 2));
        happens(new CallOpened(1, fixedChunks(UNKNOWN, 1)));
        happens(new UnitsAvailable(1, 5), new Send(0, 1, 1, 0, 1, 1), new Send(0, 2, 1, 1, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 3, 1, 2, 1, 1),
                new Send(0, 4, 1, 3, 1, 1),
                new Send(0, 5, 1, 4, 1, 1));
        happens(new WorkerJoined(1, 1), new Recall(0, 5));
        happens(new WorkerJoined(2, 1), new Recall(0, 4));
        happens(new WorkerJoined(3, 1));
        happens(
                new WorkerLost(0),
                new Send(1, 6, 1, 1, 1, 2),
                new Send(2, 7, 1, 2, 1, 2),
                new Send(3, 8, 1, 3, 1, 2),
                new Send(1, 9, 1, 4, 1, 2));
    }

    @Test
    void chunkShorterThanARoundTripIsNotRecalled() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(3, 1)));
        happens(new UnitsAvailable(1, 3), new Send(0, 1, 1, 0, 1, 1));
        happens(
                finished(0, 1, MICROSECOND),
                accept(1, 1, 0, 1),
                new Send(0, 2, 1, 1, 1, 1),
                new Send(0, 3, 1, 2, 1, 1));
        happens(new WorkerJoined(1, 1));
    }

    @Test
    void nothingIsSentBehindLongChunks() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1000, new Send(0, 1, 1, 0, 1, 1));
        happens(finished(0, 1, SECOND), accept(1, 1, 0, 1), new Send(0, 2, 1, 1, 1, 1));
    }

    @Test
    void demandFollowsSlotsAndChunkSizes() {
        happens(new CallOpened(1, policy(UNKNOWN)));
        assertThat(scheduler.demand(1)).isEqualTo(2);
        happens(new WorkerJoined(0, 4));
        assertThat(scheduler.demand(1)).isEqualTo(2 * 4);
        happens(new UnitsAvailable(1, 1), new Send(0, 1, 1, 0, 1, 1));
        happens(finished(0, 1, MILLISECOND), accept(1, 1, 0, 1));
        assertThat(scheduler.demand(1)).isEqualTo(2 * 4 * 4);
        happens(new UnitsEnded(1), new CallEnded(1));
        assertThat(scheduler.demand(1)).isZero();
    }

    // Failures

    @Test
    void failedUnitsAreTriedAgainOneByOneBeforeFreshOnes() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(8, 4, 100, 1, 3, 0)));
        happens(new UnitsAvailable(1, 8), new Send(0, 1, 1, 0, 4, 1));
        happens(
                new ChunkFinished(0, 1, SECOND, new long[] {1, 3}),
                new Accept(1, 1, 0, 4, new long[] {1, 3}),
                new Send(0, 2, 1, 1, 1, 2));
        happens(finished(0, 2), accept(2, 1, 1, 1), new Send(0, 3, 1, 3, 1, 2));
        // the second failure of unit 3 is final
        happens(
                new ChunkFinished(0, 3, SECOND, new long[] {3}),
                new Accept(3, 1, 3, 1, new long[0]),
                new Send(0, 4, 1, 4, 4, 1));
        happens(finished(0, 4), accept(4, 1, 4, 4), new CallEnded(1));
    }

    @Test
    void withoutRetriesAFailureIsFinal() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        happens(new ChunkFinished(0, 1, SECOND, new long[] {0}), accept(1, 1, 0, 1), new CallEnded(1));
    }

    @Test
    void failedUnitGoesToAnotherWorkerThatIsIdle() {
        happens(new WorkerJoined(0, 1));
        happens(new WorkerJoined(1, 1));
        happens(new CallOpened(1, new CallPolicy(1, 0, 100, 1, 3, 0)));
        happens(new UnitsAvailable(1, 1), new Send(0, 1, 1, 0, 1, 1));
        happens(
                new ChunkFinished(0, 1, SECOND, new long[] {0}),
                new Accept(1, 1, 0, 1, new long[] {0}),
                new Send(1, 2, 1, 0, 1, 2));
    }

    @Test
    void failureOfAUnitThatIsNotInTheChunkIsRefused() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 2, new Send(0, 1, 1, 0, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(new ChunkFinished(0, 1, SECOND, new long[] {1})))
                .withMessageContaining("Worker 0 reports unit 1 as failed in chunk 1");
        happens(finished(0, 1), accept(1, 1, 0, 1), new Send(0, 2, 1, 1, 1, 1));
    }

    // Losses

    @Test
    void unitOfALostWorkerIsSentAgain() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerJoined(1, 1));
        happens(new WorkerLost(0), new Send(1, 2, 1, 0, 1, 2));
        happens(finished(1, 2), accept(2, 1, 0, 1), new CallEnded(1));
    }

    @Test
    void lateResultOfALostWorkerIsIgnored() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerLost(0));
        happens(finished(0, 1), new Ignore(0, 1));
        happens(new WorkerJoined(1, 1), new Send(1, 2, 1, 0, 1, 2));
        happens(finished(0, 1), new Ignore(0, 1));
        happens(finished(1, 2), accept(2, 1, 0, 1), new CallEnded(1));
    }

    @Test
    void resultThatComesTwiceOrFromAnotherWorkerIsIgnored() {
        happens(new WorkerJoined(0, 1));
        happens(new WorkerJoined(1, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        happens(finished(1, 1), new Ignore(1, 1));
        happens(finished(0, 1), accept(1, 1, 0, 1), new CallEnded(1));
        happens(finished(0, 1), new Ignore(0, 1));
    }

    @Test
    void lostWorkerDoesNotCountAsARetryOfAUnit() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(1, 0, 100, 1, 9, 0)));
        happens(new UnitsAvailable(1, 1), new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerLost(0));
        happens(new WorkerJoined(1, 1), new Send(1, 2, 1, 0, 1, 2));
        happens(
                new ChunkFinished(1, 2, SECOND, new long[] {0}),
                new Accept(2, 1, 0, 1, new long[] {0}),
                new Send(1, 3, 1, 0, 1, 3));
    }

    @Test
    void unitThatLosesItsWorkersIsQuarantined() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerLost(0));
        happens(new WorkerJoined(1, 1), new Send(1, 2, 1, 0, 1, 2));
        happens(new WorkerLost(1));
        happens(new WorkerJoined(2, 1), new Send(2, 3, 1, 0, 1, 3));
        happens(new WorkerLost(2), new Quarantine(1, 0, 3), new CallEnded(1));
    }

    @Test
    void neighboursOfAPoisonousUnitAreNotQuarantined() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(3, 3, 100, 0, 1, 0)));
        happens(new UnitsAvailable(1, 3), new Send(0, 1, 1, 0, 3, 1));
        happens(new WorkerLost(0));
        happens(new WorkerJoined(1, 4), new Send(1, 2, 1, 0, 1, 2));
        happens(finished(1, 2), accept(2, 1, 0, 1), new Send(1, 3, 1, 1, 1, 2));
        happens(new WorkerLost(1), new Quarantine(1, 1, 2));
        happens(new WorkerJoined(2, 4), new Send(2, 4, 1, 2, 1, 2));
        happens(finished(2, 4), accept(4, 1, 2, 1), new CallEnded(1));
    }

    @Test
    void unitsOnTheirLastChanceDoNotShareAWorker() {
        happens(new WorkerJoined(0, 2));
        happens(new CallOpened(1, new CallPolicy(2, 1, 100, 0, 2, 0)));
        happens(new UnitsAvailable(1, 2), new Send(0, 1, 1, 0, 1, 1), new Send(0, 2, 1, 1, 1, 1));
        happens(new WorkerLost(0));
        happens(new WorkerJoined(1, 2), new Send(1, 3, 1, 0, 1, 2));
        happens(new WorkerJoined(2, 2), new Send(2, 4, 1, 1, 1, 2));
        happens(new WorkerLost(1), new Quarantine(1, 0, 2));
        happens(finished(2, 4), accept(4, 1, 1, 1), new CallEnded(1));
    }

    @Test
    void leavingWorkerMayBeLost() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerLeaving(0));
        happens(new WorkerLost(0));
        happens(new WorkerLost(0));
        happens(new WorkerJoined(0, 1), new Send(0, 2, 1, 0, 1, 2));
    }

    // Several calls

    @Test
    void callsShareTheSlots() {
        for (int worker = 0; worker < 4; worker++) {
            happens(new WorkerJoined(worker, 1));
        }
        openWithUnits(
                1,
                100,
                new Send(0, 1, 1, 0, 1, 1),
                new Send(1, 2, 1, 1, 1, 1),
                new Send(2, 3, 1, 2, 1, 1),
                new Send(3, 4, 1, 3, 1, 1));
        openWithUnits(2, 100);
        happens(finished(0, 1, SECOND), accept(1, 1, 0, 1), new Send(0, 5, 2, 0, 1, 1));
        happens(finished(1, 2, SECOND), accept(2, 1, 1, 1), new Send(1, 6, 2, 1, 1, 1));
        // two slots each: the one that becomes free goes back to the call that had it
        happens(finished(2, 3, SECOND), accept(3, 1, 2, 1), new Send(2, 7, 1, 4, 1, 1));
        happens(finished(0, 5, SECOND), accept(5, 2, 0, 1), new Send(0, 8, 2, 2, 1, 1));
    }

    @Test
    void newCallIsNotDelayedByChunksSentAhead() {
        happens(new WorkerJoined(0, 1));
        happens(new WorkerJoined(1, 1));
        happens(new CallOpened(1, fixedChunks(1000, 1)));
        happens(new UnitsAvailable(1, 1000), new Send(0, 1, 1, 0, 1, 1), new Send(1, 2, 1, 1, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 3, 1, 2, 1, 1),
                new Send(0, 4, 1, 3, 1, 1));
        happens(
                finished(1, 2, MILLISECOND),
                accept(2, 1, 1, 1),
                new Send(1, 5, 1, 4, 1, 1),
                new Send(1, 6, 1, 5, 1, 1));
        openWithUnits(2, 1);
        // it is its turn, but one unit is not sent ahead: the slot is left to become free
        happens(finished(0, 3, MILLISECOND), accept(3, 1, 2, 1));
        happens(finished(0, 4, MILLISECOND), accept(4, 1, 3, 1), new Send(0, 7, 2, 0, 1, 1));
    }

    @Test
    void callWithoutUnitsToSendLeavesItsShareToOthers() {
        happens(new WorkerJoined(0, 2));
        happens(new CallOpened(1, policy(UNKNOWN)));
        openWithUnits(2, 9, new Send(0, 1, 2, 0, 1, 1), new Send(0, 2, 2, 1, 1, 1));
    }

    @Test
    void cancelledCallEndsAtOnceAndItsChunksHoldTheirSlotsUntilAnswered() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 100, new Send(0, 1, 1, 0, 1, 1));
        openWithUnits(2, 1);
        happens(new CallCancelled(1), new Withdraw(0, 1), new CallEnded(1));
        happens(new CallCancelled(1));
        happens(new UnitsAvailable(1, 1000));
        happens(finished(0, 1), new Ignore(0, 1), new Send(0, 2, 2, 0, 1, 1));
    }

    @Test
    void cancelledCallDropsItsRetriesAndLastChances() {
        happens(new CallOpened(1, new CallPolicy(4, 1, 100, 1, 2, 0)));
        happens(new UnitsAvailable(1, 4));
        happens(new WorkerJoined(0, 1), new Send(0, 1, 1, 0, 1, 1));
        happens(new WorkerLost(0));
        happens(new CallCancelled(1), new CallEnded(1));
        happens(new WorkerJoined(1, 1));
    }

    @Test
    void chunkThatWaitedAtALostWorkerIsNotSuspect() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(20, 1, 100, 0, 1, 0)));
        happens(new UnitsAvailable(1, 20), new Send(0, 1, 1, 0, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 2, 1, 1, 1, 1),
                new Send(0, 3, 1, 2, 1, 1));
        happens(new WorkerLost(0), new Quarantine(1, 1, 1));
        happens(new WorkerJoined(1, 1), new Send(1, 4, 1, 2, 1, 2), new Send(1, 5, 1, 3, 1, 1));
    }

    // Ending early

    private void oneIsDoneAndTwoAreSentOfTen() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(10, 1)));
        happens(new UnitsAvailable(1, 10), new Send(0, 1, 1, 0, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 2, 1, 1, 1, 1),
                new Send(0, 3, 1, 2, 1, 1));
    }

    @Test
    void drainedCallEndsWithWhatIsUnderWay() {
        oneIsDoneAndTwoAreSentOfTen();
        happens(new CallDraining(1, Long.MIN_VALUE), new Recall(0, 3));
        happens(finished(0, 2), accept(2, 1, 1, 1));
        happens(new ChunkReturned(0, 3), new CallEnded(1));
    }

    @Test
    void recalledChunkThatHadBegunIsAccepted() {
        oneIsDoneAndTwoAreSentOfTen();
        happens(new CallDraining(1, Long.MIN_VALUE), new Recall(0, 3));
        happens(finished(0, 2), accept(2, 1, 1, 1));
        happens(finished(0, 3), accept(3, 1, 2, 1), new CallEnded(1));
    }

    @Test
    void returnedChunkOfAnOpenCallIsSentAgain() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        happens(new ChunkReturned(0, 1), new Send(0, 2, 1, 0, 1, 1));
        happens(new ChunkReturned(0, 9));
    }

    @Test
    void drainedCallWithNothingUnderWayEndsAtOnce() {
        openWithUnits(1, 5);
        happens(new CallDraining(1, Long.MIN_VALUE), new CallEnded(1));
        happens(new CallDraining(1, Long.MIN_VALUE));
    }

    @Test
    void drainedCallRetriesNothing() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(1, 1, 100, 5, 3, 0)));
        happens(new UnitsAvailable(1, 1), new Send(0, 1, 1, 0, 1, 1));
        happens(new CallDraining(1, Long.MIN_VALUE));
        happens(
                new ChunkFinished(0, 1, SECOND, new long[] {0}),
                new Accept(1, 1, 0, 1, new long[] {0}),
                new CallEnded(1));
    }

    @Test
    void unitsThatShouldEndInTimeAreStillBegun() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(10, 1)));
        happens(new UnitsAvailable(1, 10), new Send(0, 1, 1, 0, 1, 1));
        happens(new CallDraining(1, 5 * SECOND / 2));
        now = SECOND;
        happens(finished(0, 1), accept(1, 1, 0, 1), new Send(0, 2, 1, 1, 1, 1));
        now = 2 * SECOND;
        happens(finished(0, 2), accept(2, 1, 1, 1), new CallEnded(1));
    }

    // Runs

    @Test
    void chunkLiesWithinOneRun() {
        happens(new WorkerJoined(0, 1));
        BitSet tasks = new BitSet();
        tasks.set(0, 3);
        tasks.set(10, 17);
        happens(new CallOpened(1, fixedChunks(10, 4).withOrder(UnitOrder.select(tasks, 1))));
        happens(new UnitsAvailable(1, 10), new Send(0, 1, 1, 0, 3, 1));
        happens(finished(0, 1), accept(1, 1, 0, 3), new Send(0, 2, 1, 3, 4, 1));
    }

    // Chunks whose process died

    @Test
    void unitThatEndsItsProcessThreeTimesIsQuarantinedAndItsWorkerContinues() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 2, new Send(0, 1, 1, 0, 1, 1));
        happens(new ChunkLost(0, 1), new Send(0, 2, 1, 0, 1, 2));
        happens(new ChunkLost(0, 2), new Send(0, 3, 1, 0, 1, 3));
        happens(new ChunkLost(0, 3), new Quarantine(1, 0, 3), new Send(0, 4, 1, 1, 1, 1));
        happens(finished(0, 4), accept(4, 1, 1, 1), new CallEnded(1));
    }

    @Test
    void unitsOfALostChunkAreRetriedOneByOne() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, fixedChunks(2, 2)));
        happens(new UnitsAvailable(1, 2), new Send(0, 1, 1, 0, 2, 1));
        happens(new ChunkLost(0, 1), new Send(0, 2, 1, 0, 1, 2));
        happens(finished(0, 2), accept(2, 1, 0, 1), new Send(0, 3, 1, 1, 1, 2));
    }

    @Test
    void lostChunkOfACancelledCallFreesItsSlot() {
        happens(new WorkerJoined(0, 1));
        openWithUnits(1, 1, new Send(0, 1, 1, 0, 1, 1));
        openWithUnits(2, 1);
        happens(new CallCancelled(1), new Withdraw(0, 1), new CallEnded(1));
        happens(new ChunkLost(0, 1), new Send(0, 2, 2, 0, 1, 1));
    }

    // Deadlines

    @Test
    void singleUnitExpiresAfterItsDeadline() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(1, 0, 100, 5, 3, SECOND)));
        happens(new UnitsAvailable(1, 1), new Send(0, 1, 1, 0, 1, 1));
        now = 2 * SECOND - 1;
        happens(new Tick());
        now = 2 * SECOND;
        happens(new Tick(), new Withdraw(0, 1), new Expire(1, 0, 1), new CallEnded(1));
        openWithUnits(2, 1);
        happens(finished(0, 1), new Ignore(0, 1), new Send(0, 2, 2, 0, 1, 1));
    }

    @Test
    void unitsOfAnOverdueChunkAreRetriedOneByOneElsewhere() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(2, 2, 100, 0, 3, SECOND)));
        happens(new UnitsAvailable(1, 2), new Send(0, 1, 1, 0, 2, 1));
        now = 3 * SECOND;
        happens(new Tick(), new Withdraw(0, 1));
        happens(new WorkerJoined(1, 1), new Send(1, 2, 1, 0, 1, 2));
        happens(finished(1, 2), accept(2, 1, 0, 1), new Send(1, 3, 1, 1, 1, 2));
        now += 2 * SECOND;
        happens(new Tick(), new Withdraw(1, 3), new Expire(1, 1, 2), new CallEnded(1));
    }

    @Test
    void chunksBehindAnOverdueOneAreSentElsewhere() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(100, 1, 100, 0, 3, SECOND)));
        happens(new UnitsAvailable(1, 100), new Send(0, 1, 1, 0, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 2, 1, 1, 1, 1),
                new Send(0, 3, 1, 2, 1, 1));
        now = 2 * SECOND;
        happens(new Tick(), new Withdraw(0, 2), new Expire(1, 1, 1), new Withdraw(0, 3));
        happens(new WorkerJoined(1, 1), new Send(1, 4, 1, 2, 1, 2), new Send(1, 5, 1, 3, 1, 1));
    }

    @Test
    void deadlineOfAChunkRunsFromWhenItMustHaveBegun() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, new CallPolicy(100, 1, 100, 0, 3, SECOND)));
        happens(new UnitsAvailable(1, 100), new Send(0, 1, 1, 0, 1, 1));
        happens(
                finished(0, 1, MILLISECOND),
                accept(1, 1, 0, 1),
                new Send(0, 2, 1, 1, 1, 1),
                new Send(0, 3, 1, 2, 1, 1));
        now = SECOND;
        happens(finished(0, 2, MILLISECOND), accept(2, 1, 1, 1), new Send(0, 4, 1, 3, 1, 1));
        now = 3 * SECOND - 1;
        happens(new Tick());
        now = 3 * SECOND;
        happens(new Tick(), new Withdraw(0, 3), new Expire(1, 2, 1), new Withdraw(0, 4));
    }

    // Events that cannot be

    @Test
    void numbersInUseAreRefused() {
        happens(new WorkerJoined(0, 1));
        happens(new CallOpened(1, policy(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> on(new WorkerJoined(0, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> on(new WorkerJoined(1, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> on(new CallOpened(1, policy(1))));
        assertThatIllegalArgumentException().isThrownBy(() -> on(new UnitsAvailable(1, 2)));
    }

    @Test
    void eventsAboutWhatNoLongerExistsChangeNothing() {
        happens(new WorkerLost(9));
        happens(new WorkerLeaving(9));
        happens(new CallCancelled(9));
        happens(new UnitsAvailable(9, 1));
        happens(new UnitsEnded(9));
        happens(new CallDraining(9, 0));
        happens(new ChunkLost(9, 9));
        happens(finished(9, 9), new Ignore(9, 9));
        happens(new Tick());
    }

    @AfterEach
    void invariantsHold() {
        scheduler.checkInvariants();
    }

    private static CallPolicy policy(long units) {
        return CallPolicy.defaults(units);
    }

    private static CallPolicy fixedChunks(long units, int chunkUnits) {
        return new CallPolicy(units, chunkUnits, 100, 0, 3, 0);
    }

    /** Opens a call and makes its units available. */
    private void openWithUnits(int call, long units, Command... expected) {
        happens(new CallOpened(call, policy(units)));
        happens(new UnitsAvailable(call, units), expected);
    }

    private static ChunkFinished finished(int worker, long chunk) {
        return finished(worker, chunk, SECOND);
    }

    private static ChunkFinished finished(int worker, long chunk, long busyNanos) {
        return new ChunkFinished(worker, chunk, busyNanos, new long[0]);
    }

    private static Accept accept(long chunk, int call, long first, int count) {
        return new Accept(chunk, call, first, count, new long[0]);
    }

    private List<Command> on(Event event) {
        List<Command> commands = List.copyOf(scheduler.on(event, now));
        scheduler.checkInvariants();
        return commands;
    }

    private void happens(Event event, Command... expected) {
        assertThat(on(event))
                .usingRecursiveFieldByFieldElementComparator(RecursiveComparisonConfiguration.builder()
                        .withStrictTypeChecking(true)
                        .build())
                .containsExactly(expected);
    }

    /** Answers this chunk and those that follow in their order, and says how large they were. */
    private List<Integer> sizesFrom(Send first, long nanosPerUnit) {
        List<Send> sent = new ArrayList<>(List.of(first));
        for (int next = 0; next < sent.size(); next++) {
            Send send = sent.get(next);
            long busyNanos = send.count() * nanosPerUnit;
            now += busyNanos;
            for (Command command : on(new ChunkFinished(send.worker(), send.chunk(), busyNanos, new long[0]))) {
                if (command instanceof Send another) {
                    sent.add(another);
                }
            }
        }
        return sent.stream().map(Send::count).toList();
    }
}
