package org.astropool.internal.transport.hazelcast;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's side of a pool over Hazelcast: the member that listens, the files that tell workers where, and the
 * workers that are started on this machine.
 */
final class HazelcastHost implements CarrierSession {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastHost.class);

    private final HazelcastMaster carrier;
    private final CommunicationThread communication;
    private final int threads;
    private final Path secretFile;
    private final boolean madeSecret;
    private final @Nullable Path temporaryFolder;
    private final @Nullable Path addressFile;
    private final CompletableFuture<String> givenUp = new CompletableFuture<>();
    private @Nullable LocalWorkers localWorkers;

    private HazelcastHost(
            HazelcastMaster carrier,
            CommunicationThread communication,
            int threads,
            Path secretFile,
            boolean madeSecret,
            @Nullable Path temporaryFolder,
            @Nullable Path addressFile) {
        this.carrier = carrier;
        this.communication = communication;
        this.threads = threads;
        this.secretFile = secretFile;
        this.madeSecret = madeSecret;
        this.temporaryFolder = temporaryFolder;
        this.addressFile = addressFile;
    }

    /**
     * Listens, and starts the workers that the request asks for.
     *
     * @throws CarrierException when that is not possible; then nothing is left
     */
    static HazelcastHost open(CarrierRequest request) throws CarrierException {
        CommunicationThread communication = new CommunicationThread("astropool-communication", false);
        CarrierRequest.Joining joining = request.joining();
        Path temporaryFolder = null;
        Path secretFile = joining.secretFile();
        if (secretFile == null) {
            temporaryFolder = temporaryFolder();
            secretFile = temporaryFolder.resolve("secret");
        }
        Endpoint endpoint = endpoint(joining.listen(), request.ranks().severalNodes());
        boolean made = !Files.exists(secretFile);
        Secret secret = made ? Secret.create(secretFile) : Secret.read(secretFile);
        int expected = request.workers() + request.ranks().size() - 1;
        HazelcastMaster carrier;
        try {
            carrier = HazelcastMaster.open(endpoint, expected, secret, communication);
        } catch (CarrierException e) {
            if (made) {
                delete(secretFile);
            }
            throw e;
        }
        HazelcastHost host = new HazelcastHost(
                carrier, communication, request.threads(), secretFile, made, temporaryFolder, joining.addressFile());
        try {
            host.announce();
            host.startWorkers(request);
            return host;
        } catch (CarrierException e) {
            host.close();
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

    private void startWorkers(CarrierRequest request) throws CarrierException {
        if (request.workers() == 0) {
            return;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = request.threads() > 0
                ? request.threads()
                : Math.max(1, processors / (request.workers() * request.coresPerTask()));
        localWorkers = LocalWorkers.start(
                request.workers(),
                threads,
                request.classLoader(),
                carrier.endpoint(),
                secretFile,
                request.children(),
                reason -> {
                    LOG.warn("{}", reason);
                    givenUp.complete(reason);
                });
    }

    @Override
    public Optional<Carrier> carrier() {
        return Optional.of(carrier);
    }

    @Override
    public CommunicationThread communication() {
        return communication;
    }

    @Override
    public void begin() {
        communication.start();
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public boolean masterMayEvaluate() {
        return false;
    }

    @Override
    public WorkerPolicy workerPolicy() {
        return WorkerPolicy.OPEN;
    }

    @Override
    public boolean workersMayHaveOtherCode() {
        return true;
    }

    @Override
    public Optional<String> invitation() {
        return Optional.of("astropool worker --join " + carrier.endpoint() + " --secret-file " + secretFile);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing comes after it
    public void onWorkersGivenUp(Consumer<String> listener) {
        givenUp.thenAccept(listener);
    }

    @Override
    public void onCarrierLost(Consumer<String> listener) {
        carrier.onFailure(listener);
    }

    @Override
    public void close(boolean clean) {
        close();
        communication.stop();
    }

    private void close() {
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
