package org.astropool.internal.transport.mpj;

import java.util.Optional;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.LaunchedCarrierProvider;

/** The carrier "mpj". MPJ Express is on the class path of the processes alone that its launcher has started. */
public final class MpjProvider implements LaunchedCarrierProvider {

    @Override
    public String name() {
        return "mpj";
    }

    @Override
    public Optional<String> unavailableBecause() {
        if (isOnClassPath()) {
            return Optional.empty();
        }
        return Optional.of(
                MpjInstallation.find(System.getenv()).isPresent()
                        ? "MPJ Express did not start this process; " + MpjInstallation.HOW_TO_START
                        : "MPJ Express is not installed; " + MpjInstallation.HOW_TO_INSTALL + ", then "
                                + MpjInstallation.HOW_TO_START);
    }

    @Override
    public String details() {
        return MpjInstallation.find(System.getenv())
                .map(found -> found.version() + " in " + found.home())
                .orElse("MPJ Express is not installed");
    }

    @Override
    public Carrier join(String... arguments) throws CarrierException {
        return MpjWorld.join(arguments);
    }

    private static boolean isOnClassPath() {
        return MpjProvider.class.getClassLoader().getResource("mpi/MPI.class") != null;
    }
}
