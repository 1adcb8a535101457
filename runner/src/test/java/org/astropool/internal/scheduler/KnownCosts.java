package org.astropool.internal.scheduler;

import java.util.function.LongToDoubleFunction;

/** Units as they are numbered, with what they cost. */
record KnownCosts(LongToDoubleFunction costs) implements UnitOrder {}
