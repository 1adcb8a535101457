package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The training set of examples/jobs, with more points than fit into the heap of the master. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingSetIT {
    private static final Path JOB = Command.CHECKOUT.resolve("examples/jobs/training-set.toml");
    private static final int DRAWS = 24_000;
    /** A quarter of it may hold outputs; those of all points need 18 MiB. */
    private static final String SMALL_HEAP = "-Xmx64m -XX:TieredStopAtLevel=1";

    private static final String READ_BACK = """
            import glob, sys
            import h5py, numpy
            from astropy.table import Table
            names = sorted(glob.glob(sys.argv[1] + "/training-*.npz"))
            assert len(names) == 3, names
            shards = [numpy.load(name) for name in names]
            theta = numpy.concatenate([shard["theta"] for shard in shards])
            x = numpy.concatenate([shard["x"] for shard in shards])
            assert theta.shape == (24000, 2) and x.shape == (24000, 100), (theta.shape, x.shape)
            assert theta.flags.c_contiguous and theta.dtype == "float64"
            assert list(shards[0]["theta_names"]) == ["omega_m", "w"]
            assert list(shards[0]["x_names"][:2]) == ["moduli[0]", "moduli[1]"]
            assert numpy.array_equal(numpy.concatenate([shard["index"] for shard in shards]), numpy.arange(24000))
            # a Sobol sequence in the flat prior: every interval has the same number of points, up to one
            counts = numpy.histogram(theta[:16384, 0], bins=64, range=(0.1, 0.6))[0]
            assert counts.min() >= 255 and counts.max() <= 257, counts
            assert -2 <= theta[:, 1].min() and theta[:, 1].max() <= -0.4
            # the numerical integral of the same universe; what is left is the scatter
            z = 0.01 + numpy.arange(100) * 0.99 / 99
            fine = numpy.linspace(0, 1, 20001)
            for i in (0, 777, 23999):
                om, w = theta[i]
                inverse = 1 / numpy.sqrt(om * (1 + fine) ** 3 + (1 - om) * (1 + fine) ** (3 * (1 + w)))
                distance = numpy.concatenate([[0], numpy.cumsum((inverse[1:] + inverse[:-1]) / 2 * numpy.diff(fine))])
                mu = 5 * numpy.log10((1 + z) * 299792.458 / 70 * numpy.interp(z, fine, distance)) + 25
                rest = x[i] - mu
                assert abs(rest.mean()) < 0.06 and 0.07 < rest.std() < 0.13, (i, rest.mean(), rest.std())
            for number, shard in enumerate(shards):
                with h5py.File(sys.argv[1] + "/training-%05d.hdf5" % number) as hdf5:
                    assert numpy.array_equal(hdf5["theta"][:], shard["theta"])
                    assert numpy.array_equal(hdf5["x"][:], shard["x"])
                    assert [name.decode() for name in hdf5.attrs["theta_names"]] == ["omega_m", "w"]
                fits = Table.read(sys.argv[1] + "/training-%05d.fits" % number)
                assert fits["moduli"].shape == shard["x"].shape and str(fits["moduli"].unit) == "mag"
                assert numpy.array_equal(fits["moduli"], shard["x"])
                assert numpy.array_equal(fits["w"], shard["theta"][:, 1])
            """;

    @TempDir
    private static Path temp;

    private Path whole;

    @BeforeAll
    void runUndisturbed() throws Exception {
        whole = temp.resolve("whole");
        run(Command.astropool("run"), "whole").run().with(0);
    }

    private Command run(Command command, String out) {
        return command.and(
                        JOB.toString(),
                        "--out",
                        temp.resolve(out).toString(),
                        "--set",
                        "design.draws=" + DRAWS,
                        "--set",
                        "output.formats=[\"npz\",\"hdf5\",\"fits\"]",
                        "--set",
                        "output.shard_rows=9000")
                .with("ASTROPOOL_JAVA_OPTS", SMALL_HEAP);
    }

    private static Map<String, String> shards(Path out) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("training-"))
                    .toList()) {
                content.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void filesAreTheSameAfterTheMasterWasKilledAndRanksWentOn(Mpiexec mpiexec) throws Exception {
        String out = "then-" + mpiexec.toString().replaceAll("[^A-Za-z]+", "-");
        Path journal = temp.resolve(out).resolve("journal/points.journal");
        Running running =
                run(Command.astropool("run", "--pool", "processes"), out).start();
        running.await(() -> Files.exists(journal) && Files.size(journal) > (1 << 20));
        running.signal("KILL");
        running.end(java.time.Duration.ofSeconds(5)).with(128 + 9);

        run(Command.astropool(mpiexec, "run", "--resume"), out).run().with(0);

        assertThat(shards(temp.resolve(out))).isEqualTo(shards(whole)).hasSize(9);
    }

    @Test
    void numpyAstropyAndH5pyReadTheFiles() throws Exception {
        Needs.astropy();
        Needs.h5py();
        Path script = Files.writeString(temp.resolve("read.py"), READ_BACK);
        Process python = new ProcessBuilder(TablesIT.PYTHON, script.toString(), whole.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
    }

    @Test
    void aFileThatWouldNotFitIntoTheHeapIsRefused() throws Exception {
        assertThat(run(Command.astropool("run"), "refused")
                        .and("--set", "output.shard_rows=24000")
                        .run()
                        .with(2)
                        .err())
                .contains("an HDF5 file is in memory while it is written", "output.shard_rows");
        assertThat(temp.resolve("refused")).doesNotExist();
    }

    @Test
    void statusAndReportReadWhatIsLargerThanTheHeap() throws Exception {
        Path table = temp.resolve("rows.npz");

        for (List<String> words : List.of(
                List.of("status", whole.toString(), "--table", table.toString()),
                List.of(
                        "report",
                        whole.toString(),
                        "--out",
                        temp.resolve("page.html").toString()))) {
            Command.astropool(words.toArray(String[]::new))
                    .with("ASTROPOOL_JAVA_OPTS", SMALL_HEAP)
                    .run()
                    .with(0);
        }

        assertThat(Files.size(table)).isGreaterThan(DRAWS * 100L * Double.BYTES);
        assertThat(temp.resolve("page.html")).content().doesNotContain("give more, for instance");
    }
}
