package org.astropool.internal.transport.hazelcast;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.ElasticWorker;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.worker.CodeDigest;
import org.astropool.internal.worker.WorkerIdentity;

/** The carrier "hazelcast". Looks for Hazelcast before it touches a class that needs it. */
public final class HazelcastProvider implements CarrierProvider {
    private static final String HAZELCAST = "com.hazelcast.client.HazelcastClient";
    private static final String HKDF = "at.favre.lib.hkdf.HKDF";

    @Override
    public String name() {
        return "hazelcast";
    }

    @Override
    public Start start() {
        return Start.BY_JOINING;
    }

    @Override
    public CarrierSession open(CarrierRequest request) throws CarrierException {
        return request.ranks().rank() > 0 ? JoiningSession.of(request) : HazelcastHost.open(request);
    }

    @Override
    public ElasticWorker worker(
            String address, Path secretFile, CarrierRequest request, CodeDigest code, Consumer<String> notices)
            throws CarrierException {
        Endpoint endpoint = Endpoint.ofMaster(address);
        Secret.read(secretFile); // before anything is waited for
        return new RemoteWorker(
                new MasterAddress.Given(endpoint, secretFile),
                request.threads(),
                request.classLoader(),
                WorkerIdentity.ofThisProcess().withCode(code),
                request.children(),
                notices);
    }

    @Override
    public Optional<String> unavailableBecause() {
        try {
            Class.forName(HAZELCAST, false, HazelcastProvider.class.getClassLoader());
            Class.forName(HKDF, false, HazelcastProvider.class.getClassLoader());
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("Hazelcast or HKDF is not on the class path; add com.hazelcast:hazelcast and"
                    + " at.favre.lib:hkdf (a modular program"
                    + " also needs the option --add-modules java.se,jdk.unsupported,at.favre.lib.hkdf)");
        }
    }

    @Override
    public String details() {
        return unavailableBecause().orElseGet(() -> "Hazelcast " + version() + " on the class path");
    }

    /** From the manifest of its jar. */
    static String version() {
        try {
            Package found = Class.forName(HAZELCAST, false, HazelcastProvider.class.getClassLoader())
                    .getPackage();
            String version = found.getImplementationVersion();
            return version == null ? "of an unknown version" : version;
        } catch (ClassNotFoundException e) {
            return "of no version";
        }
    }
}
