package org.astropool.internal.figure;

import java.awt.Color;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.PDExtendedGraphicsState;
import org.apache.pdfbox.util.Matrix;
import org.astropool.internal.figure.Drawing.Shape;
import org.astropool.internal.figure.Drawing.Words;

/** Writes a drawing as PDF with text that can be searched: the letters that it uses are embedded. */
final class PdfWriter {
    private final Drawing drawing;
    private final Map<Double, PDExtendedGraphicsState> alphas = new HashMap<>();

    PdfWriter(Drawing drawing) {
        this.drawing = drawing;
    }

    void write(OutputStream out) throws IOException {
        try (PDDocument document = new PDDocument()) {
            document.setDocumentId(0L); // otherwise it is made of the time
            document.getDocumentInformation().setTitle(drawing.description());
            PDPage page = new PDPage(new PDRectangle((float) drawing.width(), (float) drawing.height()));
            document.addPage(page);
            PDFont font = PDType0Font.load(document, Typeface.parse(), true);
            try (PDPageContentStream stream = new PDPageContentStream(document, page)) {
                stream.transform(new Matrix(1, 0, 0, -1, 0, (float) drawing.height()));
                for (Drawing.Element element : drawing.elements()) {
                    stream.saveGraphicsState();
                    if (element instanceof Shape shape) {
                        draw(stream, shape);
                    } else if (element instanceof Words words) {
                        draw(stream, words, font);
                    }
                    stream.restoreGraphicsState();
                }
            }
            document.save(out);
        }
    }

    private void draw(PDPageContentStream stream, Shape shape) throws IOException {
        Rectangle2D clip = shape.clip();
        if (clip != null) {
            stream.addRect((float) clip.getX(), (float) clip.getY(), (float) clip.getWidth(), (float) clip.getHeight());
            stream.clip();
        }
        Ink fill = shape.fill();
        if (fill != null && path(stream, shape)) {
            alpha(stream, fill);
            stream.setNonStrokingColor(new Color(fill.rgb()));
            stream.fillEvenOdd();
        }
        Pen pen = shape.stroke();
        if (pen != null) {
            alpha(stream, pen.ink());
            stream.setStrokingColor(new Color(pen.ink().rgb()));
            stream.setLineWidth((float) pen.width());
            stream.setLineJoinStyle(1);
            float[] dashes = new float[pen.dashes().length];
            for (int i = 0; i < dashes.length; i++) {
                dashes[i] = (float) pen.dashes()[i];
            }
            stream.setLineDashPattern(dashes, 0);
            if (path(stream, shape)) {
                stream.stroke();
            }
        }
    }

    private void alpha(PDPageContentStream stream, Ink ink) throws IOException {
        if (ink.alpha() < 1) {
            PDExtendedGraphicsState state = alphas.computeIfAbsent(ink.alpha(), alpha -> {
                PDExtendedGraphicsState made = new PDExtendedGraphicsState();
                made.setNonStrokingAlphaConstant(alpha.floatValue());
                made.setStrokingAlphaConstant(alpha.floatValue());
                return made;
            });
            stream.setGraphicsStateParameters(Objects.requireNonNull(state));
        }
    }

    /** @return whether there is anything to paint */
    private static boolean path(PDPageContentStream stream, Shape shape) throws IOException {
        float[] at = new float[6];
        boolean isEmpty = true;
        for (PathIterator i = shape.path().getPathIterator(null); !i.isDone(); i.next()) {
            switch (i.currentSegment(at)) {
                case PathIterator.SEG_MOVETO -> stream.moveTo(at[0], at[1]);
                case PathIterator.SEG_LINETO -> stream.lineTo(at[0], at[1]);
                case PathIterator.SEG_CUBICTO -> stream.curveTo(at[0], at[1], at[2], at[3], at[4], at[5]);
                case PathIterator.SEG_CLOSE -> stream.closePath();
                default -> throw new IllegalStateException("a drawing has no quadratic curves");
            }
            isEmpty = false;
        }
        return !isEmpty;
    }

    private static void draw(PDPageContentStream stream, Words words, PDFont font) throws IOException {
        double turn = Math.toRadians(words.angle());
        float cos = (float) Math.cos(turn);
        float sin = (float) Math.sin(turn);
        // The page has y downwards, text upwards.
        stream.transform(new Matrix(cos, -sin, -sin, -cos, (float) words.x(), (float) words.y()));
        stream.setNonStrokingColor(new Color(words.ink().rgb()));
        for (TextLine.Run run : words.line().runs()) {
            stream.beginText();
            stream.setFont(font, (float) run.size());
            stream.setTextMatrix(new Matrix(
                    1, 0, run.isOblique() ? (float) Typeface.SLANT : 0, 1, (float) run.x(), (float) run.rise()));
            stream.showText(run.text());
            stream.endText();
        }
    }
}
