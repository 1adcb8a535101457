package org.astropool.internal.transport.hazelcast;

import java.util.Optional;
import org.astropool.internal.transport.CarrierProvider;

/** The carrier "hazelcast". Looks for Hazelcast before it touches a class that needs it. */
public final class HazelcastProvider implements CarrierProvider {
    private static final String HAZELCAST = "com.hazelcast.client.HazelcastClient";
    private static final String HKDF = "at.favre.lib.hkdf.HKDF";

    @Override
    public String name() {
        return "hazelcast";
    }

    @Override
    public Optional<String> unavailableBecause() {
        try {
            Class.forName(HAZELCAST, false, HazelcastProvider.class.getClassLoader());
            Class.forName(HKDF, false, HazelcastProvider.class.getClassLoader());
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("Hazelcast or HKDF is not on the class path; add com.hazelcast:hazelcast and"
                    + " at.favre.lib:hkdf");
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
