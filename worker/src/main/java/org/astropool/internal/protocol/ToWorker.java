package org.astropool.internal.protocol;

/** A message from the master to a worker. */
public sealed interface ToWorker extends Message permits Message.Welcome, Work, Message.Stop {

    void accept(Handler handler);

    /** One method for each message to a worker. */
    interface Handler {
        void onWelcome(Welcome welcome);

        void onWork(Work work);

        void onStop(Stop stop);
    }
}
