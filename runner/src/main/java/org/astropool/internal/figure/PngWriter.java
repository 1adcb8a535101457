package org.astropool.internal.figure;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.GeneralPath;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.astropool.internal.figure.Drawing.Shape;
import org.astropool.internal.figure.Drawing.Words;

/** Draws into an image of 300 dots per inch. */
final class PngWriter {
    private static final double SCALE = 300 / 72.0;
    private static final double MM_PER_INCH = 25.4;

    private final Drawing drawing;

    PngWriter(Drawing drawing) {
        this.drawing = drawing;
    }

    void write(OutputStream out) throws IOException {
        // Not ImageIO.write: it does not tell the resolution, and caches in a file of the machine.
        ImageIO.setUseCache(false);
        BufferedImage image = image();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream to = ImageIO.createImageOutputStream(out)) {
            IIOMetadata metadata = writer.getDefaultImageMetadata(
                    ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
            IIOMetadataNode root = new IIOMetadataNode("javax_imageio_1.0");
            IIOMetadataNode dimension = new IIOMetadataNode("Dimension");
            for (String name : new String[] {"HorizontalPixelSize", "VerticalPixelSize"}) {
                IIOMetadataNode size = new IIOMetadataNode(name);
                size.setAttribute("value", String.format(Locale.ROOT, "%.6f", MM_PER_INCH / (72 * SCALE)));
                dimension.appendChild(size);
            }
            root.appendChild(dimension);
            metadata.mergeTree("javax_imageio_1.0", root);
            writer.setOutput(to);
            writer.write(null, new IIOImage(image, null, metadata), null);
        } finally {
            writer.dispose();
        }
    }

    BufferedImage image() {
        BufferedImage image = new BufferedImage(
                (int) Math.round(drawing.width() * SCALE),
                (int) Math.round(drawing.height() * SCALE),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.scale(SCALE, SCALE);
            for (Drawing.Element element : drawing.elements()) {
                if (element instanceof Shape shape) {
                    draw(graphics, shape);
                } else if (element instanceof Words words) {
                    draw(graphics, words);
                }
            }
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static void draw(Graphics2D graphics, Shape shape) {
        graphics.setClip(shape.clip());
        Ink fill = shape.fill();
        if (fill != null) {
            use(graphics, fill);
            Path2D path = new Path2D.Double(shape.path());
            path.setWindingRule(Path2D.WIND_EVEN_ODD);
            graphics.fill(path);
        }
        Pen pen = shape.stroke();
        if (pen != null) {
            use(graphics, pen.ink());
            float[] dashes = new float[pen.dashes().length];
            for (int i = 0; i < dashes.length; i++) {
                dashes[i] = (float) pen.dashes()[i];
            }
            graphics.setStroke(new BasicStroke(
                    (float) pen.width(),
                    BasicStroke.CAP_BUTT,
                    BasicStroke.JOIN_ROUND,
                    10,
                    dashes.length == 0 ? null : dashes,
                    0));
            graphics.draw(shape.path());
        }
    }

    private static void use(Graphics2D graphics, Ink ink) {
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) ink.alpha()));
        graphics.setColor(new Color(ink.rgb()));
    }

    private void draw(Graphics2D graphics, Words words) {
        graphics.setClip(null);
        use(graphics, words.ink());
        Typeface typeface = drawing.typeface();
        AffineTransform place = AffineTransform.getTranslateInstance(words.x(), words.y());
        place.rotate(-Math.toRadians(words.angle()));
        for (TextLine.Run run : words.line().runs()) {
            double x = run.x();
            double scale = run.size() / typeface.unitsPerEm();
            for (int character : run.text().codePoints().toArray()) {
                int glyph = typeface.glyph(character);
                GeneralPath outline = typeface.outline(glyph);
                AffineTransform transform = new AffineTransform(place);
                transform.concatenate(new AffineTransform(
                        scale, 0, run.isOblique() ? Typeface.SLANT * scale : 0, -scale, x, -run.rise()));
                graphics.fill(outline.createTransformedShape(transform));
                x += typeface.advance(glyph) * run.size();
            }
        }
    }
}
