package org.astropool.internal.figure;

import java.awt.geom.GeneralPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * Liberation Sans, which has the widths of Helvetica and comes with PDFBox (SIL Open Font License). FontBox reads its
 * outlines in Java, so that they are the same with any JDK. Not for several threads.
 */
final class Typeface {
    private static final String RESOURCE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    /** How far the top of a letter of height 1 leans to the right. */
    static final double SLANT = 0.2;

    static final double CAPITALS = 0.69;

    private final TrueTypeFont font;
    private final CmapLookup glyphs;
    private final double unitsPerEm;

    private Typeface(TrueTypeFont font) throws IOException {
        this.font = font;
        this.glyphs = font.getUnicodeCmapLookup();
        this.unitsPerEm = font.getUnitsPerEm();
    }

    static Typeface get() {
        try {
            return new Typeface(parse());
        } catch (IOException e) {
            throw new UncheckedIOException("the font of the figures cannot be read", e);
        }
    }

    static TrueTypeFont parse() throws IOException {
        try (InputStream in = PDDocument.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException(RESOURCE + " is missing in the jar of PDFBox");
            }
            return new TTFParser().parse(new RandomAccessReadBuffer(in));
        }
    }

    boolean has(int character) {
        return glyphs.getGlyphId(character) > 0;
    }

    int glyph(int character) {
        return glyphs.getGlyphId(character);
    }

    /** In units of the size of the text. */
    double width(String text) {
        return text.codePoints().mapToDouble(one -> advance(glyph(one))).sum();
    }

    double advance(int glyph) {
        try {
            return font.getAdvanceWidth(glyph) / unitsPerEm;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double unitsPerEm() {
        return unitsPerEm;
    }

    /** In units of the font, y upwards; empty for a blank. */
    GeneralPath outline(int glyph) {
        try {
            GlyphData data = font.getGlyph().getGlyph(glyph);
            return data == null ? new GeneralPath() : data.getPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
