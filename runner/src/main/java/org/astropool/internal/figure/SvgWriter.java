package org.astropool.internal.figure;

import java.awt.geom.GeneralPath;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.internal.figure.Drawing.Shape;
import org.astropool.internal.figure.Drawing.Words;
import org.jspecify.annotations.Nullable;

/**
 * Writes a drawing as SVG 1.1. Text is drawn as the outlines of its letters, each of which is defined once, so that it
 * looks the same everywhere; the file has no dates and no random names, so that the same drawing is the same bytes.
 */
final class SvgWriter {
    private final Drawing drawing;
    private final StringBuilder body = new StringBuilder();
    private final Map<Integer, String> glyphs = new TreeMap<>();
    private final StringBuilder clips = new StringBuilder();
    private @Nullable Rectangle2D clip;
    private int clipCount;

    SvgWriter(Drawing drawing) {
        this.drawing = drawing;
    }

    void write(OutputStream out) throws IOException {
        for (Drawing.Element element : drawing.elements()) {
            if (element instanceof Shape shape) {
                shape(shape);
            } else if (element instanceof Words words) {
                words(words);
            }
        }
        clip(null);
        String width = number(drawing.width());
        String height = number(drawing.height());
        StringBuilder text = new StringBuilder();
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"")
                .append(width + "pt\" height=\"" + height + "pt\" viewBox=\"0 0 " + width + " " + height)
                .append("\" role=\"img\">\n<title>" + escaped(drawing.description()) + "</title>\n<defs>\n");
        glyphs.forEach((glyph, path) -> text.append("<path id=\"g" + glyph + "\" d=\"" + path + "\"/>\n"));
        text.append(clips);
        text.append("</defs>\n<rect width=\"" + width + "\" height=\"" + height + "\" fill=\"#ffffff\"/>\n");
        text.append(body).append("</svg>\n");
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void clip(@Nullable Rectangle2D wanted) {
        if (wanted == null ? clip == null : wanted.equals(clip)) {
            return;
        }
        if (clip != null) {
            body.append("</g>\n");
        }
        if (wanted != null) {
            clipCount++;
            clips.append("<clipPath id=\"c" + clipCount + "\"><rect x=\"" + number(wanted.getX()) + "\" y=\""
                    + number(wanted.getY()) + "\" width=\"" + number(wanted.getWidth()) + "\" height=\""
                    + number(wanted.getHeight()) + "\"/></clipPath>\n");
            body.append("<g clip-path=\"url(#c" + clipCount + ")\">\n");
        }
        clip = wanted;
    }

    private void shape(Shape shape) {
        String path = path(shape.path().getPathIterator(null), 100);
        if (path.isEmpty()) {
            return;
        }
        clip(shape.clip());
        body.append("<path d=\"" + path + "\"");
        Ink fill = shape.fill();
        if (fill == null) {
            body.append(" fill=\"none\"");
        } else {
            body.append(" fill=\"" + fill.hex() + "\" fill-rule=\"evenodd\"");
            body.append(fill.alpha() < 1 ? " fill-opacity=\"" + number(fill.alpha()) + "\"" : "");
        }
        Pen pen = shape.stroke();
        if (pen != null) {
            body.append(" stroke=\"" + pen.ink().hex() + "\" stroke-width=\"" + number(pen.width())
                    + "\" stroke-linejoin=\"round\"");
            body.append(
                    pen.ink().alpha() < 1
                            ? " stroke-opacity=\"" + number(pen.ink().alpha()) + "\""
                            : "");
            if (pen.dashes().length > 0) {
                body.append(" stroke-dasharray=\"");
                for (int i = 0; i < pen.dashes().length; i++) {
                    body.append(i == 0 ? "" : " ").append(number(pen.dashes()[i]));
                }
                body.append('"');
            }
        }
        body.append("/>\n");
    }

    private void words(Words words) {
        clip(null);
        String turn = words.angle() == 0 ? "" : " rotate(" + number(-words.angle()) + ")";
        body.append("<g transform=\"translate(" + number(words.x()) + " " + number(words.y()) + ")" + turn
                + "\" fill=\"" + words.ink().hex() + "\" role=\"img\" aria-label=\""
                + escaped(words.line().text()) + "\">\n");
        Typeface typeface = drawing.typeface();
        for (TextLine.Run run : words.line().runs()) {
            double x = run.x();
            String scale = number6(run.size() / typeface.unitsPerEm());
            String slant = run.isOblique() ? number6(Typeface.SLANT * run.size() / typeface.unitsPerEm()) : "0";
            for (int character : run.text().codePoints().toArray()) {
                int glyph = typeface.glyph(character);
                GeneralPath outline = typeface.outline(glyph);
                String path = glyphs.containsKey(glyph) ? "." : path(outline.getPathIterator(null), 1);
                if (!path.isEmpty()) {
                    glyphs.putIfAbsent(glyph, path);
                    body.append("<use xlink:href=\"#g" + glyph + "\" transform=\"matrix(" + scale + " 0 " + slant + " -"
                            + scale + " " + number(x) + " " + number(-run.rise()) + ")\"/>\n");
                }
                x += typeface.advance(glyph) * run.size();
            }
        }
        body.append("</g>\n");
    }

    /** @param fraction coordinates are rounded to 1 / fraction */
    private static String path(PathIterator iterator, int fraction) {
        StringBuilder path = new StringBuilder();
        double[] at = new double[6];
        int[] counts = {1, 1, 2, 3, 0};
        for (; !iterator.isDone(); iterator.next()) {
            int kind = iterator.currentSegment(at);
            path.append("MLQCZ".charAt(kind));
            for (int i = 0; i < 2 * counts[kind]; i++) {
                path.append(i == 0 ? "" : " ").append(rounded(at[i], fraction));
            }
        }
        return path.toString();
    }

    private static String number(double value) {
        return rounded(value, 100);
    }

    private static String number6(double value) {
        return rounded(value, 1_000_000);
    }

    /** The shortest text; without String.format, which is slow. */
    private static String rounded(double value, long fraction) {
        long scaled = Math.round(value * fraction);
        String sign = scaled < 0 ? "-" : "";
        scaled = Math.abs(scaled);
        String decimals = "";
        if (fraction > 1) {
            String digits = String.valueOf(fraction + scaled % fraction).substring(1);
            int end = digits.length();
            while (end > 0 && digits.charAt(end - 1) == '0') {
                end--;
            }
            decimals = end == 0 ? "" : "." + digits.substring(0, end);
        }
        String whole = scaled / fraction == 0 && !decimals.isEmpty() ? "" : String.valueOf(scaled / fraction);
        return sign + whole + decimals;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
