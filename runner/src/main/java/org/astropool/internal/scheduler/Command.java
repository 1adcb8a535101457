package org.astropool.internal.scheduler;

/** An instruction of the {@link Scheduler}. */
public sealed interface Command {

    void accept(Handler handler);

    /** One method for each case, so that a new one does not compile until every handler has it. */
    interface Handler {
        void onSend(Send command);

        void onAccept(Accept command);

        void onIgnore(Ignore command);

        void onQuarantine(Quarantine command);

        void onExpire(Expire command);

        void onWithdraw(Withdraw command);

        void onRecall(Recall command);

        void onCallEnded(CallEnded command);
    }

    /**
     * Send units [first, first + count) to a worker.
     *
     * @param chunk number of this execution, never used again, so that a late answer is recognized
     * @param attempt from 1: the number of the execution of these units, lost ones included
     */
    record Send(int worker, long chunk, int call, long first, int count, int attempt) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onSend(this);
        }
    }

    /**
     * The answer to this chunk is accepted: its outcomes of units [first, first + count), except for those to be
     * retried, are final.
     */
    record Accept(long chunk, int call, long first, int count, long[] retriedUnits) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onAccept(this);
        }
    }

    /** The answer to this chunk is late, or the chunk was given up or never sent: ignore it. */
    record Ignore(int worker, long chunk) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onIgnore(this);
        }
    }

    /** The unit has lost so many workers that it is not tried again: it fails for good. */
    record Quarantine(int call, long unit, int losses) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onQuarantine(this);
        }
    }

    /** The unit's deadline passed and nothing was heard: it fails for good. */
    record Expire(int call, long unit, int attempts) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onExpire(this);
        }
    }

    /** The worker need not evaluate this chunk any more. It still answers; until then its slot is not free. */
    record Withdraw(int worker, long chunk) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onWithdraw(this);
        }
    }

    /**
     * If the worker has not begun this chunk, the worker returns it ({@link Event.ChunkReturned}); otherwise its answer
     * is awaited.
     */
    record Recall(int worker, long chunk) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onRecall(this);
        }
    }

    /** Every unit of the call is final, or the call was cancelled, or drained and nothing of it is under way. */
    record CallEnded(int call) implements Command {
        @Override
        public void accept(Handler handler) {
            handler.onCallEnded(this);
        }
    }
}
