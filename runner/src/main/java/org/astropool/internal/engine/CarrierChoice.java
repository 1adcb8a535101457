package org.astropool.internal.engine;

import java.util.Collection;
import java.util.stream.Collectors;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierProvider.Start;
import org.astropool.internal.launch.Launch;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;

/** Which carrier a pool uses, from what was asked for and how this process was started. Stateless. */
final class CarrierChoice {
    private static final String AUTO = "auto";
    private static final String THREADS = "threads";

    private CarrierChoice() {}

    /**
     * The carrier of a program that is run by each rank of a launcher ({@link org.astropool.pool.Pool#run}). A function
     * of its arguments alone.
     *
     * @param name what was asked for
     * @param providers the carriers that there are
     * @throws PoolException when there is no such carrier, or with it the program would run once for every rank
     */
    static CarrierProvider forRanks(String name, Launch launch, Collection<CarrierProvider> providers) {
        if (name.equals(AUTO)) {
            return named(automatic(launch), providers);
        }
        CarrierProvider provider = named(name, providers);
        if (provider.start() == Start.BY_MASTER && launch.size() > 1) {
            throw refused(launch.launcher().description() + " started " + launch.size() + " ranks; with carrier " + name
                    + " each would run everything. Use carrier auto, or one rank");
        }
        if (provider.start() == Start.BY_LAUNCHER && !launch.carrier().equals(name)) {
            requireAvailable(provider);
            throw refused("carrier " + name + ", but " + launch.launcher().description()
                    + " started this process; start it as: "
                    + provider.launcher().orElseThrow() + " COMMAND");
        }
        return provider;
    }

    private static String automatic(Launch launch) {
        if (launch.launcher() == Launch.Launcher.SRUN_WITHOUT_MPI) {
            throw refused("srun started " + launch.size() + " tasks without MPI, so they cannot find each other and"
                    + " each would run everything; use srun --mpi=pmix or --mpi=pmi2, or mpiexec,"
                    + " or --pool hazelcast");
        }
        return launch.size() > 1 && !launch.carrier().isEmpty() ? launch.carrier() : THREADS;
    }

    /**
     * The carrier of a pool that this process opens by itself ({@link org.astropool.pool.Pool#open}). A function of its
     * arguments alone.
     *
     * @throws PoolException when there is no such carrier, or it needs a launcher
     */
    static CarrierProvider forThisProcess(String name, Collection<CarrierProvider> providers) {
        CarrierProvider provider = named(name.equals(AUTO) ? THREADS : name, providers);
        provider.launcher().ifPresent(launcher -> {
            throw refused("carrier " + name + " needs a launcher: use Pool.run(...) in a program that is started by "
                    + launcher.split(" ")[0]);
        });
        return provider;
    }

    /** @throws PoolException when there is none of that name, or it cannot be used here; says why */
    static CarrierProvider provider(String name) {
        CarrierProvider provider = named(name, CarrierProvider.all());
        requireAvailable(provider);
        return provider;
    }

    private static void requireAvailable(CarrierProvider provider) {
        provider.unavailableBecause().ifPresent(reason -> {
            throw refused("carrier " + provider.name() + ": " + reason);
        });
    }

    private static CarrierProvider named(String name, Collection<CarrierProvider> providers) {
        return providers.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> refused("no carrier \"" + name + "\"; there are auto, "
                        + providers.stream().map(CarrierProvider::name).collect(Collectors.joining(", "))));
    }

    private static PoolException refused(String message) {
        return new PoolException(Reason.ENVIRONMENT, message);
    }
}
