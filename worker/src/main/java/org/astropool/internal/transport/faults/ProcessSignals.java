package org.astropool.internal.transport.faults;

import java.time.Duration;

/** What a plan can do to its own process. */
interface ProcessSignals {

    /** Ends it with SIGKILL. */
    void kill();

    /** Stops it with SIGSTOP; another process continues it. */
    void stop(Duration time);
}
