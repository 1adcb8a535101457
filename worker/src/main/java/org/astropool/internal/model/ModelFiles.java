package org.astropool.internal.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a model, and how two models differ: digests of files by names that users know. Stateless. */
public final class ModelFiles {
    static final String CLASS_PATH = "class path ";

    private static final int SHOWN_DIGITS = 8; // a keyword of FITS has room for 68 letters

    private ModelFiles() {}

    /**
     * Of a model on the class path: its data files, by name and not by folder, because the same data may be elsewhere,
     * and jars and folders of classes.
     *
     * @param classPath jars and folders; what does not exist is left out
     * @throws UncheckedIOException when a file cannot be read
     */
    public static SortedMap<String, String> of(List<Path> dataFiles, List<Path> classPath) {
        SortedMap<String, String> digests = new TreeMap<>();
        for (Path file : dataFiles) {
            put("data file " + file.getFileName(), file, digests);
        }
        for (Path entry : classPath) {
            for (Path file : files(entry)) {
                String name = String.valueOf(entry.toAbsolutePath().normalize().getFileName());
                String within = file.equals(entry) ? "" : "/" + entry.relativize(file);
                put(CLASS_PATH + name + within, file, digests);
            }
        }
        return digests;
    }

    /** Two files may have the same name. */
    private static void put(String name, Path file, SortedMap<String, String> digests) {
        String unique = name;
        for (int i = 2; digests.containsKey(unique); i++) {
            unique = name + " (" + i + ")";
        }
        digests.put(unique, FileDigest.of(file));
    }

    private static List<Path> files(Path entry) {
        if (!Files.exists(entry)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(entry)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("class path entry " + entry + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** For messages: the digest is shortened. */
    public static String difference(String name, String was, String is) {
        return name + " was " + shown(was) + ", it is " + shown(is);
    }

    /** Digests are long, versions are not. */
    private static String shown(String value) {
        return value.matches("[0-9a-f]{64}") ? "SHA-256 " + value.substring(0, SHOWN_DIGITS) + "..." : value;
    }

    /**
     * What differs in this process from what the master has.
     *
     * @param master what must be here as well
     * @param here what is here
     * @return text for users; empty if there is no difference
     */
    public static String differences(Map<String, String> master, Map<String, String> here) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> each : master.entrySet()) {
            String other = here.getOrDefault(each.getKey(), "missing");
            if (!other.equals(each.getValue())) {
                text.append(text.isEmpty() ? "" : "; ")
                        .append(each.getKey())
                        .append(" is ")
                        .append(shown(other))
                        .append(" here, and on the master it was ")
                        .append(shown(each.getValue()))
                        .append(" when the run began");
            }
        }
        return text.toString();
    }
}
