package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.plan.Shards;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.ResultTables;
import org.astropool.internal.job.search.SearchOutput;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.job.table.TableWriter;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.StarTable;

/** Writes the results of a run into its output directory, each file completely or not at all. For one thread. */
final class ResultFiles implements SearchOutput {
    private final OutputDirectory directory;
    private final List<TableFormat> formats;
    private final @Nullable Shards shards;
    private final List<Path> written = new ArrayList<>();

    /** @param shards the files of a design; null for other jobs */
    ResultFiles(OutputDirectory directory, List<TableFormat> formats, @Nullable Shards shards) {
        this.shards = shards;
        this.directory = directory;
        this.formats = formats;
    }

    /** Writes the tables of a run that is complete; or only the failures of a run that is not complete. */
    void writeTables(EvaluationRun run) throws IOException {
        EvaluationResult points = run.result();
        ResultTables tables = new ResultTables(points);
        if (run.isComplete()) {
            SearchResult searchResult = run.searchResult().orElse(null);
            if (shards != null) {
                writeShards(tables, shards);
            } else if (searchResult == null) {
                table(OutputDirectory.RESULTS, tables.results());
            } else {
                searchResult.write(points, this);
            }
            write(tables.timings(), TableFormat.FITS, directory.timings());
        }
        if (!points.failures().isEmpty()) {
            write(tables.failures(), TableFormat.ECSV, directory.failures());
        }
    }

    private void writeShards(ResultTables tables, Shards all) throws IOException {
        for (int shard = 0; shard < all.count(); shard++) {
            for (TableFormat format : formats) {
                StarTable table = tables.training(all.from(shard), all.from(shard + 1), format);
                write(table, format, directory.shard(shard, format));
            }
        }
    }

    @Override
    public void table(String name, StarTable table) throws IOException {
        for (TableFormat format : formats) {
            write(table, format, directory.table(name, format));
        }
    }

    private void write(StarTable table, TableFormat format, Path file) throws IOException {
        TableWriter.write(table, format, file);
        written.add(file);
    }

    @Override
    public void text(String name, AtomicFile.Content content) throws IOException {
        Path file = directory.file(name);
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
