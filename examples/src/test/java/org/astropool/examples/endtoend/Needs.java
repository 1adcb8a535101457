package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What some tests need of the machine: without it they are skipped, and fail where {@code CI=true}. */
final class Needs {
    private Needs() {}

    /** @param what only root can do */
    static void root(String what) throws IOException {
        boolean root = Files.exists(Path.of("/proc/self"))
                && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        assume(root, "only root can " + what);
    }

    static void program(String name, String debianPackage) {
        boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        assume(found, name + " is not on the PATH; install the package " + debianPackage);
    }

    static void astropy() throws IOException, InterruptedException {
        Process python = new ProcessBuilder(TablesIT.PYTHON, "-c", "import astropy")
                .redirectErrorStream(true)
                .start();
        assume(python.waitFor() == 0, TablesIT.PYTHON + " has no astropy; install the package python3-astropy");
    }

    static void h5py() throws IOException, InterruptedException {
        Process python = new ProcessBuilder(TablesIT.PYTHON, "-c", "import h5py")
                .redirectErrorStream(true)
                .start();
        assume(python.waitFor() == 0, TablesIT.PYTHON + " has no h5py; install the package python3-h5py");
    }

    static void mpi4py() throws IOException, InterruptedException {
        Process python = new ProcessBuilder(TablesIT.PYTHON, "-c", "import mpi4py")
                .redirectErrorStream(true)
                .start();
        assume(python.waitFor() == 0, TablesIT.PYTHON + " has no mpi4py; install the package python3-mpi4py");
    }

    static void assume(boolean condition, String hint) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(condition).as(hint).isTrue();
        }
        assumeTrue(condition, hint);
    }
}
