package org.astropool.examples.endtoend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks on two hosts: network namespaces that are joined by TCP alone. */
class TwoHostsIT {
    private static final Path TWO_HOSTS = Path.of("src/test/sh/two-hosts.sh").toAbsolutePath();

    @TempDir
    private static Path temp;

    private static Results serial;

    @BeforeAll
    static void evaluateSerially() throws Exception {
        Needs.root("make network namespaces");
        Needs.program("ip", "iproute2");
        serial = SupernovaGrid.serially(temp);
    }

    /** Of three ranks the first is the master, and the others are on different hosts. */
    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void twoHostsEvaluateTheSameGrid(Mpiexec mpiexec) throws Exception {
        String family = mpiexec.requireInstalled().toString().replace("mpiexec.", "");
        Path output = temp.resolve(family);
        List<String> words = new ArrayList<>(List.of(TWO_HOSTS.toString(), family, "-n", "3"));
        words.addAll(Command.astropoolWords("run"));
        words.addAll(List.of(SupernovaGrid.arguments(output)));

        Results results = SupernovaGrid.run(Command.of(words), output);

        SupernovaGrid.assertSameFrom(results, serial, "host1", "host2");
    }
}
