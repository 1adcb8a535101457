package org.astropool.internal.cli.options;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes of memory in bytes; the prefixes are binary, as those of batch systems are. Stateless. */
public final class SizeConverter implements ITypeConverter<Double> {
    private static final String PREFIXES = "KMGT";
    private static final double STEP = 1024;

    @Override
    public Double convert(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        if (!upper.matches("\\d{1,9}(\\.\\d+)? *[KMGT](I?B)?")) {
            throw new TypeConversionException("\"" + text + "\" is no size of memory; write it like 192GB or 4000M");
        }
        String number = upper.replaceAll("[^0-9.]", "");
        char prefix = upper.replaceAll("[^KMGT]", "").charAt(0);
        return Double.parseDouble(number) * Math.pow(STEP, 1 + PREFIXES.indexOf(prefix));
    }
}
