package org.astropool.internal.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.system.NativeEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of files, computed once per process, although each thread that prepares a model asks for it. A file is read
 * again when its size, its times or its inode have changed. The change time is among them, which no program can set; a
 * file that changed just now is always read again, since the clock of a file system is coarse. Thread-safe.
 */
public final class FileDigest {
    private static final long LARGE = 1 << 19;
    private static final long COARSEST_CLOCK_MILLIS = TimeUnit.SECONDS.toMillis(3);
    private static final String STATE = "unix:size,lastModifiedTime,ctime,ino,dev";
    private static final Map<String, Known> KNOWN = new ConcurrentHashMap<>();

    private record Known(String identity, String digest) {}

    private FileDigest() {}

    /**
     * The digest in hexadecimal digits.
     *
     * @param file a regular file
     * @throws UncheckedIOException when it cannot be read
     */
    public static String of(Path file) {
        String path = file.toAbsolutePath().toString();
        String identity = identity(file);
        Known known = KNOWN.get(path);
        if (known != null && known.identity.equals(identity)) {
            return known.digest;
        }
        String text = digest(file);
        if (identity != null && identity.equals(identity(file))) {
            KNOWN.put(path, new Known(identity, text));
        }
        return text;
    }

    private static String digest(Path file) {
        try {
            String quick = Files.size(file) < LARGE ? "" : byProgram(file);
            return quick.isEmpty() ? byJava(file) : quick;
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String byJava(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The same with an external program, a hundred times as fast as a JVM that has just started and does not optimize
     * (as where programs evaluate), which takes half a second for 7 MB.
     *
     * @return "" if there is no such program
     */
    private static String byProgram(Path file) throws IOException {
        try {
            Process program = NativeEnvironment.start(new ProcessBuilder("sha256sum")
                    .redirectInput(file.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD));
            String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            boolean worked = program.waitFor() == 0 && said.matches("(?s)[0-9a-f]{64}\\s.*");
            return worked ? said.substring(0, 2 * sha256().getDigestLength()) : "";
        } catch (IOException e) {
            return Files.isReadable(file) ? "" : byJava(file); // which reports the reason
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the digest of " + file + " was made");
        }
    }

    /** Changes when the file does, except within the resolution of its file system's clock. */
    public static String state(Path file) {
        try {
            return new TreeMap<>(Files.readAttributes(file, STATE)).toString();
        } catch (IOException | RuntimeException e) { // it was removed, or the system does not have them
            return String.valueOf(e.getMessage());
        }
    }

    /** Null when the file may change without a trace. */
    private static @Nullable String identity(Path file) {
        try {
            Map<String, Object> unix = Files.readAttributes(file, STATE);
            boolean settled = unix.get("ctime") instanceof FileTime changed
                    && System.currentTimeMillis() - changed.toMillis() > COARSEST_CLOCK_MILLIS;
            return settled ? new TreeMap<>(unix).toString() : null;
        } catch (IOException | RuntimeException e) { // the system does not have them
            return null;
        }
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
