package org.astropool.internal.scheduler;

/**
 * What happens to the {@link Scheduler}. Units are the atoms of scheduling: fixed batches of tasks (of one task,
 * mostly). The units of a call are numbered from 0 in the order in which they are to be handed out.
 */
public sealed interface Event {

    void accept(Handler handler);

    /** One method for each case, so that a new one does not compile until every handler has it. */
    interface Handler {
        void onWorkerJoined(WorkerJoined event);

        void onWorkerLeaving(WorkerLeaving event);

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
     * A worker offers slots: so many chunks can be evaluated there at a time.
     *
     * @param worker from 0, best without gaps: an index
     */
    record WorkerJoined(int worker, int slots) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onWorkerJoined(this);
        }
    }

    /**
     * A worker wants to leave: it gets no more chunks, those that it has begun are awaited, the others are recalled.
     */
    record WorkerLeaving(int worker) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onWorkerLeaving(this);
        }
    }

    /** A worker is gone, and what it had with it. */
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

    /** Nobody wants the rest of the call. */
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
     * @param failedUnits units of this chunk that may be tried again, in ascending order; mostly empty
     */
    record ChunkFinished(int worker, long chunk, long busyNanos, long[] failedUnits) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkFinished(this);
        }
    }

    /**
     * What a worker evaluated a chunk with has died of it, the worker itself goes on: a process for that chunk alone.
     * Its slot is free again.
     */
    record ChunkLost(int worker, long chunk) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkLost(this);
        }
    }

    /** A worker has given back a chunk that was recalled or withdrawn, without having evaluated it. */
    record ChunkReturned(int worker, long chunk) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkReturned(this);
        }
    }

    /**
     * A chunk of several units could not be sent, because together they are too large: they are handed out in two
     * parts.
     */
    record ChunkTooLarge(int worker, long chunk) implements Event {
        @Override
        public void accept(Handler handler) {
            handler.onChunkTooLarge(this);
        }
    }

    /**
     * The call is to end before its end: nothing of it is begun any more unless it should be over by then, judged by
     * what was measured. What is under way is awaited.
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
