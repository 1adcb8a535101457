package org.astropool.internal.job;

/** The version of this program. */
public final class Version {
    private Version() {}

    /** For instance {@code astropool 0.1.0}. */
    public static String text() {
        return "astropool " + number();
    }

    /** From the manifest; "unknown" when the classes are not in a jar. */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
