package org.astropool.internal.protocol;

/** A message from a worker to the master. */
public sealed interface ToMaster extends Message
        permits Message.Hello, Message.Ready, Message.Result, Message.ChunkLost, Message.Leave, Message.ClassWanted {

    void accept(Handler handler);

    /** One method for each message to the master. */
    interface Handler {
        void onHello(Hello hello);

        void onReady(Ready ready);

        void onResult(Result result);

        void onChunkLost(ChunkLost lost);

        void onLeave(Leave leave);

        void onClassWanted(ClassWanted wanted);
    }
}
