package org.astropool.internal.scheduler;

/**
 * What happens to the {@link Scheduler}. Units are the smallest items of scheduling: fixed batches of tasks (usually of
 * one task). The units of a call are numbered from 0 in the order in which they are to be handed out.
 */
public sealed interface Event {

    void accept(Handler handler);

    /** One method for each case, so that a new one does not compile until every handler has it. */
    interface Handler {
        void onWorkerJoined(WorkerJoined event);

        void onWorkerLeaving(WorkerLeaving event);

        void onWorkerStaying(WorkerStaying event);

        void onWorkerLost(WorkerLost event);

        void onCallOpened(CallOpened event);

        void onUnitsAvailable(UnitsAvailable event);

        void onUnitsEnded(UnitsEnded event);

        void onCallCancelled(CallCancelled event);

        void onChunkFinished(ChunkFinished event);

        void onChunkLost(ChunkLost event);

        void onChunkReturned(ChunkReturned event);

        void onChunkTooLarge(ChunkTooLarge event);

        void onCallDraining(CallDraining event);

        void onTick(Tick event);
    }

    /**
     * A worker offers slots: that is how many chunks can be evaluated there at a time.
     *
     * @param worker from 0, preferably without gaps, because it is used as an index
     */
    record WorkerJoined(int worker, int slots) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onWorkerJoined(this);
        }
    }

    /**
     * A worker wants to leave: it gets no more chunks, the answers to those that it has begun are awaited, the others
     * are recalled.
     */
    record WorkerLeaving(int worker) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onWorkerLeaving(this);
        }
    }

    /** A worker does not leave after all, and gets chunks again. */
    record WorkerStaying(int worker) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onWorkerStaying(this);
        }
    }

    /** A worker is lost, together with its chunks. */
    record WorkerLost(int worker) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onWorkerLost(this);
        }
    }

    /**
     * A call begins; none of its units is available yet.
     *
     * @param call a number not used before
     */
    record CallOpened(int call, CallPolicy policy) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onCallOpened(this);
        }
    }

    /**
     * Units below {@code end} may be handed out from now on.
     *
     * @param end grows from event to event
     */
    record UnitsAvailable(int call, long end) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onUnitsAvailable(this);
        }
    }

    /** The call has no more units than those that are available. */
    record UnitsEnded(int call) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onUnitsEnded(this);
        }
    }

    /** The rest of the call is not needed any more. */
    record CallCancelled(int call) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onCallCancelled(this);
        }
    }

    /**
     * A worker has sent back a chunk.
     *
     * @param busyNanos how long the worker evaluated it
     * @param failedUnits units of this chunk that may be tried again, in ascending order; usually empty
     */
    record ChunkFinished(int worker, long chunk, long busyNanos, long[] failedUnits) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkFinished(this);
        }
    }

    /**
     * The child process in which a worker evaluated this chunk alone has died; the worker itself continues, and the
     * slot is free again.
     */
    record ChunkLost(int worker, long chunk) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkLost(this);
        }
    }

    /** A worker has returned a chunk that was recalled or withdrawn, without having evaluated it. */
    record ChunkReturned(int worker, long chunk) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkReturned(this);
        }
    }

    /**
     * A chunk of several units could not be sent, because its inputs are too large together: it is split into two
     * parts.
     */
    record ChunkTooLarge(int worker, long chunk) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkTooLarge(this);
        }
    }

    /**
     * The call is to end early: no unit is begun any more unless, according to the measured durations, it should end by
     * the given time. Chunks under way are awaited.
     *
     * @param lastEndNanos on the clock of the events; {@code Long.MIN_VALUE} begins nothing at all
     */
    record CallDraining(int call, long lastEndNanos) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onCallDraining(this);
        }
    }

    /** Time has passed. */
    record Tick() implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onTick(this);
        }
    }
}
