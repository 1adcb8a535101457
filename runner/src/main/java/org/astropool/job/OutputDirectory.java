package org.astropool.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The directory of a run's results. It may hold files of others, which are never touched. */
public final class OutputDirectory {
    static final String SUMMARY = "summary.json";
    static final String FAILURES = "failures.ecsv";
    static final String TIMINGS = "timings.fits";

    private final Path path;

    public OutputDirectory(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    Path results(ResultFormat format) {
        return path.resolve("results." + format.label());
    }

    Path failures() {
        return path.resolve(FAILURES);
    }

    Path timings() {
        return path.resolve(TIMINGS);
    }

    Path summary() {
        return path.resolve(SUMMARY);
    }

    /** Result files of an earlier run. */
    public List<Path> ours() {
        List<Path> files = new ArrayList<>();
        Arrays.stream(ResultFormat.values()).map(this::results).forEach(files::add);
        files.addAll(List.of(failures(), timings(), summary()));
        files.removeIf(file -> !Files.exists(file));
        return files;
    }

    /**
     * Makes the directory, when there is none. Removes nothing.
     *
     * @param overwrite whether it may hold results of an earlier run, which {@link #clear} will remove
     * @throws JobException when it holds results that are to be kept, or cannot be written
     */
    void create(boolean overwrite) throws JobException {
        List<Path> ours = ours();
        if (!ours.isEmpty() && !overwrite) {
            throw new JobException("the output directory " + path + " holds results ("
                    + ours.get(0).getFileName()
                    + "); use --resume to keep them, --overwrite to replace them, or another --out");
        }
        try {
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, ".astropool", ".tmp"));
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /** Removes results of an earlier run. @throws JobException when that is not possible */
    void clear() throws JobException {
        try {
            Files.deleteIfExists(summary()); // first: without it the others are no complete run
            for (Path file : ours()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    private JobException notWritable(IOException e) {
        return new JobException(
                "the output directory " + path + " cannot be written: " + e + "; choose another with --out");
    }
}
