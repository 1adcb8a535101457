package org.astropool.internal.transport.mpi;

import java.util.Optional;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.RankSession;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;

/** The carrier "mpi". Looks for JNA before it touches a class that needs it. */
public final class MpiProvider implements CarrierProvider {
    private static final String JNA = "com.sun.jna.Native";
    private static final String JNA_FOLDER = "jna.tmpdir";
    private static final String JNA_PATH = "jna.platform.library.path";

    @Override
    public String name() {
        return "mpi";
    }

    @Override
    public Start start() {
        return Start.BY_LAUNCHER;
    }

    @Override
    public Optional<String> launcher() {
        return Optional.of("mpiexec -n N");
    }

    @Override
    public Optional<String> unavailableBecause() {
        MpiLauncher launcher = MpiLauncher.of(System.getenv());
        if (!launcher.present()) {
            return Optional.of("this process was started by " + launcher.name()
                    + "; start it with mpiexec -n N, or srun --mpi=pmix or --mpi=pmi2");
        }
        try {
            requireJna();
            MpiLibrary.load(launcher);
            return Optional.empty();
        } catch (CarrierException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String details() {
        MpiLauncher launcher = MpiLauncher.of(System.getenv());
        try {
            requireJna();
            String libraries =
                    launcher.present() ? MpiLibrary.load(launcher).describe() : MpiLibrary.installed(launcher);
            return libraries + "\nstarted by " + launcher.name();
        } catch (CarrierException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public CarrierSession open(CarrierRequest request) throws CarrierException {
        return new RankSession(join(), request);
    }

    /** Joins the other ranks, or counts one more user. */
    static Carrier join() throws CarrierException {
        requireJna();
        return MpiWorld.join(MpiLauncher.of(System.getenv()));
    }

    private static void requireJna() throws CarrierException {
        // Else JNA unpacks its native part below the home directory, on a cluster a network drive that all ranks share.
        if (System.getProperty(JNA_FOLDER) == null) {
            System.setProperty(JNA_FOLDER, System.getProperty("java.io.tmpdir"));
        }
        // Else JNA starts ldconfig to learn where libraries are, on each rank; the loader of the system knows it
        // anyway.
        if (System.getProperty(JNA_PATH) == null
                && System.getProperty("os.name").equals("Linux")) {
            System.setProperty(JNA_PATH, "");
        }
        try {
            Class.forName(JNA);
        } catch (ClassNotFoundException e) {
            throw new CarrierException("JNA is not on the class path; add net.java.dev.jna:jna", e);
        } catch (LinkageError e) { // its native part cannot be unpacked or loaded
            throw new CarrierException(
                    "JNA cannot load its native part (" + e.getMessage() + "); set -D" + JNA_FOLDER
                            + " to a folder of this node that allows programs to be executed",
                    e);
        }
    }
}
