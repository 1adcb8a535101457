package org.astropool.internal.python;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A function or a value of a script, pickled, on its way to worker processes. A large one is a file that the processes
 * of a machine map, so that they share its memory. Thread-safe.
 */
public final class PythonObject implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Path MEMORY = Path.of("/dev/shm");

    private final long id;
    private final int where;
    private final String host;
    private final String path;
    private final long length;
    /** The bytes; null for a file that all workers can read. */
    private byte @Nullable [] content;

    private transient @Nullable String file;

    private PythonObject(long id, int where, String host, String path, long length, byte @Nullable [] content) {
        this.id = id;
        this.where = where;
        this.host = host;
        this.path = path;
        this.length = length;
        this.content = content;
    }

    /**
     * An object that travels in a message.
     *
     * @param id its number in the pool
     */
    public static PythonObject inline(long id, byte[] content) {
        return new PythonObject(id, 0, "", "", content.length, content);
    }

    /**
     * An object in a file of this machine.
     *
     * @param id its number in the pool
     * @param where what the worker process is told about the file
     * @param isHereOnly whether all workers are on this machine, so that the content need not travel
     * @throws IOException when the file cannot be read
     */
    public static PythonObject file(long id, int where, String path, String host, boolean isHereOnly)
            throws IOException {
        Path file = Path.of(path);
        return new PythonObject(id, where, host, path, Files.size(file), isHereOnly ? null : Files.readAllBytes(file));
    }

    long id() {
        return id;
    }

    /** Sends it to a worker process of this machine. */
    synchronized void writeTo(FrameChannel channel, String thisHost) throws IOException {
        byte[] bytes = content;
        if (path.isEmpty() && bytes != null) {
            channel.write(Frame.OBJECT, where, id, ByteBuffer.wrap(bytes));
        } else {
            channel.write(
                    Frame.OBJECT, where, id, ByteBuffer.wrap(localFile(thisHost).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private String localFile(String thisHost) throws IOException {
        String known = file;
        if (known == null) {
            Path original = Path.of(path);
            byte[] bytes = content;
            if (bytes == null || (host.equals(thisHost) && Files.exists(original) && Files.size(original) == length)) {
                known = path;
            } else {
                known = copy(bytes);
            }
            file = known;
            content = null; // it is in the file, and the heap has other uses for so many bytes
        }
        return known;
    }

    private static String copy(byte[] bytes) throws IOException {
        Path folder = Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        Path file = Files.createTempFile(
                folder,
                "astropool-",
                ".object",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        file.toFile().deleteOnExit();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                ByteBuffer piece = rest.slice(rest.position(), Math.min(rest.remaining(), 1 << 20));
                rest.position(rest.position() + out.write(piece));
            }
        }
        return file.toString();
    }
}
