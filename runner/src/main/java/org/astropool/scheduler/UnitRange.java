package org.astropool.scheduler;

/** Units [first, first + count). */
record UnitRange(long first, int count) {}
