package org.astropool.internal.cli.batch;

/** Messages of batch commands on standard error, as those of the other commands. Stateless. */
final class BatchMessages {
    private BatchMessages() {}

    static void say(String message) {
        System.err.println("astropool: " + message);
    }
}
