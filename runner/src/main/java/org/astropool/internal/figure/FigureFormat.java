package org.astropool.internal.figure;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of files that a drawing can be written to. */
public enum FigureFormat {
    SVG,
    PDF,
    PNG;

    /** The format of a file, by the ending of its name. */
    public static Optional<FigureFormat> ofFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> name.endsWith("." + format.ending()))
                .findFirst();
    }

    public String ending() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> endings() {
        return Arrays.stream(values()).map(format -> "." + format.ending()).toList();
    }

    public void write(Drawing drawing, OutputStream out) throws IOException {
        switch (this) {
            case SVG -> new SvgWriter(drawing).write(out);
            case PDF -> new PdfWriter(drawing).write(out);
            case PNG -> new PngWriter(drawing).write(out);
        }
    }
}
