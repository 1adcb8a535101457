package org.astropool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** scripts/fetch-data.sh against a mirror in the file system, with a list of files of the test's own. */
class FetchDataTest {

    private static final Path SCRIPTS = Path.of("..", "scripts");
    private static final String DES = "des-sn5yr-dovekie";

    @TempDir
    private Path temp;

    private Path mirror;
    private Path target;
    private final List<String> list = new ArrayList<>();

    @BeforeEach
    void copyTheScriptBesideAListOfOurOwn() throws IOException {
        mirror = temp.resolve("mirror");
        target = temp.resolve("data");
        for (String name : List.of("fetch-data.sh", "PrecisionTables.java")) {
            Files.copy(SCRIPTS.resolve(name), temp.resolve(name));
        }
    }

    @Test
    void getsEachFileUnderItsLocalNameIntoItsDataSet() throws Exception {
        from("owner/one", "abc", "folder/deeper", "first");
        file("a.txt", "alpha\n");
        from("owner/two", "def", ".", "second");
        renamed("ORIGINAL_README.md", "README.md", "read me\n");

        Run run = fetch();

        assertThat(run.code).as(run.output).isZero();
        assertThat(target.resolve("first/a.txt")).hasContent("alpha");
        assertThat(target.resolve("second/ORIGINAL_README.md")).hasContent("read me");
    }

    @Test
    void compressesWhatIsKeptCompressedAndChecksTheContent() throws Exception {
        from("owner/one", "abc", "folder", "set");
        renamed("plain-there.txt.gz", "plain-there.txt", "one\n");
        listed("gzipped-there.txt.gz", "chain.txt.gz", "two\n");
        put("chain.txt.gz", gzipped("two\n"));

        Run run = fetch();

        assertThat(run.code).as(run.output).isZero();
        assertThat(gunzipped(target.resolve("set/plain-there.txt.gz"))).isEqualTo("one\n");
        assertThat(gunzipped(target.resolve("set/gzipped-there.txt.gz"))).isEqualTo("two\n");
    }

    @Test
    void namesTheFileThatIsNotThereAndGetsTheOthers() throws Exception {
        from("owner/one", "abc", "folder", "set");
        listed("lost.txt", "lost.txt", "gone\n");
        file("found.txt", "here\n");

        Run run = fetch();

        assertThat(run.code).isEqualTo(1);
        assertThat(run.output)
                .contains(
                        "set/lost.txt: could not be fetched from " + mirror.toUri() + "owner/one/abc/folder/lost.txt");
        assertThat(target.resolve("set/found.txt")).exists();
    }

    @Test
    void doesNotKeepAFileWithOtherContent() throws Exception {
        from("owner/one", "abc", "folder", "set");
        listed("changed.txt", "changed.txt", "as it was\n");
        put("changed.txt", bytes("as it is now\n"));

        Run run = fetch();

        assertThat(run.code).isEqualTo(1);
        assertThat(run.output).contains("set/changed.txt", "expected " + sha256(bytes("as it was\n")));
        assertThat(target.resolve("set/changed.txt")).doesNotExist();
    }

    @Test
    void doesNotFetchAgainWhatIsThere() throws Exception {
        from("owner/one", "abc", "folder", "set");
        listed("kept.txt", "kept.txt", "kept\n");
        Files.createDirectories(target.resolve("set"));
        Files.writeString(target.resolve("set/kept.txt"), "kept\n");

        Run run = fetch();

        assertThat(run.code).as(run.output).isZero();
    }

    @Test
    void getsOnlyTheDataSetsThatAreNamed() throws Exception {
        from("owner/one", "abc", "folder", "wanted");
        file("a.txt", "alpha\n");
        from("owner/one", "abc", "other", "unwanted");
        file("b.txt", "beta\n");

        assertThat(fetch("wanted").code).isZero();

        assertThat(target.resolve("wanted/a.txt")).exists();
        assertThat(target.resolve("unwanted")).doesNotExist();
    }

    @Test
    void anUnknownDataSetIsAUsageErrorThatNamesThoseThereAre() throws Exception {
        from("owner/one", "abc", "folder", "known");
        file("a.txt", "alpha\n");

        Run run = fetch("unknown");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.output).contains("no data set 'unknown'", "known");
    }

    @Test
    void derivesThePrecisionTablesWithTheNumbersAsPythonPrintsThem() throws Exception {
        from("owner/des", "abc", "folder", DES);
        matrix("STATONLY.npz", 2, 0.1f, 0, 3);
        matrix("VPEC.npz", 2, 8.94337e-6f, 0, -1e20f);
        from("derived", "-", "-", DES);
        listed("precision_stat_diag.txt", "", "2\n0.10000000149011612\n3.0\n");
        listed(
                "precision_stat_vpec_upper_sparse.txt.gz",
                "",
                "2 2\n0 0 8.943369721237104e-06\n1 1 -1.0000000200408773e+20\n");

        Run run = fetch();

        assertThat(run.code).as(run.output).isZero();
        assertThat(target.resolve(DES).resolve("precision_stat_diag.txt")).exists();
        assertThat(target.resolve(DES).resolve("precision_stat_vpec_upper_sparse.txt.gz"))
                .exists();
    }

    private String repositoryFolder = "";

    private void from(String repository, String commit, String folder, String dataSet) {
        repositoryFolder = repository + "/" + commit + "/" + folder;
        list.add("from " + repository + " " + commit + " " + folder + " " + dataSet);
    }

    private void file(String name, String content) throws IOException {
        renamed(name, name, content);
    }

    private void renamed(String name, String nameThere, String content) throws IOException {
        listed(name, nameThere, content);
        put(nameThere, bytes(content));
    }

    private void listed(String name, String nameThere, String content) {
        list.add(sha256(bytes(content)) + "  " + name + "  " + nameThere);
    }

    private void put(String nameThere, byte[] content) throws IOException {
        Path file = mirror.resolve(repositoryFolder).resolve(nameThere).normalize();
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** A packed symmetric matrix as numpy writes it. */
    private void matrix(String name, long size, float... upper) throws IOException {
        Path file = temp.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            ByteBuffer sizeBytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            array(zip, "nsn.npy", "<i8", 1, sizeBytes.putLong(size).array());
            ByteBuffer values = ByteBuffer.allocate(upper.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            values.asFloatBuffer().put(upper);
            array(zip, "cov.npy", "<f4", upper.length, values.array());
        }
        byte[] content = Files.readAllBytes(file);
        put(name, content);
        list.add(sha256(content) + "  " + name);
    }

    private static void array(ZipOutputStream zip, String name, String type, int length, byte[] data)
            throws IOException {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + length + ",), }\n";
        zip.putNextEntry(new ZipEntry(name));
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        zip.write(header.getBytes(StandardCharsets.US_ASCII));
        zip.write(data);
    }

    private Run fetch(String... dataSets) throws IOException, InterruptedException {
        Files.write(temp.resolve("data-files.txt"), list);
        List<String> command =
                new ArrayList<>(List.of("sh", temp.resolve("fetch-data.sh").toString(), target.toString()));
        command.addAll(List.of(dataSets));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("ASTROPOOL_DATA_MIRROR", mirror.toUri().toString().replaceAll("/$", ""));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private record Run(int code, String output) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] gzipped(String text) throws IOException {
        Path file = temp.resolve("text.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes(text));
        }
        return Files.readAllBytes(file);
    }

    private static String gunzipped(Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
