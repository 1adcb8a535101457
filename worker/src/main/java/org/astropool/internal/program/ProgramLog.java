package org.astropool.internal.program;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;

/**
 * The file that takes what the program of a slot writes to standard error. The program writes there directly, so that
 * nothing is lost when it dies, and no thread has to read it.
 */
final class ProgramLog implements AutoCloseable {
    private static final int MAX_LINES = 20;
    private static final int MAX_BYTES = 4096;
    /** Of the file. */
    private static final long LONGEST = 16 << 20;

    private final Path file;
    /** No channel: an interrupt, which ends the program, would close it as well. */
    private final RandomAccessFile content;

    private final FileOutputStream end;
    private final boolean temporary;
    private final NewFolders folders;
    private final Future<?> watch;
    /** Bytes that are no longer in the file; positions count them. */
    private long removed;

    private ProgramLog(Path file, boolean temporary, NewFolders folders) throws IOException {
        this.file = file;
        this.folders = folders;
        this.content = new RandomAccessFile(file.toFile(), "rw");
        this.end = new FileOutputStream(file.toFile(), true);
        this.temporary = temporary;
        this.watch = FileLimit.watch(this::cut);
    }

    /**
     * A new file.
     *
     * @param folder where it is kept; "" for one that is removed with its readers
     */
    static ProgramLog create(String folder) throws IOException {
        if (folder.isEmpty()) {
            Path file = Files.createTempFile(ScratchFolder.base(), "astropool", ".log");
            return new ProgramLog(file, true, new NewFolders(ScratchFolder.base()));
        }
        NewFolders folders = new NewFolders(Path.of(folder));
        Path directory = Files.createDirectories(Path.of(folder));
        String name = hostName() + "-" + ProcessHandle.current().pid();
        for (int slot = 1; ; slot++) {
            try {
                return new ProgramLog(Files.createFile(directory.resolve(name + "-" + slot + ".log")), false, folders);
            } catch (FileAlreadyExistsException e) {
                // of another slot of this process
            }
        }
    }

    /** Also if the name cannot be resolved to an address. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException notLinux) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }
    }

    /** Whether it is kept as long as its folder. */
    boolean isKept() {
        return !temporary;
    }

    Path file() {
        return file;
    }

    /** The program has opened it. */
    void opened() throws IOException {
        if (temporary) {
            Files.deleteIfExists(file);
        }
    }

    /** Closes it and removes its file, and the folders that were created for it. */
    void remove() {
        close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            return; // it stays, which does no harm
        }
        folders.removeEmpty();
    }

    private synchronized void cut() {
        try {
            removed += FileLimit.cut(content, end, LONGEST);
        } catch (IOException e) {
            // it is being closed, or the disk is full already
        }
    }

    /** Adds a line, unless it is blank. */
    synchronized void append(String line) {
        if (line.isBlank()) {
            return;
        }
        try {
            end.write((line.stripTrailing() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // it is being closed, or the disk is full already
        }
    }

    /** The position of the next line. */
    synchronized long position() {
        try {
            return removed + content.length();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last lines from a position on: at most 20, and 4096 bytes. */
    synchronized String lastWords(long from) {
        try {
            return lastWords(content, from - removed);
        } catch (IOException e) {
            return "";
        }
    }

    /** Those of another file. */
    static String lastWords(Path file) {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            return lastWords(content, 0);
        } catch (IOException e) {
            return "";
        }
    }

    private static String lastWords(RandomAccessFile content, long from) throws IOException {
        long size = content.length();
        long start = Math.max(0, Math.max(from, size - MAX_BYTES));
        byte[] bytes = new byte[(int) Math.max(0, size - start)];
        content.seek(start);
        content.readFully(bytes);
        List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
    }

    @Override
    public void close() {
        watch.cancel(false);
        try {
            opened();
            end.close();
            content.close();
        } catch (IOException e) {
            // it has been read as far as possible
        }
    }
}
