package org.astropool.internal.transport.mpj;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Runs a main class, or a command of astropool, as three ranks of MPJ Express. */
public enum Mpjrun {
    /** One JVM. */
    MULTICORE("scripts/astropool-mpjrun", List.of("-np", "3")),
    /** A JVM for each rank, in a network namespace with a daemon of its own. */
    CLUSTER("worker/src/test/sh/mpj-cluster.sh", List.of("3"));

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final List<String> start;

    Mpjrun(String script, List<String> options) {
        List<String> words = new ArrayList<>(
                List.of(Path.of("..", script).toAbsolutePath().normalize().toString()));
        words.addAll(options);
        start = List.copyOf(words);
    }

    /** Skips the test when MPJ Express is not installed; under {@code CI=true} that is a failure. */
    public Mpjrun requireInstalled() {
        require(
                MpjInstallation.find(System.getenv()).isPresent(),
                "MPJ Express is not installed; " + MpjInstallation.HOW_TO_INSTALL);
        if (this == CLUSTER) {
            require("root".equals(System.getProperty("user.name")), "only root can make network namespaces");
            require(
                    Stream.of("/usr/sbin/ip", "/sbin/ip", "/bin/ip").anyMatch(ip -> Files.isExecutable(Path.of(ip))),
                    "there is no ip; install the package iproute2");
        }
        return this;
    }

    private static void require(boolean condition, String missing) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(condition, missing);
        }
        Assumptions.assumeTrue(condition, missing);
    }

    /** Runs a main class with the class path of this JVM. */
    public Mpiexec.Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(List.of(arguments));
        return Mpiexec.run(
                requireInstalled().line(words), Map.of("JAVA_HOME", System.getProperty("java.home")), TIMEOUT);
    }

    /** The words that start a command of astropool on three ranks. */
    public List<String> line(List<String> command) {
        List<String> words = new ArrayList<>(start);
        words.addAll(command);
        return words;
    }
}
