package org.astropool.internal.carrier;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.worker.CodeDigest;

/**
 * One kind of carrier: finds out whether it can be used here, and opens it. Found by {@link ServiceLoader}, so that a
 * further carrier is a package and a service file. Never throws while it is loaded. Stateless.
 */
public interface CarrierProvider {

    /** How the processes of a pool come together. */
    enum Start {
        /** The master starts all workers itself, on its own machine. Under a launcher each rank would be a master. */
        BY_MASTER,
        /** A launcher has started all processes as ranks; rank 0 is the master. */
        BY_LAUNCHER,
        /** Workers join a master that listens; the ranks of any launcher may be such workers. */
        BY_JOINING
    }

    /** The name used by {@code --pool}. */
    String name();

    Start start();

    /** The command that starts its ranks, for instance {@code mpiexec -n N}; empty where none is needed. */
    default Optional<String> launcher() {
        return Optional.empty();
    }

    /** Why the carrier cannot be used here, with what to install or set; empty when it can. Starts nothing. */
    default Optional<String> unavailableBecause() {
        return Optional.empty();
    }

    /** What was found: library, path, version; "" when there is nothing to say. Starts nothing. */
    default String details() {
        return "";
    }

    /**
     * Opens the carrier for one pool.
     *
     * @throws CarrierException when that fails; the message says why and what to do. Nothing is left then
     */
    CarrierSession open(CarrierRequest request) throws CarrierException;

    /**
     * A worker for a master elsewhere.
     *
     * @param address of the master, HOST:PORT
     * @param secretFile what master and workers know and nobody else
     * @param request of which the threads, the class loader and the settings of children count
     * @param code the user's code that this worker has
     * @param notices is told when this worker has joined, and when it has lost the master
     * @throws CarrierException when workers cannot join this carrier, the address is none, or the file cannot be read
     *     or can be read by others than its owner
     */
    default ElasticWorker worker(
            String address, Path secretFile, CarrierRequest request, CodeDigest code, Consumer<String> notices)
            throws CarrierException {
        throw new CarrierException("carrier " + name() + " admits no workers after its start");
    }

    /** All that are on the class path, in no particular order. */
    static List<CarrierProvider> all() {
        return ServiceLoader.load(CarrierProvider.class, CarrierProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
