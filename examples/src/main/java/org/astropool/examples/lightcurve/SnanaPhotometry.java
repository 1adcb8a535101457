package org.astropool.examples.lightcurve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Observations of one supernova, sorted into bands as they come. */
final class SnanaPhotometry {
    /** What a column may be called, in any case of letters. */
    static final List<String> DATE = List.of("MJD");

    static final List<String> BAND = List.of("FLT", "BAND", "FILTER");
    static final List<String> FLUX = List.of("FLUXCAL");
    static final List<String> ERROR = List.of("FLUXCALERR", "FLUXCAL_ERR");

    private final SortedMap<String, List<double[]>> bands = new TreeMap<>();

    void add(String band, double date, double flux, double error) {
        bands.computeIfAbsent(band, code -> new ArrayList<>()).add(new double[] {date, flux, error});
    }

    /** The position of a column, or -1. */
    static int position(List<String> columns, List<String> names) {
        for (String name : names) {
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).toUpperCase(Locale.ROOT).equals(name)) {
                    return i;
                }
            }
        }
        return -1;
    }

    SortedMap<String, LightCurve> lightCurves() {
        SortedMap<String, LightCurve> lightCurves = new TreeMap<>();
        bands.forEach((code, points) ->
                lightCurves.put(code, new LightCurve(column(points, 0), column(points, 1), column(points, 2))));
        return lightCurves;
    }

    private static double[] column(List<double[]> points, int position) {
        return points.stream().mapToDouble(point -> point[position]).toArray();
    }
}
