package org.astropool.examples.supernova;

/**
 * Supernovae with their redshifts and brightness. The arrays have one element a supernova and are not to be changed.
 *
 * @param cosmological redshifts without peculiar motions, above 0
 * @param heliocentric redshifts as observed, above -1
 * @param brightness standardised magnitudes or distance moduli, up to a constant, in mag
 * @param precision inverse covariance of the brightness
 */
record HubbleDiagram(double[] cosmological, double[] heliocentric, double[] brightness, PrecisionMatrix precision) {}
