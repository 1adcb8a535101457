package org.astropool.internal.transport;

/** Provides a carrier between processes that a launcher has started together. */
public interface LaunchedCarrierProvider extends CarrierProvider {

    /**
     * Joins the carrier, or counts one more user of it.
     *
     * @param arguments those of {@code main}, because some launchers tell a process by them who it is
     * @throws CarrierException when that fails; the message says why and what to do
     */
    Carrier join(String... arguments) throws CarrierException;
}
