package org.astropool.internal.batch;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a run may use in all its starts.
 *
 * @param coreHours empty for no limit
 * @param starts empty for no limit
 */
public record BatchLimits(OptionalDouble coreHours, OptionalInt starts) {}
