package org.astropool.internal.protocol;

/** A message about calls, their chunks, values or classes, which a worker passes to its threads or child processes. */
public sealed interface Work extends ToWorker
        permits Message.Define,
                Message.Forget,
                Message.Share,
                Message.Unshare,
                Message.Chunk,
                Message.Withdraw,
                Message.Cancel,
                Message.ClassBytes {

    void accept(Handler handler);

    @Override
    default void accept(ToWorker.Handler handler) {
        handler.onWork(this);
    }

    /** One method for each message about work. */
    interface Handler {
        void onDefine(Define define);

        void onForget(Forget forget);

        void onShare(Share share);

        void onUnshare(Unshare unshare);

        void onChunk(Chunk chunk);

        void onWithdraw(Withdraw withdraw);

        void onCancel(Cancel cancel);

        void onClassBytes(ClassBytes bytes);
    }
}
