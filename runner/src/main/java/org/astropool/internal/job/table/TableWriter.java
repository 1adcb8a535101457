package org.astropool.internal.job.table;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.astropool.internal.job.AtomicFile;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StarTableWriter;
import uk.ac.starlink.table.formats.CsvTableWriter;
import uk.ac.starlink.votable.VOTableWriter;

/** Writes tables. */
public final class TableWriter {
    private TableWriter() {}

    /** Writes the file completely or not at all. */
    public static void write(StarTable table, TableFormat format, Path file) throws IOException {
        if (format == TableFormat.HDF5) {
            AtomicFile.writeFile(file, part -> Hdf5Writer.write(EscapedTable.of(table, format), part));
        } else {
            AtomicFile.write(file, out -> write(table, format, out));
        }
    }

    private static void write(StarTable table, TableFormat format, OutputStream out) throws IOException {
        try {
            writer(format).writeStarTable(EscapedTable.of(table, format), out);
        } catch (UncheckedIOException e) { // of outputs that are not in memory
            throw e.getCause();
        }
    }

    private static StarTableWriter writer(TableFormat format) {
        return switch (format) {
            case ECSV -> new EcsvWriter();
            case FITS -> new FitsWriter();
            case CSV -> unlimitedCsv();
            case VOTABLE -> new VOTableWriter();
            case NPZ -> new NpzWriter();
            case HDF5 -> throw new IllegalArgumentException("HDF5 is not written to a stream");
        };
    }

    private static CsvTableWriter unlimitedCsv() {
        CsvTableWriter writer = new CsvTableWriter();
        writer.setMaxFieldChars(Integer.MAX_VALUE);
        return writer;
    }
}
