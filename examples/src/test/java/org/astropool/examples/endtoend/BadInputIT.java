package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * What cannot work is refused with exit code 2 before anything is evaluated, and nothing is overwritten: each command
 * here asks for the results of an earlier run to be replaced, and they must still be there.
 */
class BadInputIT {
    private static final String JOB =
            Command.CHECKOUT.resolve("examples/jobs/simulated-wcdm.toml").toString();
    private static final String NO_LIBRARY = "/nonexistent/libmpi.so";
    private static final String VERSION = "Implementation-Version";

    @TempDir
    private static Path temp;

    private static Path results;
    private static Map<Path, String> before;

    @BeforeAll
    static void writeResults() throws Exception {
        results = temp.resolve("results");
        Command.astropool("run", JOB, "--out", results.toString()).run().with(0);
        before = files(results);
    }

    @Test
    void resultsAreNotReplacedUnasked() throws Exception {
        Ended ended = Command.astropool("run", JOB, "--out", results.toString()).run();

        assertRefused(ended, results.toString(), "--overwrite", "--resume");
    }

    @Test
    void aCompleteRunIsNotDoneAgain() throws Exception {
        Ended ended = Command.astropool("run", JOB, "--out", results.toString(), "--resume")
                .run()
                .with(0);

        assertThat(ended.err()).contains("complete; nothing was evaluated");
        assertNothingOverwritten();
    }

    @Test
    void anotherJobIsNoRunToResume() throws Exception {
        Ended ended = Command.astropool("run", JOB, "--out", results.toString(), "--resume", "--seed", "5")
                .run();

        assertRefused(ended, "--resume", "holds another run");
    }

