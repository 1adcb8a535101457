package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.Lines;
import org.astropool.examples.supernova.Lines.Line;
import org.jspecify.annotations.Nullable;

/**
 * A light curve file in the text format of SNANA (Kessler et al. 2009, PASP 121, 1028): a header of lines {@code KEY:
 * value [+- error] [unit] [# remark]}, then {@code VARLIST:} or {@code VARNAMES:} with the names of the columns and a
 * row {@code OBS:} an observation, until {@code END:}. Keys count in any case and with or without blanks around the
 * colon; unknown keys, remarks and other lines do not.
 */
final class SnanaFile {
    private static final String OBSERVATION = "OBS:";
    private static final String COLUMNS = "VARLIST";
    private static final List<String> COLUMN_KEYS = List.of(COLUMNS, "VARNAMES");

    private final Path file;
    private final SnanaHeader header;
    private final List<Line> rows = new ArrayList<>();
    private String columnKey = COLUMNS;
    private @Nullable Line columns;

    private SnanaFile(Path file) throws IOException {
        this.file = file;
        this.header = new SnanaHeader(file);
        for (Line line : Lines.read(file)) {
            if (line.words().get(0).equals(OBSERVATION)) {
                rows.add(line);
            } else if (line.startsWith("END:")) {
                break;
            } else if (!line.startsWith("#")) {
                addToHeader(line);
            }
        }
    }

    /** @throws DataFileException when the file is not there or something that is needed is missing or malformed */
    static ObservedSupernova read(Path file) throws IOException {
        SnanaFile text = new SnanaFile(file);
        return text.header.supernova(text.lightCurves());
    }

    private void addToHeader(Line line) {
        String text = String.join(" ", line.words());
        int colon = text.indexOf(':');
        if (colon > 0) {
            String key = text.substring(0, colon).strip().toUpperCase(Locale.ROOT);
            String value = text.substring(colon + 1).strip();
            if (COLUMN_KEYS.contains(key) && columns == null && !value.isEmpty()) {
                columnKey = key;
                columns = new Line(line.number(), List.of(value.split(" ")));
            }
            header.put(key, line.number(), value);
        }
    }

    private SortedMap<String, LightCurve> lightCurves() throws DataFileException {
        if (columns == null) {
            throw new DataFileException(file, "expected a line \"" + COLUMNS + ": ...\" in the header");
        }
        List<String> names = columns.words();
        int date = column(columns, SnanaPhotometry.DATE);
        int band = column(columns, SnanaPhotometry.BAND);
        int flux = column(columns, SnanaPhotometry.FLUX);
        int error = column(columns, SnanaPhotometry.ERROR);
        SnanaPhotometry photometry = new SnanaPhotometry();
        for (Line row : rows) {
            if (row.words().size() <= names.size()) {
                throw new DataFileException(
                        file,
                        row.number(),
                        (row.words().size() - 1) + " values after " + OBSERVATION + ", expected " + names.size()
                                + " as " + columnKey + " tells");
            }
            photometry.add(
                    row.words().get(band),
                    number(row, "MJD", date),
                    number(row, "FLUXCAL", flux),
                    number(row, "FLUXCALERR", error));
        }
        return photometry.lightCurves();
    }

    /** The position in a row, which begins with {@code OBS:}. */
    private int column(Line given, List<String> names) throws DataFileException {
        int position = SnanaPhotometry.position(given.words(), names);
        if (position < 0) {
            throw new DataFileException(
                    file,
                    given.number(),
                    columnKey + " has no " + String.join(" or ", names) + ", it has " + given.words());
        }
        return position + 1;
    }

    private double number(Line row, String what, int position) throws DataFileException {
        return Lines.number(file, row, what, row.words().get(position));
    }
}
