package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Setting;
import org.astropool.internal.job.explain.Explanation;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.protocol.Serialization;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Output directories that somebody has changed on purpose, with check sums that are right: whoever reads them is told
 * what is wrong, soon, and for little memory. {@code -Dastropool.mutations=10000} makes more of them,
 * {@code -Dastropool.seed} others.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRecordsTest {
    private static final int MUTATIONS = Integer.getInteger("astropool.mutations", 400);
    private static final long SEED = Long.getLong("astropool.seed", 20261129);
    private static final double MOST_SECONDS = 2;
    private static final long MOST_BYTES = 100 << 20;

    private static final int PREAMBLE = 20;
    private static final int RECORD_HEADER = 28;
    private static final long[] EXTREMES = {
        -1,
        0,
        1,
        2,
        255,
        65_536,
        1_000_000,
        100_000_000,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE - 7,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final List<String> TEXTS = List.of(
            "-1",
            "0",
            "1",
            "2147483647",
            "2147483640",
            "100000000",
            "1e308",
            "-1e999",
            "9".repeat(2000),
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"NaN\"",
            "\"/dev/zero\"",
            "\"\\u0000\"",
            "\"../../../etc/passwd\"",
            "\"double\"",
            "[".repeat(5000),
            "{\"a\":".repeat(5000),
            "{\"not_finite\":\"x\"}",
            "\"\\u001b[2J\"");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private static Path temp;

    /** The directories of real runs that were cut off, by the name of the job. */
    private final Map<String, Map<String, byte[]>> runs = new TreeMap<>();

    /** Would be seen if a record were deserialized. */
    static final class Bomb implements Serializable {
        private static final long serialVersionUID = 1;
        private static volatile boolean exploded;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            exploded = true;
        }
    }

    @BeforeAll
    void makeRuns() throws Exception {
        Files.writeString(temp.resolve("points.ecsv"), """
                # %ECSV 1.0
                # ---
                # datatype:
                # - {name: a, datatype: float64, description: first}
                # - {name: b, datatype: float64}
                # - {name: label, datatype: string}
                # meta: !!omap
                # - {comments: [one, two]}
                # schema: astropy-2.0
                a b label
                1.0 2.0 x
                13.0 2.0 "y z"
                15.0 -2.0 ""
                """);
        String sample = "[model]\nname = \"sample\"\n";
        String priors = """
                [parameters]
                a = { prior = { kind = "flat", from = -3.0, to = 3.0 } }
                b = { prior = { kind = "normal", mean = 1.0, std = 2.0, from = -inf } }
                """;
        make("grid", sample + "fixed = { b = 1 }\n[grid]\na = { from = 7.0, to = 17.0, count = 11 }\n");
        make("points", sample + "[points]\nfile = \"points.ecsv\"\nlabels = [\"label\"]\n");
        make(
                "tasks",
                "[model]\nname = \"org.astropool.internal.job.run.ListingModel\"\noptions = { word = \"quaxie\""
                        + " }\nfixed = { shift = 0.5 }\n[tasks]\n");
        make("sampler", sample + priors + "[sampler]\nwalkers = 4\nsteps = 6\n");
        make("maximize", sample + priors + "[maximize]\nstarts = 2\nevaluations = 30\n");
    }

    @AfterEach
    void restore() throws IOException {
        for (String job : runs.keySet()) {
            for (Map.Entry<String, byte[]> file : runs.get(job).entrySet()) {
                Path path = out(job).resolve(file.getKey());
                Files.deleteIfExists(path);
                if (!isAbsent(file.getKey())) {
                    Files.write(path, file.getValue());
                }
            }
        }
    }

    /** What a run that was cut off need not have. */
    private static boolean isAbsent(String file) {
        return file.equals("summary.json") || file.equals("journal/lock");
    }

    private void make(String name, String toml) throws Exception {
        Path file = Files.writeString(temp.resolve(name + ".toml"), "[job]\nname = \"" + name + "\"\n" + toml);
        Path out = temp.resolve("out").resolve(name);
        try (JobRun run = JobRun.prepare(
                        JobFile.read(file, List.of(Setting.parse("run.allow_failures=any")), Map.of()),
                        OldResults.KEEP,
                        Map.of());
                Pool pool = Pool.open(
                        PoolOptions.builder().carrier(CarrierKind.SERIAL).build())) {
            run.begin();
            run.write(run.evaluate(pool, new RunCancellation(), progress -> {}), "serial");
        }
        Map<String, byte[]> files = new TreeMap<>();
        for (String each : List.of(
                "journal/job.json",
                "journal/points.journal",
                "journal/tasks.bin",
                "journal/activity.json",
                "timings.fits")) {
            if (Files.exists(out.resolve(each))) {
                files.put(each, Files.readAllBytes(out.resolve(each)));
            }
        }
        files.put("journal/lock", "host here\npid 1\njob Slurm job x\nstarted 2026\n".getBytes(StandardCharsets.UTF_8));
        files.put("../../points.ecsv", Files.readAllBytes(temp.resolve("points.ecsv")));
        files.put("summary.json", Files.readAllBytes(out.resolve("summary.json")));
        runs.put(name, files);
        Files.delete(out.resolve("summary.json"));
    }

    private Path out(String job) {
        return temp.resolve("out").resolve(job);
    }

    /** What a reader was told: an error that is for people, or nothing, where something could be read. */
    private String read(String job) {
        StringBuilder told = new StringBuilder();
        try {
            RunReader reader = RunReader.of(out(job));
            RunStatus status = reader.status();
            status.journal()
                    .ifPresent(file ->
                            file.damages().forEach(damage -> told.append(damage).append('\n')));
            status.json();
            reader.writeTable(temp.resolve("table.csv"));
        } catch (JobException e) {
            assertThat(e.getMessage()).isNotBlank();
            told.append(e.getMessage());
        }
        try {
            RunReader reader = RunReader.of(out(job));
            List<ActivitySnapshot> starts = reader.activity();
            if (!starts.isEmpty()) {
                Explanation.of(reader.status(), reader.isSearch(), starts);
            }
        } catch (JobException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        try {
            MeasuredCosts.of(out(job), 11);
        } catch (JobException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        return told.toString();
    }

    private String readWithinBounds(String job, String what) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long begin = THREADS.getCurrentThreadCpuTime(); // this machine may be doing something else
        String told;
        try {
            told = read(job);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        }
        double seconds = (THREADS.getCurrentThreadCpuTime() - begin) * 1e-9;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        slowest = Math.max(slowest, seconds);
        largest = Math.max(largest, bytes);
        assertThat(seconds).as(what).isLessThan(MOST_SECONDS);
        assertThat(bytes).as(what).isLessThan(MOST_BYTES);
        assertThat(Bomb.exploded).as(what).isFalse();
        return told;
    }

    private double slowest;
    private long largest;

    @Test
    void changedRecordsAreReadQuicklyWithLittleMemoryOrRefused() throws Exception {
        SplittableRandom seeds = new SplittableRandom(SEED);
        int refused = 0;
        int damaged = 0;
        for (String job : runs.keySet()) {
            assertThat(readWithinBounds(job, job)).as(job).isEmpty();
        }
        for (int i = 0; i < MUTATIONS; i++) {
            long seed = seeds.nextLong();
            SplittableRandom random = new SplittableRandom(seed);
            List<String> jobs = List.copyOf(runs.keySet());
            String job = jobs.get(random.nextInt(jobs.size()));
            Map<String, byte[]> files = runs.get(job);
            String file = file(job, random);
            byte[] changed = changed(file, files.get(file), random);
            String what = "mutation " + i + " of astropool.seed " + SEED + ": " + file + " of " + job;
            Path path = out(job).resolve(file);
            Files.write(path, changed);
            String told = readWithinBounds(job, what);
            refused += told.isEmpty() || told.contains("damaged bytes") ? 0 : 1;
            damaged += told.contains("damaged bytes at offset") ? 1 : 0;
            if (isAbsent(file)) {
                Files.delete(path);
            } else {
                Files.write(path, files.get(file));
            }
        }
        System.out.printf(
                "%d mutations, astropool.seed %d: %d refused, %d damaged; slowest %.3f s, most memory %.1f MiB%n",
                MUTATIONS, SEED, refused, damaged, slowest, largest / (double) (1 << 20));
        assertThat(refused).isGreaterThan(MUTATIONS / 20);
        assertThat(damaged).isGreaterThan(MUTATIONS / 20);
    }

    private String file(String job, SplittableRandom random) {
        if (random.nextInt(2) == 0) {
            return "journal/points.journal";
        }
        List<String> files = new ArrayList<>(runs.get(job).keySet());
        if (!job.equals("points")) {
            files.remove("../../points.ecsv");
        }
        return files.get(random.nextInt(files.size()));
    }

    private static byte[] changed(String file, byte[] bytes, SplittableRandom random) throws Exception {
        if (file.endsWith(".journal")) {
            return changedJournal(bytes, random);
        }
        return file.endsWith(".fits") || file.endsWith(".bin")
                ? changedBytes(bytes, random)
                : changedText(bytes, random);
    }

    private static byte[] changedBytes(byte[] bytes, SplittableRandom random) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(8) == 0 ? java.util.Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
    }

    /** A number, a word or a bracket becomes something else. */
    private static byte[] changedText(byte[] bytes, SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            return changedBytes(bytes, random);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            int start = random.nextInt(text.length());
            while (start > 0 && !isBreak(text.charAt(start - 1))) {
                start--;
            }
            int end = start;
            while (end < text.length() && !isBreak(text.charAt(end))) {
                end++;
            }
            String other = TEXTS.get(random.nextInt(TEXTS.size()));
            text = text.substring(0, start) + other + text.substring(end);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isBreak(char c) {
        return " \n,:[]{}".indexOf(c) >= 0;
    }

    // ---- journals: as in docs/journal.md ----

    private static byte[] changedJournal(byte[] bytes, SplittableRandom random) throws Exception {
        ByteBuffer in = littleEndian(bytes);
        int fields = in.getInt(12);
        byte[] header = new byte[PREAMBLE + fields];
        in.get(header);
        List<byte[]> records = new ArrayList<>();
        while (in.remaining() >= RECORD_HEADER) {
            byte[] record = new byte[RECORD_HEADER + in.getInt(in.position() + 4)];
            in.get(record);
            records.add(record);
        }
        int chosen = random.nextInt(records.size());
        switch (random.nextInt(8)) {
            case 0 -> header = changedHeader(header, random);
            case 1 -> records.set(chosen, withPayload(records.get(chosen), serialized(random)));
            case 2 ->
                records.add(random.nextInt(records.size()), records.get(chosen).clone());
            case 3 -> {
                ByteBuffer record = littleEndian(records.get(chosen));
                record.putLong(8, EXTREMES[random.nextInt(EXTREMES.length)]);
                record.putInt(16, (int) EXTREMES[random.nextInt(EXTREMES.length)]);
            }
            default -> {
                byte[] payload = new byte[records.get(chosen).length - RECORD_HEADER];
                System.arraycopy(records.get(chosen), RECORD_HEADER, payload, 0, payload.length);
                records.set(chosen, withPayload(records.get(chosen), changedPayload(payload, random)));
            }
        }
        return journal(header, records);
    }

    private static byte[] changedHeader(byte[] header, SplittableRandom random) {
        byte[] changed = header.clone();
        ByteBuffer buffer = littleEndian(changed);
        if (random.nextBoolean()) {
            buffer.putLong(changed.length - Long.BYTES, EXTREMES[random.nextInt(EXTREMES.length)]);
        } else {
            buffer.putInt(
                    random.nextInt(PREAMBLE, changed.length - 3), (int) EXTREMES[random.nextInt(EXTREMES.length)]);
        }
        return changed;
    }

    private static byte[] changedPayload(byte[] payload, SplittableRandom random) {
        byte[] changed = payload.clone();
        ByteBuffer buffer = littleEndian(changed);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            if (random.nextInt(3) > 0) {
                int place = Math.min(random.nextInt(random.nextBoolean() ? 64 : changed.length), changed.length - 4);
                buffer.putInt(place, (int) EXTREMES[random.nextInt(EXTREMES.length)]);
            } else {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
        }
        return random.nextInt(6) == 0 ? java.util.Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
    }

    /** One outcome whose result is an object of Java: a bomb, or sets in sets that take 2^100 steps to be read. */
    private static byte[] serialized(SplittableRandom random) throws Exception {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> other = new HashSet<>();
        for (int depth = 0; depth < 100; depth++) {
            Set<Object> nextOne = new HashSet<>();
            Set<Object> nextOther = new HashSet<>(List.of("different"));
            one.add(nextOne);
            one.add(nextOther);
            other.add(nextOne);
            other.add(nextOther);
            one = nextOne;
            other = nextOther;
        }
        byte[] object = Serialization.write(random.nextBoolean() ? new Bomb() : root);
        byte[] payload = new byte[20 + 4 + 4 + 1 + 9 + 4 + object.length];
        ByteBuffer out = littleEndian(payload);
        out.putInt(0).putInt(1).putInt(1).putInt(1).putInt(0); // from, to, worker, attempt, no host
        out.putInt(1).putFloat(1).put((byte) 0); // one outcome, done
        out.put((byte) 4).putInt(1).putInt(0).putInt(object.length).put(object);
        return payload;
    }

    private static byte[] withPayload(byte[] record, byte[] payload) {
        byte[] changed = new byte[RECORD_HEADER + payload.length];
        System.arraycopy(record, 0, changed, 0, RECORD_HEADER);
        System.arraycopy(payload, 0, changed, RECORD_HEADER, payload.length);
        littleEndian(changed).putInt(4, payload.length);
        return changed;
    }

    /** With check sums that are right. */
    private static byte[] journal(byte[] header, List<byte[]> records) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, 16);
        crc.update(header, PREAMBLE, header.length - PREAMBLE);
        int salt = (int) crc.getValue();
        littleEndian(header).putInt(16, salt);
        byte[] journal = new byte
                [header.length
                        + records.stream().mapToInt(record -> record.length).sum()];
        ByteBuffer out = littleEndian(journal);
        out.put(header);
        for (byte[] record : records) {
            crc.reset();
            crc.update(record, 0, 20);
            littleEndian(record).putInt(20, (int) crc.getValue() ^ salt);
            crc.reset();
            crc.update(record, RECORD_HEADER, record.length - RECORD_HEADER);
            littleEndian(record).putInt(24, (int) crc.getValue());
            out.put(record);
        }
        return journal;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    // ---- what random changes would hardly find ----

    private Map<String, byte[]> files(String job) {
        return new HashMap<>(runs.get(job));
    }

    private static List<byte[]> parts(byte[] journal) {
        ByteBuffer in = littleEndian(journal);
        List<byte[]> parts = new ArrayList<>();
        byte[] header = new byte[PREAMBLE + in.getInt(12)];
        in.get(header);
        parts.add(header);
        while (in.hasRemaining()) {
            byte[] record = new byte[RECORD_HEADER + in.getInt(in.position() + 4)];
            in.get(record);
            parts.add(record);
        }
        return parts;
    }

    /** Record and journal agree on it, so that only what it would cost speaks against it. */
    @Test
    void aLargeNumberOfPointsNeedsNoMemory() throws Exception {
        for (int count : new int[] {20_000_000, 1_000_000_000}) {
            List<byte[]> parts = parts(files("grid").get("journal/points.journal"));
            byte[] header = parts.get(0);
            littleEndian(header).putLong(header.length - Long.BYTES, count);
            Files.write(out("grid").resolve("journal/points.journal"), journal(header, parts.subList(1, parts.size())));
            Files.writeString(
                    out("grid").resolve("journal/job.json"),
                    new String(files("grid").get("journal/job.json"), StandardCharsets.UTF_8)
                            .replaceAll("\"count\": *11\\b", "\"count\": " + count));

            String told = readWithinBounds("grid", count + " points");

            assertThat(told)
                    .satisfiesAnyOf(
                            text -> assertThat(text).isEmpty(),
                            text -> assertThat(text).contains("need about"));
        }
    }

    @Test
    void anInvalidPayloadIsReportedAsDamageWithItsOffset() throws Exception {
        List<byte[]> parts = parts(files("grid").get("journal/points.journal"));
        byte[] bomb = withPayload(parts.get(1), serialized(new SplittableRandom(1)));
        Files.write(
                out("grid").resolve("journal/points.journal"),
                journal(
                        parts.get(0),
                        Stream.concat(Stream.of(bomb), parts.stream().skip(2)).toList()));

        assertThat(readWithinBounds("grid", "a serialized object"))
                .contains(bomb.length + " damaged bytes at offset " + parts.get(0).length);
    }

    /**
     * Each header promises a payload up to the end of the file, whose check sum is wrong: its square would take
     * minutes.
     */
    @Test
    void theTimeForAFileOfHeadersIsNotQuadratic() throws Exception {
        List<byte[]> parts = parts(files("grid").get("journal/points.journal"));
        byte[] header = parts.get(0);
        int headers = 150_000;
        byte[] journal = new byte[header.length + headers * RECORD_HEADER];
        ByteBuffer out = littleEndian(journal);
        out.put(header);
        int salt = littleEndian(header).getInt(16);
        CRC32C crc = new CRC32C();
        for (int i = 0; i < headers; i++) {
            int start = out.position();
            out.putInt(0x5354_4e50)
                    .putInt((headers - 1 - i) * RECORD_HEADER)
                    .putLong(0)
                    .putInt(1);
            crc.reset();
            crc.update(journal, start, 20);
            out.putInt((int) crc.getValue() ^ salt).putInt(0);
        }
        Files.write(out("grid").resolve("journal/points.journal"), journal);

        String told = readWithinBounds("grid", "headers");

        assertThat(told).isEmpty(); // none of them is whole: a torn tail
    }

    @Test
    void onlyRegularFilesAreOpened() throws Exception {
        for (String file : List.of(
                "summary.json",
                "journal/lock",
                "journal/job.json",
                "journal/tasks.bin",
                "journal/points.journal",
                "timings.fits")) {
            Path path = out("tasks").resolve(file);
            Files.deleteIfExists(path);
            Process made = new ProcessBuilder("mkfifo", path.toString()).start();
            assertThat(made.waitFor()).isZero();

            String told = readWithinBounds("tasks", file);

            if (!file.equals("timings.fits")) {
                assertThat(told).as(file).contains(path.getFileName() + " is no regular file");
            }
            restore();
        }
    }
}
