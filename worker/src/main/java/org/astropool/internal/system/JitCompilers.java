package org.astropool.internal.system;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.ObjectName;

/** The compilers of this JVM. Stateless, but for what it has changed in the JVM. */
public final class JitCompilers {
    /** Set by the launcher script: no other program runs in this JVM, so that it may be tuned. */
    public static final String OWN_JVM = "astropool.own.jvm";

    private static final String DIRECTIVES = "[{ match: \"*.*\", c2: { Exclude: true } }]";
    private static final AtomicBoolean LIMITED = new AtomicBoolean();

    private JitCompilers() {}

    /**
     * From now on the JVM compiles with its first compiler alone, if it runs astropool alone. Where other programs
     * evaluate, Java hands out and waits, and the second compiler would take the processors from those programs for the
     * first seconds. Not an option of the command line, because the launcher script does not know what a job evaluates,
     * nor do the ranks before the master tells them.
     */
    public static void leaveProcessorsToPrograms() {
        if (!Boolean.getBoolean(OWN_JVM) || !LIMITED.compareAndSet(false, true)) {
            return;
        }
        try {
            Path file = Files.createTempFile("astropool-", ".json");
            try {
                Files.writeString(file, DIRECTIVES);
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "compilerDirectivesAdd",
                                new Object[] {new String[] {file.toString()}},
                                new String[] {String[].class.getName()});
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (JMException | IOException | RuntimeException e) {
            // a JVM other than HotSpot, or no place for the file: only the first seconds are slower
        }
    }
}
