package org.astropool.internal.carrier;

/** What may become of the number of workers while a pool is open. */
public enum WorkerPolicy {
    /** Those of the start, and fewer: nobody comes. */
    FIXED,
    /** A lost one is replaced by the carrier. */
    REPLACED,
    /** Others may join at any time, and leave. */
    OPEN
}
