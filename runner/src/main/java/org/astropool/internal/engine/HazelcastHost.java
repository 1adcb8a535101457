package org.astropool.internal.engine;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.hazelcast.Endpoint;
import org.astropool.internal.transport.hazelcast.HazelcastMaster;
import org.astropool.internal.transport.hazelcast.MasterAddress;
import org.astropool.internal.transport.hazelcast.Secret;
import org.astropool.internal.worker.LocalWorkers;
import org.astropool.pool.JoinOptions;
import org.astropool.pool.PoolOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where workers join a pool over Hazelcast: the listening carrier, the files that tell them, and those started here.
 */
final class HazelcastHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastHost.class);

    private final HazelcastMaster carrier;
    private final Path secretFile;
    private final boolean madeSecret;
    private final @Nullable Path temporaryFolder;
    private final @Nullable Path addressFile;
    private final CompletableFuture<String> givenUp = new CompletableFuture<>();
    private @Nullable LocalWorkers localWorkers;

    private HazelcastHost(
            HazelcastMaster carrier,
            Path secretFile,
            boolean madeSecret,
            @Nullable Path temporaryFolder,
            @Nullable Path addressFile) {
        this.carrier = carrier;
        this.secretFile = secretFile;
        this.madeSecret = madeSecret;
        this.temporaryFolder = temporaryFolder;
        this.addressFile = addressFile;
    }

    /**
     * Listens, and starts the workers that the options ask for.
     *
     * @param ranks how many other ranks of a launcher will come
     * @param severalNodes whether they may be on other machines
     * @throws CarrierException when that is not possible; then nothing is left
     */
    static HazelcastHost open(PoolOptions options, int ranks, boolean severalNodes, CommunicationThread communication)
            throws CarrierException {
        JoinOptions joining = options.joining();
        Path temporaryFolder = null;
        Path secretFile = joining.secretFile();
        if (secretFile == null) {
            temporaryFolder = temporaryFolder();
            secretFile = temporaryFolder.resolve("secret");
        }
        Endpoint endpoint = endpoint(joining.listen(), severalNodes);
        boolean made = !Files.exists(secretFile);
        Secret secret = made ? Secret.create(secretFile) : Secret.read(secretFile);
        int expected = options.workers() + ranks;
        HazelcastMaster carrier;
        try {
            carrier = HazelcastMaster.open(endpoint, expected, secret, communication);
        } catch (CarrierException e) {
            if (made) {
                delete(secretFile);
            }
            throw e;
        }
        HazelcastHost reception = new HazelcastHost(carrier, secretFile, made, temporaryFolder, joining.addressFile());
        try {
            reception.announce();
            reception.startWorkers(options);
            return reception;
        } catch (CarrierException e) {
            reception.close();
            throw e;
        }
    }

    private static Endpoint endpoint(String listen, boolean severalNodes) throws CarrierException {
        if (!listen.isEmpty()) {
            return Endpoint.parse(listen, 0);
        }
        InetAddress address = severalNodes ? ownAddress() : InetAddress.getLoopbackAddress();
        return new Endpoint(address.getHostAddress(), 0);
    }

    /** What other nodes call this one; on many systems its own name stands for a loopback address. */
    private static InetAddress ownAddress() throws CarrierException {
        try {
            InetAddress named = InetAddress.getLocalHost();
            if (!named.isLoopbackAddress()) {
                return named;
            }
        } catch (UnknownHostException e) {
            LOG.debug("the name of this node stands for no address: {}", e.toString());
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address
                            && !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress())
                    .findFirst()
                    .orElseThrow(() -> new CarrierException("this node has no address at which others can reach it;"
                            + " name one by --listen ADDRESS, see ip addr"));
        } catch (IOException e) {
            throw new CarrierException(
                    "this node does not know its own address: " + e.getMessage()
                            + "; say by --listen ADDRESS where others can reach it",
                    e);
        }
    }

    private static Path temporaryFolder() throws CarrierException {
        try {
            return Files.createTempDirectory("astropool");
        } catch (IOException e) {
            throw new CarrierException("no folder for the secret can be made: " + e, e);
        }
    }

    private void announce() throws CarrierException {
        if (addressFile != null) {
            new MasterAddress.InFiles(addressFile, secretFile).write(carrier.endpoint());
        }
    }

    private void startWorkers(PoolOptions options) throws CarrierException {
        if (options.workers() == 0) {
            return;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = options.threads() > 0
                ? options.threads()
                : Math.max(1, processors / (options.workers() * options.coresPerTask()));
        localWorkers = LocalWorkers.start(
                options.workers(),
                threads,
                options.classLoader(),
                carrier.endpoint(),
                secretFile,
                options.workerOutput(),
                reason -> {
                    LOG.warn("{}", reason);
                    givenUp.complete(reason);
                });
    }

    HazelcastMaster carrier() {
        return carrier;
    }

    /** Has it told, on another thread, when a worker that was started here cannot work; with why. */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing comes after it
    void onGivenUp(Consumer<String> listener) {
        givenUp.thenAccept(listener);
    }

    /** The command that makes another machine a worker of this pool. */
    String invitation() {
        return "astropool worker --join " + carrier.endpoint() + " --secret-file " + secretFile;
    }

    @Override
    public void close() {
        if (addressFile != null) {
            delete(addressFile);
        }
        if (madeSecret) {
            delete(secretFile);
        }
        if (temporaryFolder != null) {
            delete(temporaryFolder);
        }
        carrier.close();
        if (localWorkers != null) {
            localWorkers.close();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file, e.toString());
        }
    }
}
