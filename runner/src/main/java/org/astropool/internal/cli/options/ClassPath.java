package org.astropool.internal.cli.options;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.job.JobException;
import picocli.CommandLine.Option;

/** The option {@code --class-path}. */
public final class ClassPath {

    @Option(
            names = "--class-path",
            paramLabel = "JARS",
            description = "Jars and folders with your classes, separated by ${sys:path.separator}.")
    private String text = "";

    /** Absolute paths. @throws JobException when one does not exist */
    public List<String> entries() throws JobException {
        List<String> entries = new ArrayList<>();
        for (String entry : text.split(File.pathSeparator)) {
            if (entry.isEmpty()) {
                continue;
            }
            Path path = Path.of(entry).toAbsolutePath();
            if (!Files.exists(path)) {
                throw new JobException("--class-path: " + path + " does not exist");
            }
            entries.add(path.toString());
        }
        return entries;
    }
}
