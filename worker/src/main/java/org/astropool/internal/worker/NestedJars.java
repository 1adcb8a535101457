package org.astropool.internal.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.astropool.internal.transport.CarrierException;
import org.jspecify.annotations.Nullable;

/**
 * Copies of jars and folders that are inside another jar, such as those of Spring Boot, which only the class loader of
 * that jar can read: another JVM needs them as files. Each is copied once in the life of this process, into a temporary
 * folder that is deleted when the process ends. Thread-safe.
 */
final class NestedJars {
    private static final Map<String, Path> COPIES = new HashMap<>();
    private static @Nullable Path folder;

    private NestedJars() {}

    /**
     * The copy of a jar; null where the URL does not lead to one. Single classes of that are fetched from the master.
     *
     * @param url as a class loader has it
     * @throws CarrierException when the copy cannot be written
     */
    static synchronized @Nullable Path copy(URL url) throws CarrierException {
        Path known = COPIES.get(url.toString());
        if (known != null) {
            return known;
        }
        try {
            if (!(url.openConnection() instanceof JarURLConnection connection)) {
                return null;
            }
            if (folder == null) {
                folder = Files.createTempDirectory("astropool-jars");
                Path made = folder;
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
            }
            Path copy = folder.resolve((COPIES.size() + 1) + ".jar");
            copy(connection, copy);
            COPIES.put(url.toString(), copy);
            return copy;
        } catch (IOException e) {
            throw new CarrierException(
                    "the classes in " + url + " cannot be copied for worker processes: " + e
                            + "; java.io.tmpdir must be a folder with enough space. Or put the jars beside each other"
                            + " and start with java -cp",
                    e);
        }
    }

    private static void copy(JarURLConnection connection, Path to) throws IOException {
        connection.setUseCaches(true); // so that the jar of the class loader is read, and need not be closed here
        JarFile jar = connection.getJarFile();
        List<JarEntry> entries = jar.stream().toList();
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (JarEntry entry : entries) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream in = jar.getInputStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // the system cleans temporary folders up in the end
        }
    }
}
