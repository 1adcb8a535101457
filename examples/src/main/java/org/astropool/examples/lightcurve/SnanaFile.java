package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.Lines;
import org.astropool.examples.supernova.Lines.Line;

/**
 * A light curve file in the text format of SNANA (Kessler et al. 2009, PASP 121, 1028): a header of lines {@code KEY: value
 * [+- error] [unit] [# remark]}, then {@code VARLIST:} with the names of the columns and a row {@code OBS:} an observation,
 * until {@code END:}. Keys count in any case and with or without blanks around the colon; unknown keys, remarks and other
 * lines do not.
 */
final class SnanaFile {
    private static final String OBSERVATION = "OBS:";
    private static final String COLUMNS = "VARLIST";

    private final Path file;
    private final Map<String, Line> header = new HashMap<>();
    private final List<Line> rows = new ArrayList<>();

    private SnanaFile(Path file) throws IOException {
        this.file = file;
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
        return new SnanaFile(file).supernova();
    }

    private void addToHeader(Line line) {
        String text = String.join(" ", line.words());
        int colon = text.indexOf(':');
        if (colon > 0) {
            String key = text.substring(0, colon).strip().toUpperCase(Locale.ROOT);
            String value = text.substring(colon + 1).strip();
            header.putIfAbsent(key, new Line(line.number(), List.of(value.split(" "))));
        }
    }

    private ObservedSupernova supernova() throws DataFileException {
        String peak = header.containsKey("PEAKMJD") ? "PEAKMJD" : "SEARCH_PEAKMJD";
        return new ObservedSupernova(
                value("SNID").words().get(0),
                number("REDSHIFT_HELIO"),
                number("REDSHIFT_CMB"),
                header.containsKey("VPEC") ? number("VPEC") : 0,
                number("MWEBV"),
                number(peak),
                lightCurves());
    }

    private Line value(String key) throws DataFileException {
        Line line = header.get(key);
        if (line == null) {
            throw new DataFileException(file, "expected a line \"" + key + ": ...\" in the header");
        }
        return line;
    }

    private double number(String key) throws DataFileException {
        Line line = value(key);
        return Lines.number(file, line, key, line.words().get(0));
    }

    private SortedMap<String, LightCurve> lightCurves() throws DataFileException {
        List<String> columns = value(COLUMNS).words();
        int date = column(columns, "MJD");
        int band = column(columns, "FLT");
        int flux = column(columns, "FLUXCAL");
        int error = column(columns, "FLUXCALERR");
        SortedMap<String, List<double[]>> byBand = new TreeMap<>();
        for (Line row : rows) {
            if (row.words().size() <= columns.size()) {
                throw new DataFileException(
                        file,
                        row.number(),
                        (row.words().size() - 1) + " values after " + OBSERVATION + ", expected " + columns.size()
                                + " as " + COLUMNS + " tells");
            }
            byBand.computeIfAbsent(row.words().get(band), code -> new ArrayList<>())
                    .add(new double[] {
                        number(row, "MJD", date), number(row, "FLUXCAL", flux), number(row, "FLUXCALERR", error)
                    });
        }
        SortedMap<String, LightCurve> lightCurves = new TreeMap<>();
        byBand.forEach((code, points) -> lightCurves.put(code, lightCurve(points)));
        return lightCurves;
    }

    /** The position in a row, which begins with {@code OBS:}. */
    private int column(List<String> columns, String name) throws DataFileException {
        int position = columns.indexOf(name);
        if (position < 0) {
            throw new DataFileException(
                    file, value(COLUMNS).number(), COLUMNS + " has no " + name + ", it has " + columns);
        }
        return position + 1;
    }

    private double number(Line row, String what, int position) throws DataFileException {
        return Lines.number(file, row, what, row.words().get(position));
    }

    private static LightCurve lightCurve(List<double[]> points) {
        return new LightCurve(column(points, 0), column(points, 1), column(points, 2));
    }

    private static double[] column(List<double[]> points, int position) {
        return points.stream().mapToDouble(point -> point[position]).toArray();
    }
}
