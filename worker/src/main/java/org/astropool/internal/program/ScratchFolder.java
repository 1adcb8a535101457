package org.astropool.internal.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for a point: the working directory of its command, with what the command writes. */
record ScratchFolder(Path folder) {
    private static final int MOST_BYTES = 64 << 20;
    private static final int TRIAL_BYTES = 64 << 10;

    /** On TMPDIR. */
    static Path base() {
        String variable = System.getenv("TMPDIR");
        return Path.of(variable == null || variable.isEmpty() ? System.getProperty("java.io.tmpdir") : variable);
    }

    /**
     * Checks before programs are started whether they can have their files there.
     *
     * @throws BrokenProgramException when there is no such folder, or it takes no files
     */
    static void check() throws BrokenProgramException {
        Path base = base();
        String problem = "";
        if (!base.isAbsolute()) {
            problem = "is not an absolute path, but programs run in other folders";
        } else if (!Files.isDirectory(base)) {
            problem = Files.exists(base) ? "is not a folder" : "does not exist";
        } else {
            try {
                Path trial = Files.createTempFile(base, "astropool-", ".trial");
                try {
                    Files.write(trial, new byte[TRIAL_BYTES], StandardOpenOption.SYNC);
                } finally {
                    Files.delete(trial);
                }
            } catch (IOException e) {
                problem = "takes no files: " + e.getMessage() + "; make room there, or";
            }
        }
        if (!problem.isEmpty()) {
            throw new BrokenProgramException(
                    "the folder for temporary files, TMPDIR " + base + ", " + problem
                            + (problem.endsWith(" or") ? "" : ";")
                            + " set TMPDIR to a folder on a disk of this machine that can be written",
                    "");
        }
    }

    static ScratchFolder create() throws IOException {
        return new ScratchFolder(Files.createTempDirectory(base(), "astropool-"));
    }

    /**
     * Empties it, so that most points need no new folder.
     *
     * @return whether that was possible
     */
    boolean clear() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    new ScratchFolder(file).remove();
                } else {
                    Files.delete(
                            file); // not to be written again: ext4 has a file that replaces another on disk at once
                }
            }
            return true;
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }

    Path stdout() {
        return folder.resolve("stdout");
    }

    Path stderr() {
        return folder.resolve("stderr");
    }

    /** Cuts excessive output of the command, in which no result could be found anyway. */
    void limit() {
        FileLimit.cut(stdout(), MOST_BYTES);
        FileLimit.cut(stderr(), MOST_BYTES);
    }

    /** @throws IOException when it does not exist, or is too large */
    static String text(Path file) throws IOException {
        if (FileLimit.isExceeded(file, MOST_BYTES)) {
            throw new IOException(file + " has more than the " + MOST_BYTES + " bytes in which results are looked for");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    boolean isEmpty() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().isEmpty();
        } catch (IOException e) {
            return true; // then there is nothing to be seen
        }
    }

    String lastWords() {
        return ProgramLog.lastWords(stderr());
    }

    void remove() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // a process that the command has left running still writes there
        }
    }
}
