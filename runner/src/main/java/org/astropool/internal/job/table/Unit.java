package org.astropool.internal.job.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A unit as written in catalogues: VOUnit, FITS, CDS and astropy, such as {@code km.s**-1}, {@code km/s}, {@code km
 * s-1}. No Java library in Maven Central reads these.
 *
 * @param factor the size in base units
 * @param dimensions the powers of base units, without those of power 0. Angles, magnitudes, counts and unknown symbols
 *     are base units of their own, which convert to nothing else
 */
record Unit(BigDecimal factor, Map<String, Integer> dimensions) {
    private static final MathContext DIGITS = MathContext.DECIMAL128;
    private static final Unit ONE = new Unit(BigDecimal.ONE, Map.of());
    private static final int LARGEST_POWER = 99;

    private static final Map<String, Unit> SYMBOLS = new HashMap<>();
    private static final Map<String, Integer> PREFIXES = Map.ofEntries(
            Map.entry("y", -24),
            Map.entry("z", -21),
            Map.entry("a", -18),
            Map.entry("f", -15),
            Map.entry("p", -12),
            Map.entry("n", -9),
            Map.entry("u", -6),
            Map.entry("\u00b5", -6),
            Map.entry("\u03bc", -6),
            Map.entry("m", -3),
            Map.entry("c", -2),
            Map.entry("d", -1),
            Map.entry("da", 1),
            Map.entry("h", 2),
            Map.entry("k", 3),
            Map.entry("M", 6),
            Map.entry("G", 9),
            Map.entry("T", 12),
            Map.entry("P", 15),
            Map.entry("E", 18),
            Map.entry("Z", 21),
            Map.entry("Y", 24));

    static {
        base("m s g A K mol cd mag dex arcsec bit pix ct ph adu electron beam");
        alias("second sec", "s");
        alias("meter metre", "m");
        alias("gram", "g");
        alias("Kelvin kelvin", "K");
        alias("asec", "arcsec");
        alias("pixel", "pix");
        alias("count", "ct");
        alias("photon", "ph");
        scaled("min minute", "60", "s");
        scaled("h hr hour", "3600", "s");
        scaled("d day", "86400", "s");
        scaled("week wk", "604800", "s");
        scaled("a yr year", "31557600", "s");
        scaled("cy century", "3155760000", "s");
        scaled("arcmin", "60", "arcsec");
        scaled("deg degree degrees \u00b0", "3600", "arcsec");
        scaled("hourangle", "54000", "arcsec");
        scaled("rad radian", "206264.8062470963551564733573307786131966597", "arcsec");
        scaled("mas", "0.001", "arcsec");
        scaled("uas", "0.000001", "arcsec");
        scaled("sr", "1", "rad2");
        scaled("AU au", "149597870700", "m");
        scaled("pc parsec", "206264.8062470963551564733573307786131966597", "AU");
        scaled("lyr", "9460730472580800", "m");
        scaled("Angstrom angstrom AA \u00c5 \u212b", "1e-10", "m");
        scaled("micron", "1e-6", "m");
        scaled("solRad Rsun R_sun", "695700000", "m");
        scaled("solMass Msun M_sun", "1.988409870698051e33", "g");
        scaled("u Da", "1.66053906660e-24", "g");
        scaled("Hz", "1", "s-1");
        scaled("N", "1000", "g m s-2");
        scaled("J", "1", "N m");
        scaled("W", "1", "J/s");
        scaled("Pa", "1", "N/m2");
        scaled("bar", "100000", "Pa");
        scaled("dyn", "1e-5", "N");
        scaled("erg", "1e-7", "J");
        scaled("eV", "1.602176634e-19", "J");
        scaled("solLum Lsun L_sun", "3.828e26", "W");
        scaled("Jy", "1e-26", "W/m2/Hz");
        scaled("C", "1", "A s");
        scaled("V", "1", "W/A");
        scaled("T", "1", "V s/m2");
        scaled("G", "0.0001", "T");
        scaled("byte", "8", "bit");
        scaled("% percent", "0.01", "");
        scaled("ppm", "0.000001", "");
    }

    private static void base(String symbols) {
        for (String symbol : symbols.split(" ")) {
            SYMBOLS.put(symbol, new Unit(BigDecimal.ONE, Map.of(symbol, 1)));
        }
    }

    private static void alias(String symbols, String of) {
        scaled(symbols, "1", of);
    }

    private static void scaled(String symbols, String factor, String of) {
        Unit unit = parse(of).orElseThrow();
        for (String symbol : symbols.split(" ")) {
            SYMBOLS.put(symbol, new Unit(unit.factor.multiply(new BigDecimal(factor), DIGITS), unit.dimensions));
        }
    }