    @Test
    void anIncompleteRunCannotBeResumedYet() throws Exception {
        Path incomplete = Files.createDirectory(temp.resolve("incomplete"));
        Files.writeString(incomplete.resolve("failures.ecsv"), "kept");

        Ended ended = Command.astropool("run", JOB, "--out", incomplete.toString(), "--resume")
                .run();

        assertRefused(ended, "without a journal", "--overwrite");
        assertThat(incomplete.resolve("failures.ecsv")).hasContent("kept");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--set grid.w.count=0                  | count",
                "--set grid.w.from=0.0                 | from",
                "--set grid.w.count=100000000          | 4100000000 points",
                "--set grid.w.count=40000000           | of memory",
                "--set grid.w.cuont=3                  | did you mean",
                "--set model.options.dataset=panteon   | pantheon2018",
                "--set model.options.dataset=union3 --set model.options.data=not-there | not-there",
                "--set model.name=org.example.NotThere | org.example.NotThere",
                "--set run.retries=many                | retries",
                "--pool mpj                            | astropool-mpjrun",
                "--pool no-such-pool                   | no-such-pool",
                "--pool mpi                            | mpiexec",
                "--time-limit soon                     | no duration",
                "--workers many                        | --workers",
                "--wokers 2                            | --workers",
                "--class-path not-there.jar            | not-there.jar"
            })
    void whatCannotWorkIsRefused(String options, String said) throws Exception {
        Ended ended = Command.astropool("run", JOB, "--overwrite", "--out", results.toString())
                .and(options.split(" "))
                .with("ASTROPOOL_JAVA_OPTS", "-Xmx256m")
                .run();

        assertRefused(ended, said);
    }

    @Test
    void aFileInTheWayOfTheResultsIsRefused() throws Exception {
        Path file = Files.writeString(temp.resolve("in-the-way"), "kept");

        assertRefused(Command.astropool("run", JOB, "--out", file.toString()).run(), file.toString(), "--out");
        assertThat(file).hasContent("kept");
    }

    @Test
    void aJobFileIsRefusedWithTheLine() throws Exception {
        Path job = Files.writeString(
                temp.resolve("typo.toml"),
                Files.readString(Path.of(JOB)).replace("[grid]", "[run]\nretires = 1\n[grid]"));
        long line = Files.readString(job)
                        .lines()
                        .takeWhile(text -> !text.startsWith("retires"))
                        .count()
                + 1;

        Ended ended = Command.astropool("run", job.toString(), "--overwrite", "--out", results.toString())
                .run();

        assertRefused(ended, "typo.toml line " + line, "retires", "retries");
    }

    private static Path programJob(String kind) throws IOException {
        Files.writeString(temp.resolve("model.py"), """
                import sys
                from astropool import serve
                def y(x):
                    return x
                print("a word", file=sys.stderr)
                serve(y)
                """);
        return Files.writeString(
                temp.resolve(kind + ".toml"),
                "job.name = \"" + kind + "\"\n"
                        + (kind.equals("command")
                                ? "model.command = [\"echo\", \"{x}\"]\nmodel.outputs.y = {}\n"
                                : "model.program = [\"" + TablesIT.PYTHON + "\", \"model.py\"]\n")
                        + "grid.x = { from = 0.0, to = 1.0, count = 3 }\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/nonexistent, does not exist",
        "relative, not an absolute path",
        "/dev/null, is not a folder",
    })
    void aFolderForTemporaryFilesThatCannotBeUsedIsRefused(String folder, String said) throws Exception {
        for (String kind : List.of("command", "program")) {
            for (String verb : List.of("run", "eval")) {
                Command command = Command.astropool(verb, programJob(kind).toString());
                assertRefused(
                        (verb.equals("run") ? command.and("--overwrite", "--out", results.toString()) : command)
                                .after("env", "TMPDIR=" + folder)
                                .readingFrom(Path.of("/dev/null"))
                                .run(),
                        kind + ".toml line 2",
                        "TMPDIR " + folder,
                        said,
                        "set TMPDIR");
            }
        }
    }

    @Test
    void aFullFolderForTemporaryFilesIsRefused() throws Exception {
        Needs.root("mount a file system");
        Path disk = Files.createDirectory(temp.resolve("full"));
        for (String kind : List.of("command", "program")) {
            Ended ended = Command.astropool("run", programJob(kind).toString(), "--overwrite", "--out")
                    .and(results.toString())
                    .after(
                            "unshare",
                            "-m",
                            "sh",
                            "-c",
                            "mount -t tmpfs -o size=16k tmpfs \"$TMPDIR\" && exec \"$@\"",
                            "sh")
                    .after("env", "TMPDIR=" + disk)
                    .run();

            assertRefused(ended, "TMPDIR " + disk, "No space left on device", "make room");
        }
    }

    @Test
    void aHostNameThatStandsForNoAddressIsNoObstacle() throws Exception {
        Needs.root("have another host name");
        String[] renamed = {"unshare", "--uts", "sh", "-c", "hostname nowhere-at-all; exec \"$@\"", "sh"};
        Path output = temp.resolve("nowhere");

        Command.astropool("run", programJob("program").toString(), "--out", output.toString())
                .and("--pool", "hazelcast", "--workers", "1")
                .after(renamed)
                .run()
                .with(0);

        try (Stream<Path> logs = Files.list(output.resolve("logs"))) {
            assertThat(logs)
                    .anySatisfy(log -> assertThat(log.getFileName().toString()).startsWith("nowhere-at-all-"));
        }
        Ended mpj = overwriting(Way.MPJ_MULTICORE).after(renamed).run().with(2);
        assertRefused(mpj, "nowhere-at-all, has no address", "/etc/hosts");
    }

    @Test
    void aCheckoutThatIsNotBuiltAndCannotBeWrittenIsToldSo() throws Exception {
        Needs.root("mount a file system");
        Path checkout = Files.createDirectories(temp.resolve("read-only"));
        Files.createFile(checkout.resolve("pom.xml"));
        Path script = Files.copy(
                Command.CHECKOUT.resolve("scripts/astropool"),
                Files.createDirectory(checkout.resolve("scripts")).resolve("astropool"));

        Ended ended = Command.of(List.of(script.toString(), "run", JOB))
                .after(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -o bind,ro \"$0\" \"$0\" && exec \"$@\"",
                        checkout.toString())
                .run();

        assertRefused(ended, "not built yet", checkout + " cannot be written", "clone");
        assertThat(ended.err().lines()).hasSize(1);
    }

    @Test
    void linksOfOtherNamesStartTheLauncherAndItsWrappers() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("links"));
        Path launcher = Files.createSymbolicLink(folder.resolve("ap"), Command.CHECKOUT.resolve("scripts/astropool"));
        Path mpjrun =
                Files.createSymbolicLink(folder.resolve("apj"), Command.CHECKOUT.resolve("scripts/astropool-mpjrun"));
        Way.MPJ_MULTICORE.run(); // is it installed?

        Command.of(List.of(launcher.toString(), "--version")).run().with(0);
        Command.of(List.of(mpjrun.toString(), "-np", "2", "run", JOB, "--out"))
                .and(temp.resolve("linked").toString())
                .run()
                .with(0);
    }

    @Test
    void anOlderJavaIsRefused() throws Exception {
        Path java = Files.createDirectories(temp.resolve("java11/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        Ended ended = overwriting()
                .with("JAVA_HOME", temp.resolve("java11").toString())
                .run();

        assertRefused(ended, "11.0.2", "needs Java 17");
    }

    @Test
    void aMachineWithoutJavaIsToldSo() throws Exception {
        assertRefused(overwriting().with("JAVA_HOME", "/nonexistent").run(), "JAVA_HOME is /nonexistent");
        assertRefused(
                overwriting()
                        .with(Map.of("JAVA_HOME", "", "PATH", "/nonexistent"))
                        .run(),
                "no Java found");
    }

    @Test
    void manyRanksDoNotBuildTheDistribution() throws Exception {
        Path checkout = Files.createDirectories(temp.resolve("checkout"));
        Files.createFile(checkout.resolve("pom.xml"));
        Path script = Files.copy(
                Command.CHECKOUT.resolve("scripts/astropool"),
                Files.createDirectory(checkout.resolve("scripts")).resolve("astropool"));

        Ended ended = Command.under(Mpiexec.MPICH.ranks(2), List.of(script.toString(), "run", JOB))
                .run();

        assertRefusedByRanks(ended, "not built yet", "without mpiexec");
        assertThat(checkout.resolve("target")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"OPEN_MPI", "MPICH", "MPJ_MULTICORE", "MPJ_CLUSTER"})
    void aJobFileThatIsWrongIsToldOnce(Way way) throws Exception {
        Ended ended = overwriting(way, "--set", "grid.w.count=0").run();

        assertRefusedByRanks(ended, "grid.w.count");
        assertThat(ended.err().lines().filter(line -> line.startsWith("astropool")))
                .as(ended.toString())
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"OPEN_MPI", "MPICH", "MPJ_MULTICORE", "MPJ_CLUSTER"})
    void threadsUnderManyRanksAreRefused(Way way) throws Exception {
        assertRefusedByRanks(overwriting(way, "--pool", "threads").run(), "threads", "each would run everything");
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"OPEN_MPI", "MPICH"})
    void withoutAnMpiLibraryNothingStarts(Way way) throws Exception {
        Ended ended = overwriting(way).with("ASTROPOOL_MPI_LIBRARY", NO_LIBRARY).run();

        assertRefusedByRanks(ended, NO_LIBRARY, "install");
    }

    @ParameterizedTest
    @CsvSource({"OPEN_MPI, libmpich.so.12", "MPICH, libmpi.so.40"})
    void theLibraryOfAnotherLauncherIsRefusedByEveryRank(Way way, String library) throws Exception {
        Mpiexec.all().forEach(Mpiexec::requireInstalled);

        Ended ended = overwriting(way).with("ASTROPOOL_MPI_LIBRARY", library).run();

        assertRefusedByRanks(ended, "ASTROPOOL_MPI_LIBRARY");
    }

    @ParameterizedTest
    @CsvSource({"OPEN_MPI, Open MPI", "MPICH, MPICH"})
    void oneRankRunsAsThreadsAndSaysSo(Way way, String name) throws Exception {
        Path output = temp.resolve("one-rank-" + way);
        Mpiexec mpiexec = (way == Way.MPICH ? Mpiexec.MPICH : Mpiexec.OPEN_MPI).ranks(1);

        Ended ended = Command.astropool(mpiexec, "run", JOB, "--out", output.toString())
                .run()
                .with(0);

        assertThat(ended.err()).contains("mpiexec of " + name, "one rank", "uses threads");
        assertThat(new Results(output).summary().getString("pool")).isEqualTo("threads");
        assertThat(new Results(output).text("results.ecsv")).isEqualTo(new Results(results).text("results.ecsv"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"OPEN_MPI", "MPICH"})
    void ranksOfDifferentVersionsAreRefused(Way way) throws Exception {
        Path other = otherVersion("9.9.9", temp.resolve("other-version-" + way));
        Mpiexec mpiexec = (way == Way.MPICH ? Mpiexec.MPICH : Mpiexec.OPEN_MPI).ranks(1);
        String[] run = {"run", JOB, "--overwrite", "--out", results.toString()};

        Ended ended = Command.astropool(mpiexec, run)
                .and(":", "-n", "1", other.resolve("bin/astropool").toString())
                .and(run)
                .run();

        assertRefusedByRanks(ended, "9.9.9", "same installation");
    }

    /** A distribution whose worker jar says that it is another version. */
    private static Path otherVersion(String version, Path copy) throws IOException {
        Files.createDirectories(copy.resolve("bin"));
        Files.createDirectories(copy.resolve("lib"));
        Files.copy(Command.DISTRIBUTION.resolve("bin/astropool"), copy.resolve("bin/astropool"));
        for (Path jar : Command.jars()) {
            Path there = copy.resolve("lib").resolve(jar.getFileName());
            if (jar.getFileName().toString().startsWith("astropool-worker")) {
                withVersion(version, jar, there);
            } else {
                Files.createSymbolicLink(there, jar);
            }
        }
        return copy;
    }

    private static void withVersion(String version, Path from, Path to) throws IOException {
        try (JarFile jar = new JarFile(from.toFile())) {
            Manifest manifest = jar.getManifest();
            assertThat(manifest.getMainAttributes().put(new Attributes.Name(VERSION), version))
                    .as("the version of %s", from)
                    .isNotNull();
            try (OutputStream file = Files.newOutputStream(to);
                    JarOutputStream copy = new JarOutputStream(file, manifest)) {
                for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        copy.putNextEntry(new ZipEntry(entry.getName()));
                        try (InputStream content = jar.getInputStream(entry)) {
                            content.transferTo(copy);
                        }
                    }
                }
            }
        }
    }

    private static Command overwriting(String... options) {
        return Command.astropool("run", JOB, "--overwrite", "--out", results.toString())
                .and(options);
    }

    private static Command overwriting(Way way, String... options) throws IOException {
        return way.run(JOB, "--overwrite", "--out", results.toString()).and(options);
    }

    private static void assertRefused(Ended ended, String... said) throws IOException {
        ended.with(2);
        assertThat(ended.err()).as(ended.toString()).contains(said).doesNotContain("\tat ");
        assertThat(ended.out()).isEmpty();
        assertNothingOverwritten();
    }

    /** A bare mpiexec may return a code of its own. */
    /** The cluster mode of MPJ Express prints it when a rank ends before it has written a line. */
    private static final Pattern OF_THE_STARTER = Pattern.compile(
            "java.util.NoSuchElementException: No line found\\n(\\tat (java.base/java.util.Scanner|runtime.starter).*\\n)+");

    private static void assertRefusedByRanks(Ended ended, String... said) throws IOException {
        assertThat(ended.code()).as(ended.toString()).isNotZero();
        assertThat(OF_THE_STARTER.matcher(ended.err()).replaceAll(""))
                .as(ended.toString())
                .contains(said)
                .doesNotContain("\tat ");
        assertThat(ended.out()).doesNotContain("written to");
        assertNothingOverwritten();
    }

    private static void assertNothingOverwritten() throws IOException {
        assertThat(files(results)).isEqualTo(before);
    }

    /** Names and what tells that a file was touched. The lock comes and goes, and with it the time of its folder. */
    private static Map<Path, String> files(Path directory) throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file, Files.size(file) + " bytes of " + Files.getLastModifiedTime(file));
            }
        }
        return contents;
    }
}
