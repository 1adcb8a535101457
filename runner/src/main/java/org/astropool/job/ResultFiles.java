package org.astropool.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.job.Finding.Maximized;
import org.astropool.job.Finding.Sampled;
import uk.ac.starlink.table.StarTable;

/** Writes what a run came to into its output directory, each file as a whole or not at all. For one thread. */
final class ResultFiles {
    private final OutputDirectory directory;
    private final List<ResultFormat> formats;
    private final List<Path> written = new ArrayList<>();

    ResultFiles(OutputDirectory directory, List<ResultFormat> formats) {
        this.directory = directory;
        this.formats = formats;
    }

    /**
     * Writes the tables of a run that is complete; of one that is not, only its failures.
     *
     * @param thin every so manieth step of a chain
     */
    void writeTables(PointsRun run, int thin) throws IOException {
        PointsResult points = run.result();
        ResultTables tables = new ResultTables(points);
        if (run.isComplete()) {
            SearchTables searches = new SearchTables(points);
            Finding finding = run.finding().orElse(null);
            if (finding instanceof Sampled sampled) {
                write(searches.chain(sampled, thin), OutputDirectory.CHAIN);
                write(directory.chainText("txt"), out -> searches.writeChainText(sampled, thin, out));
                write(directory.chainText("paramnames"), searches.paramNames(sampled));
                write(directory.chainText("ranges"), searches.ranges(sampled));
            } else if (finding instanceof Maximized maximized) {
                write(searches.maxima(maximized), OutputDirectory.MAXIMA);
            } else {
                write(tables.results(), OutputDirectory.RESULTS);
            }
            write(tables.timings(), ResultFormat.FITS, directory.timings());
        }
        if (!points.failures().isEmpty()) {
            write(tables.failures(), ResultFormat.ECSV, directory.failures());
        }
    }

    private void write(StarTable table, String name) throws IOException {
        for (ResultFormat format : formats) {
            write(table, format, directory.table(name, format));
        }
    }

    private void write(StarTable table, ResultFormat format, Path file) throws IOException {
        TableFile.write(table, format, file);
        written.add(file);
    }

    private void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void write(Path file, WholeFile.Content content) throws IOException {
        WholeFile.write(file, content);
        written.add(file);
    }

    /** Last, since it says that the others are there. */
    void writeSummary(Summary summary) throws IOException {
        summary.write(directory.summary());
        written.add(directory.summary());
    }

    /** What was written, in order. */
    List<Path> written() {
        return List.copyOf(written);
    }
}