    /** Empty when it is not a product of powers, such as the logarithm of a unit. */
    static Optional<Unit> parse(String text) {
        try {
            return Optional.of(new Reader(text.strip()).unit());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isCompatible(Unit other) {
        return dimensions.equals(other.dimensions);
    }

    /** The number in another unit of the same dimensions, rounded once. */
    double convert(double number, Unit to) {
        return factor.compareTo(to.factor) == 0
                ? number
                : new BigDecimal(number)
                        .multiply(factor)
                        .divide(to.factor, DIGITS)
                        .doubleValue();
    }

    private Unit times(Unit other, int power) {
        if (Math.abs(power) > LARGEST_POWER) {
            throw new IllegalArgumentException("power " + power);
        }
        Map<String, Integer> product = new TreeMap<>(dimensions);
        other.dimensions.forEach((symbol, count) -> {
            int sum = product.getOrDefault(symbol, 0) + count * power;
            if (sum == 0) {
                product.remove(symbol);
            } else {
                product.put(symbol, sum);
            }
        });
        BigDecimal scale = other.factor.pow(Math.abs(power), DIGITS);
        return new Unit(power < 0 ? factor.divide(scale, DIGITS) : factor.multiply(scale, DIGITS), product);
    }

    private static Unit ofSymbol(String symbol) {
        Unit known = SYMBOLS.get(symbol);
        for (int length = 1; known == null && length <= 2 && length < symbol.length(); length++) {
            Integer power = PREFIXES.get(symbol.substring(0, length));
            Unit unit = SYMBOLS.get(symbol.substring(length));
            if (power != null && unit != null) {
                known = new Unit(unit.factor.scaleByPowerOfTen(power), unit.dimensions);
            }
        }
        return known != null ? known : new Unit(BigDecimal.ONE, Map.of(symbol, 1));
    }

    /** Reads a product of powers. */
    private static final class Reader {
        private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
        private static final Pattern SYMBOL = Pattern.compile("[\\p{L}%\u00b0_]+");
        private static final Pattern POWER =
                Pattern.compile("\\s*(?:\\*\\*|\\^)\\s*(?:\\(\\s*([+-]?\\d{1,3})\\s*\\)|([+-]?\\d{1,3}))(?![.\\d])"
                        + "|([+-]?\\d{1,3})(?!\\.?\\d)");
        private static final Pattern OPERATOR = Pattern.compile("\\s*([*./\u00b7])\\s*|\\s+");

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Unit unit() {
            if (text.isEmpty() || text.matches("-+")) {
                return ONE;
            }
            Unit unit = product();
            if (at < text.length()) {
                throw new IllegalArgumentException(text);
            }
            return unit;
        }

        private Unit product() {
            int sign = 1;
            if (at < text.length() && text.charAt(at) == '/') {
                sign = -1;
                at++;
            }
            Unit product = ONE;
            while (true) {
                skipBlanks();
                product = product.times(power(), sign);
                Matcher operator = OPERATOR.matcher(text).region(at, text.length());
                if (operator.lookingAt() && operator.end() < text.length() && text.charAt(operator.end()) != ')') {
                    sign = "/".equals(operator.group(1)) ? -1 : 1;
                    at = operator.end();
                } else if (at < text.length() && text.charAt(at) != ')' && isFactorOfTen()) {
                    sign = 1; // CDS: 10-3W
                } else {
                    skipBlanks();
                    return product;
                }
            }
        }

        private boolean isFactorOfTen() {
            return text.startsWith("10")
                    && SYMBOL.matcher(text).region(at, text.length()).lookingAt();
        }

        private Unit power() {
            Unit base = term();
            Matcher power = POWER.matcher(text).region(at, text.length()).useTransparentBounds(true);
            if (!power.lookingAt()) {
                if (at < text.length() && (text.charAt(at) == '^' || text.startsWith("**", at))) {
                    throw new IllegalArgumentException(text);
                }
                return base;
            }
            at = power.end();
            for (int group = 1; group <= 3; group++) {
                if (power.group(group) != null) {
                    return ONE.times(base, Integer.parseInt(power.group(group)));
                }
            }
            throw new IllegalStateException(text);
        }

        private Unit term() {
            if (at < text.length() && text.charAt(at) == '(') {
                at++;
                Unit inner = product();
                if (at >= text.length() || text.charAt(at) != ')') {
                    throw new IllegalArgumentException(text);
                }
                at++;
                return inner;
            }
            Matcher number = NUMBER.matcher(text).region(at, text.length());
            if (number.lookingAt()) {
                at = number.end();
                BigDecimal factor = new BigDecimal(number.group());
                if (factor.signum() == 0 || Math.abs((long) factor.scale()) > LARGEST_POWER) {
                    throw new IllegalArgumentException(text);
                }
                return new Unit(factor, Map.of());
            }
            Matcher symbol = SYMBOL.matcher(text).region(at, text.length());
            if (!symbol.lookingAt()) {
                throw new IllegalArgumentException(text);
            }
            at = symbol.end();
            if (at < text.length() && text.charAt(at) == '(') {
                throw new IllegalArgumentException(text); // a function, such as log
            }
            return ofSymbol(symbol.group());
        }

        private void skipBlanks() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }
    }
}
