package org.astropool.internal.transport.faults;

import java.time.Duration;

/** What a plan can do to the process in which it is. */
interface ProcessSignals {

    /** Ends it with SIGKILL. */
    void kill();

    /** Stops it with SIGSTOP; somebody else lets it go on. */
    void stop(Duration time);
}
