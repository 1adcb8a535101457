package org.astropool.transport;

/** Provides a carrier between processes that a launcher has started together. */
public interface LaunchedCarrierProvider extends CarrierProvider {

    /**
     * Joins the carrier, or counts one more user of it.
     *
     * @throws CarrierException when that fails; the message says why and what to do
     */
    Carrier join() throws CarrierException;
}
