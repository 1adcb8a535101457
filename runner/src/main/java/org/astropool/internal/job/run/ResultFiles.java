package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.ResultTables;
import org.astropool.internal.job.result.SearchResult;
import org.astropool.internal.job.result.SearchResult.Maximized;
import org.astropool.internal.job.result.SearchResult.Sampled;
import org.astropool.internal.job.result.SearchTables;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.job.table.TableWriter;
import uk.ac.starlink.table.StarTable;

/** Writes the results of a run into its output directory, each file completely or not at all. For one thread. */
final class ResultFiles {
    private final OutputDirectory directory;
    private final List<TableFormat> formats;
    private final List<Path> written = new ArrayList<>();

    ResultFiles(OutputDirectory directory, List<TableFormat> formats) {
        this.directory = directory;
        this.formats = formats;
    }

    /**
     * Writes the tables of a run that is complete; or only the failures of a run that is not complete.
     *
     * @param thin writes one step of a chain out of this many
     */
    void writeTables(EvaluationRun run, int thin) throws IOException {
        EvaluationResult points = run.result();
        ResultTables tables = new ResultTables(points);
        if (run.isComplete()) {
            SearchTables searches = new SearchTables(points);
            SearchResult searchResult = run.searchResult().orElse(null);
            if (searchResult instanceof Sampled sampled) {
                write(searches.chain(sampled, thin), OutputDirectory.CHAIN);
                write(directory.chainText("txt"), out -> searches.writeChainText(sampled, thin, out));
                write(directory.chainText("paramnames"), searches.paramNames(sampled));
                write(directory.chainText("ranges"), searches.ranges(sampled));
            } else if (searchResult instanceof Maximized maximized) {
                write(searches.maxima(maximized), OutputDirectory.MAXIMA);
            } else {
                write(tables.results(), OutputDirectory.RESULTS);
            }
            write(tables.timings(), TableFormat.FITS, directory.timings());
        }
        if (!points.failures().isEmpty()) {
            write(tables.failures(), TableFormat.ECSV, directory.failures());
        }
    }

    private void write(StarTable table, String name) throws IOException {
        for (TableFormat format : formats) {
            write(table, format, directory.table(name, format));
        }
    }

    private void write(StarTable table, TableFormat format, Path file) throws IOException {
        TableWriter.write(table, format, file);
        written.add(file);
    }

    private void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void write(Path file, AtomicFile.Content content) throws IOException {
        AtomicFile.write(file, content);
        written.add(file);
    }

    /** Called last, since the summary marks the other files as complete. */
    void writeSummary(Summary summary) throws IOException {
        summary.write(directory.summary());
        written.add(directory.summary());
    }

    /** The files that were written, in order. */
    List<Path> written() {
        return List.copyOf(written);
    }
}
