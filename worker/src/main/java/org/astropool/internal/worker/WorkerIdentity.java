package org.astropool.internal.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.astropool.internal.protocol.Message;

/**
 * What a worker process tells the master about itself.
 *
 * @param release astropool's version
 * @param host name of the host
 * @param pid process id
 * @param affinity the processors that the process may use, as the kernel writes them, or "" when unknown
 * @param code digests of the user's code that this process was given separately ({@link CodeDigest}); "" when it was
 *     started together with the master
 * @param processors how many processors the process may use: those of the affinity, or fewer where a cgroup says so
 */
public record WorkerIdentity(String release, String host, long pid, String affinity, String code, int processors) {

    /** This process. */
    public static WorkerIdentity ofThisProcess() {
        return new WorkerIdentity(
                astropoolVersion(),
                hostName(),
                ProcessHandle.current().pid(),
                affinityMask(),
                "",
                Runtime.getRuntime().availableProcessors());
    }

    /** With the user's code. */
    public WorkerIdentity withCode(CodeDigest digest) {
        return new WorkerIdentity(release, host, pid, affinity, digest.text(), processors);
    }

    Message.Hello hello(int threads) {
        return new Message.Hello(Message.VERSION, release, host, pid, affinity, threads, code, processors);
    }

    /** astropool's version, from the manifest of its jar; "development" when it does not come from one. */
    public static String astropoolVersion() {
        String version = WorkerIdentity.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip(); // no look-up that can hang
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "localhost";
            }
        }
    }

    private static String affinityMask() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException | java.io.UncheckedIOException e) {
            return ""; // not Linux
        }
    }
}
