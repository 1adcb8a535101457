package org.astropool.internal.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The folders of failed points, for finding the reason: a few of each run on each host, because thousands of points may
 * fail for the same reason. They are numbered, so that processes that share a host need not agree.
 */
public final class FailedPoints {
    /** How many are kept on a host. */
    static final int MOST = 20;

    private static final int DIGITS = 16;

    private final Path folder;

    private FailedPoints(Path folder) {
        this.folder = folder;
    }

    /**
     * Those of a run, on this host.
     *
     * @param output a path that only this run has
     */
    public static FailedPoints of(Path output) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(output.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
            String name = HexFormat.of().formatHex(digest).substring(0, DIGITS);
            return new FailedPoints(ScratchFolder.base().resolve("astropool-failed-" + name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Keeps the folder of a point if there are not too many, else removes it.
     *
     * @return what to report about its files
     */
    String keep(ScratchFolder scratch) {
        try {
            Files.createDirectories(folder);
            for (int number = 1; number <= MOST; number++) {
                Path place = folder.resolve(String.valueOf(number));
                if (!Files.exists(place) && isMoved(scratch.folder(), place)) {
                    return "its files are in " + place;
                }
            }
        } catch (IOException e) {
            scratch.remove();
            return "its files were removed, since they could not be moved to " + folder + ": " + e;
        }
        scratch.remove();
        return "its files were removed, since those of " + MOST + " points that failed are kept in " + folder;
    }

    /** Whether no other process was faster: a folder can only replace an empty one. */
    private static boolean isMoved(Path from, Path to) throws IOException {
        try {
            Files.move(from, to);
            return true;
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** Removes all that are kept on this host. */
    public void remove() {
        new ScratchFolder(folder).remove();
    }
}
