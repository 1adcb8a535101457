package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.loader.launch.JarLauncher;

/**
 * A program that embeds the pool, in the ways in which Java programs are started: from a jar that contains jars, as
 * modules, from its source, and line by line in jshell. Each finds its classes on threads, in processes and as ranks.
 */
class PackagingIT {
    private static final Path SOURCES = Path.of("src/test/resources/packaging").toAbsolutePath();
    private static final Path PROGRAM = SOURCES.resolve("org/example/Packaged.java");
    private static final List<String> LIBRARIES =
            List.of("astropool-worker", "astropool-runner", "slf4j-api", "slf4j-simple", "jna", "hazelcast", "hkdf");
    private static final String STARS = "[Star[number=2, name=star 1], Star[number=3, name=star 2]]";

    @TempDir
    private static Path temp;

    private static Path classes;
    private static Path fatJar;

    /** How a program is packed. */
    enum Form {
        FAT_JAR,
        MODULES,
        SOURCE_FILE,
        JSHELL;

        List<String> words(String... arguments) throws IOException {
            List<String> words = new ArrayList<>();
            words.add(Path.of(System.getProperty("java.home"), "bin", this == JSHELL ? "jshell" : "java")
                    .toString());
            words.add(this == JSHELL ? "-R-XX:TieredStopAtLevel=1" : "-XX:TieredStopAtLevel=1");
            words.addAll(
                    switch (this) {
                        case FAT_JAR -> List.of("-jar", fatJar.toString());
                        case MODULES ->
                            List.of(
                                    "-p",
                                    classes + File.pathSeparator + libraries(),
                                    "--add-modules",
                                    "java.se,jdk.unsupported,at.favre.lib.hkdf", // of Hazelcast alone
                                    "-m",
                                    "org.example/org.example.Packaged");
                        case SOURCE_FILE -> List.of("-cp", libraries(), PROGRAM.toString());
                        case JSHELL ->
                            List.of(
                                    "--class-path",
                                    libraries(),
                                    SOURCES.resolve("script.jsh").toString());
                    });
            if (this != JSHELL) {
                words.addAll(Arrays.asList(arguments));
            }
            return words;
        }
    }

    @BeforeAll
    static void pack() throws IOException {
        classes = temp.resolve("classes");
        Path module = Files.writeString(temp.resolve("module-info.java"), """
                module org.example {
                    requires org.astropool.worker;
                    requires org.astropool.runner;
                    // automatic modules do not name what they need, and this one is not automatic
                    requires org.slf4j;
                }
                """);
        call("javac", "-d", classes.toString(), "-p", libraries(), module.toString(), PROGRAM.toString());
        fatJar = temp.resolve("fat.jar");
        writeFatJar();
    }

    static Stream<Arguments> formsAndCarriers() {
        return Stream.of(Form.values())
                .flatMap(form -> Stream.of("threads", "processes", "hazelcast")
                        .filter(carrier -> form != Form.JSHELL || !carrier.equals("hazelcast")) // as SOURCE_FILE
                        .map(carrier -> Arguments.of(form, carrier)));
    }

    @ParameterizedTest
    @MethodSource("formsAndCarriers")
    void workersOfThisMachineFindTheClassesOfTheProgram(Form form, String carrier) throws Exception {
        Ended ended = Command.of(form.words(carrier))
                .with("CARRIER", carrier)
                .outsideTheShellOfTheTests()
                .run()
                .with(0);

        assertThat(ended.out()).as(ended.toString()).contains(STARS);
        if (form != Form.JSHELL) {
            assertThat(ended.out()).contains("other processes: " + !carrier.equals("threads"));
        }
    }

    static Stream<Arguments> formsUnderMpi() {
        return Stream.of(
                Arguments.of(Form.FAT_JAR, false),
                Arguments.of(Form.FAT_JAR, true),
                Arguments.of(Form.MODULES, true),
                Arguments.of(Form.SOURCE_FILE, false),
                Arguments.of(Form.SOURCE_FILE, true),
                Arguments.of(Form.JSHELL, false));
    }

    @ParameterizedTest
    @MethodSource("formsUnderMpi")
    void ranksAndTheirProcessesFindTheClassesOfTheProgram(Form form, boolean isolated) throws Exception {
        String[] arguments = isolated ? new String[] {"auto", "isolated"} : new String[] {"auto"};

        Ended ended = Command.under(Mpiexec.OPEN_MPI.ranks(2), form.words(arguments))
                .with("CARRIER", "auto")
                .outsideTheShellOfTheTests()
                .run()
                .with(0);

        assertThat(ended.out().lines().filter(STARS::equals))
                .as(ended.toString())
                .hasSize(1);
    }

    private static String libraries() throws IOException {
        return libraryFiles().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<Path> libraryFiles() throws IOException {
        return Command.jars().stream()
                .filter(jar -> LIBRARIES.stream()
                        .anyMatch(name -> jar.getFileName().toString().matches(name + "-\\d.*")));
    }

    /** As the Maven plugin of Spring Boot does: its loader unpacked, then the classes, then the jars as they are. */
    private static void writeFatJar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Main-Class", JarLauncher.class.getName());
        manifest.getMainAttributes().putValue("Start-Class", "org.example.Packaged");
        manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
        manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
        String loader = JarLauncher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        try (OutputStream file = Files.newOutputStream(fatJar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                JarFile ofLoader = new JarFile(loader)) {
            for (JarEntry entry : ofLoader.stream().toList()) {
                if (entry.getName().startsWith("org/") || entry.getName().startsWith("META-INF/services/")) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream in = ofLoader.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                }
            }
            folder(out, "BOOT-INF/");
            folder(out, "BOOT-INF/classes/");
            folder(out, "BOOT-INF/lib/");
            try (Stream<Path> all = Files.walk(classes)) {
                for (Path path : all.filter(Files::isRegularFile).toList()) {
                    out.putNextEntry(new JarEntry("BOOT-INF/classes/" + classes.relativize(path)));
                    Files.copy(path, out);
                }
            }
            for (Path jar : libraryFiles().toList()) {
                byte[] bytes = Files.readAllBytes(jar);
                CRC32 crc = new CRC32();
                crc.update(bytes);
                JarEntry entry = new JarEntry("BOOT-INF/lib/" + jar.getFileName());
                entry.setMethod(JarEntry.STORED);
                entry.setSize(bytes.length);
                entry.setCrc(crc.getValue());
                out.putNextEntry(entry);
                out.write(bytes);
            }
        }
    }

    private static void folder(JarOutputStream out, String name) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.closeEntry();
    }

    private static void call(String tool, String... arguments) {
        StringWriter output = new StringWriter();
        int code = ToolProvider.findFirst(tool)
                .orElseThrow()
                .run(new PrintWriter(output), new PrintWriter(output), arguments);
        assertThat(code).as("%s %s%n%s", tool, List.of(arguments), output).isZero();
    }
}
