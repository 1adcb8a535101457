package org.astropool.examples.lightcurve;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.Lines;
import org.astropool.examples.supernova.Lines.Line;

/** What SNANA knows of a supernova beside its photometry. Surveys differ in which keys they give. */
final class SnanaHeader {
    private static final Set<String> NOTHING = Set.of("", "NULL", "UNKNOWN", "NONE");
    /** What SNANA writes where a redshift, a reddening or a date is not known is -9 or -99. */
    private static final double LOWEST = -1;

    private static final double LIGHT_SPEED = 299_792.458; // km/s
    /** Of the sun in the frame of the microwave background (Planck 2018 I), and its direction, J2000. */
    private static final double SUN_VELOCITY = 369.82; // km/s

    private static final double SUN_RA = Math.toRadians(167.942);
    private static final double SUN_DEC = Math.toRadians(-6.944);

    private final Path file;
    private final Map<String, Line> values = new HashMap<>();

    SnanaHeader(Path file) {
        this.file = file;
    }

    /** Of values for the same key the last counts, as in SNANA; keys without a value do not. */
    void put(String key, int line, String value) {
        String first = value.strip().split("\\s|\\+-", 2)[0];
        if (!NOTHING.contains(first.toUpperCase(Locale.ROOT))) {
            values.put(key.strip().toUpperCase(Locale.ROOT), new Line(line, List.of(first)));
        }
    }

    /** @throws DataFileException when something that is needed is missing or malformed */
    ObservedSupernova supernova(Map<String, LightCurve> lightCurves) throws DataFileException {
        OptionalDouble helio = redshift("REDSHIFT_HELIO");
        OptionalDouble cmb = redshift("REDSHIFT_CMB", "REDSHIFT_FINAL");
        if (helio.isEmpty() && cmb.isEmpty()) {
            throw missing("REDSHIFT_HELIO\", \"REDSHIFT_CMB\" or \"REDSHIFT_FINAL");
        }
        if (helio.isEmpty() || cmb.isEmpty()) {
            double motion = motionOfTheSun();
            if (motion == 1) { // not by way of 1 + z, which rounds
                helio = helio.isPresent() ? helio : cmb;
                cmb = helio;
            } else if (helio.isEmpty()) {
                helio = OptionalDouble.of((1 + cmb.getAsDouble()) / motion - 1);
            } else {
                cmb = OptionalDouble.of((1 + helio.getAsDouble()) * motion - 1);
            }
        }
        return new ObservedSupernova(
                name(),
                helio.getAsDouble(),
                cmb.getAsDouble(),
                number("VPEC").orElse(0),
                known("MWEBV").orElse(Double.NaN),
                peakDate(lightCurves),
                lightCurves);
    }

    private String name() throws DataFileException {
        return value("SNID", "IAUC", "NAME_IAUC", "NAME")
                .orElseThrow(() -> missing("SNID"))
                .words()
                .get(0);
    }

    /** (1 + z_cmb) / (1 + z_hel); 1 where the file does not say where the supernova is. */
    private double motionOfTheSun() throws DataFileException {
        OptionalDouble ra = number("RA");
        OptionalDouble dec = number("DECL", "DEC");
        if (ra.isEmpty() || dec.isEmpty() || (ra.getAsDouble() == 0 && dec.getAsDouble() == 0)) {
            return 1;
        }
        double alpha = Math.toRadians(ra.getAsDouble());
        double delta = Math.toRadians(dec.getAsDouble());
        double cosine =
                Math.sin(delta) * Math.sin(SUN_DEC) + Math.cos(delta) * Math.cos(SUN_DEC) * Math.cos(alpha - SUN_RA);
        return 1 + SUN_VELOCITY / LIGHT_SPEED * cosine;
    }

    private double peakDate(Map<String, LightCurve> lightCurves) throws DataFileException {
        OptionalDouble given = known("PEAKMJD");
        given = given.isPresent() ? given : known("SEARCH_PEAKMJD");
        if (given.isPresent()) {
            return given.getAsDouble();
        }
        double date = Double.NaN;
        double most = Double.NEGATIVE_INFINITY;
        for (LightCurve curve : lightCurves.values()) {
            for (int i = 0; i < curve.size(); i++) {
                double significance = curve.fluxes()[i] / curve.errors()[i];
                if (curve.errors()[i] > 0 && significance > most) {
                    most = significance;
                    date = curve.dates()[i];
                }
            }
        }
        if (Double.isNaN(date)) {
            throw missing("PEAKMJD");
        }
        return date;
    }

    private OptionalDouble redshift(String... keys) throws DataFileException {
        for (String key : keys) {
            OptionalDouble redshift = known(key);
            if (redshift.isPresent()) {
                return redshift;
            }
        }
        return OptionalDouble.empty();
    }

    private OptionalDouble known(String key) throws DataFileException {
        OptionalDouble number = number(key);
        return number.isPresent() && number.getAsDouble() > LOWEST ? number : OptionalDouble.empty();
    }

    private OptionalDouble number(String... keys) throws DataFileException {
        for (String key : keys) {
            Line line = values.get(key);
            if (line != null) {
                return OptionalDouble.of(
                        Lines.number(file, line, key, line.words().get(0)));
            }
        }
        return OptionalDouble.empty();
    }

    private Optional<Line> value(String... keys) {
        for (String key : keys) {
            if (values.containsKey(key)) {
                return Optional.of(values.get(key));
            }
        }
        return Optional.empty();
    }

    private DataFileException missing(String key) {
        return new DataFileException(file, "expected a line \"" + key + ": ...\" in the header");
    }
}
