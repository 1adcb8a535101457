package org.astropool.internal.transport.mpj;

import java.util.Optional;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.RankSession;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;

/** The carrier "mpj". MPJ Express is on the class path of the processes alone that its launcher has started. */
public final class MpjProvider implements CarrierProvider {

    @Override
    public String name() {
        return "mpj";
    }

    @Override
    public Start start() {
        return Start.BY_LAUNCHER;
    }

    @Override
    public Optional<String> launcher() {
        return Optional.of("astropool-mpjrun -np N");
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
    public CarrierSession open(CarrierRequest request) throws CarrierException {
        return new RankSession(join(request.ranks().words().toArray(String[]::new)), request);
    }

    /**
     * Joins the other ranks, or counts one more user.
     *
     * @param words that the launcher has put before the arguments of {@code main}
     */
    static Carrier join(String... words) throws CarrierException {
        return MpjWorld.join(words);
    }

    private static boolean isOnClassPath() {
        return MpjProvider.class.getClassLoader().getResource("mpi/MPI.class") != null;
    }
}
