/**
 * How a carrier is chosen by its name, opened, and used by a pool or by a worker. Each carrier implements
 * {@link org.astropool.internal.carrier.CarrierProvider} in a package of its own; beside it, only {@code Launch} and
 * the API name carriers. Depends on {@code worker} and {@code transport}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.carrier;
