package org.astropool.internal.transport;

import java.util.Optional;

/**
 * Finds out whether a carrier can be used here. Found by {@link java.util.ServiceLoader}; never throws while loading.
 */
public interface CarrierProvider {

    /** The name used by {@code --pool}. */
    String name();

    /** Why the carrier cannot be used here, with what to install or set; empty when it can. Starts nothing. */
    Optional<String> unavailableBecause();

    /** What was found, for people: library, path, version. Starts nothing. */
    String details();
}
