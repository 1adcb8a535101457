package org.astropool.internal.scheduler;

/** Units [first, first + count). */
record UnitRange(long first, int count) {}
