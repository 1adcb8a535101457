package org.astropool.internal.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a class path holds: the names of its jars and folders, in order, with the SHA-256 of their content. With it,
 * workers whose code differs from the master's are recognised before they contribute wrong results.
 */
public record CodeDigest(String text) {
    private static final String FIRST_LINE = "user code";
    private static final int SHOWN_DIGITS = 8;

    /** @throws UncheckedIOException when an entry cannot be read */
    public static CodeDigest of(List<Path> classPath) {
        StringBuilder text = new StringBuilder(FIRST_LINE);
        for (Path entry : classPath) {
            Path name = entry.toAbsolutePath().normalize().getFileName();
            text.append('\n').append(digest(entry)).append(' ').append(name);
        }
        return new CodeDigest(text.toString());
    }

    /** As above, with what class loaders have added to the class path of this JVM in front. */
    public static CodeDigest of(List<Path> classPath, ClassLoader loader) {
        List<Path> all = new ArrayList<>(ChildWorker.addedBy(loader));
        classPath.stream().filter(entry -> !all.contains(entry)).forEach(all::add);
        return of(all);
    }

    private static String digest(Path entry) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestOutputStream out = new DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest)) {
                for (Path file : files(entry)) {
                    digest.update(entry.relativize(file).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    Files.copy(file, out);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("class path entry " + entry + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> files(Path entry) throws IOException {
        try (Stream<Path> all = Files.walk(entry)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** How a worker's code differs from this, the master's; "" when they are equal. */
    public String differenceOf(CodeDigest worker) {
        if (text.equals(worker.text)) {
            return "";
        }
        Map<String, String> here = entries();
        Map<String, String> there = worker.entries();
        List<String> differences = new ArrayList<>();
        here.forEach((name, digest) -> {
            String other = there.get(name);
            if (other == null) {
                differences.add("it lacks " + name);
            } else if (!other.equals(digest)) {
                differences.add("its " + name + " differs (SHA-256 " + other.substring(0, SHOWN_DIGITS)
                        + "..., the master's " + digest.substring(0, SHOWN_DIGITS) + "...)");
            }
        });
        there.keySet().stream()
                .filter(name -> !here.containsKey(name))
                .forEach(name -> differences.add("it has " + name + ", which the master lacks"));
        return differences.isEmpty() ? "its class path has another order" : String.join(", ", differences);
    }

    private Map<String, String> entries() {
        Map<String, String> entries = new LinkedHashMap<>();
        text.lines().skip(1).forEach(line -> {
            int blank = line.indexOf(' ');
            entries.put(line.substring(blank + 1), line.substring(0, blank));
        });
        return entries;
    }
}
