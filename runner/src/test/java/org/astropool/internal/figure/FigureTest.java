package org.astropool.internal.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FigureTest {
    private static final double SIZE = 10;

    /** Everything that a figure can have. */
    private static Drawing drawing() {
        Drawing drawing = new Drawing(88 * Drawing.POINTS_PER_MM, 200, "a <figure> & its \"title\"");
        Panel panel = new Panel(
                drawing,
                new Rectangle2D.Double(40, 30, 200, 130),
                Axis.linear("$\\Omega_m$", 0, 0.6),
                new Axis("seconds", 1e-3, 50, true),
                SIZE);
        drawing.clip(panel.box());
        Path2D area = panel.path(new double[] {0.1, 0.5, 0.3}, new double[] {0.01, 0.1, 10}, true);
        drawing.fill(area, Ink.of(0).with(0.3));
        drawing.stroke(area, Pen.of(1, 1));
        drawing.clip(null);
        panel.frame();
        panel.xLabels();
        panel.yLabels(36);
        Legend legend = new Legend();
        legend.mark("Planck", 1, Ink.BLACK);
        legend.area("area", Ink.of(2).with(0.5), Pen.of(2, 1));
        legend.draw(drawing, 40, 4, 200, SIZE);
        return drawing;
    }

    private static byte[] bytes(FigureFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(drawing(), out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(FigureFormat.class)
    void theSameDrawingIsTheSameBytes(FigureFormat format) throws Exception {
        assertThat(bytes(format)).isEqualTo(bytes(format));
    }

    @Test
    void svgIsXmlWithoutTextElementsAndWithoutFonts() throws Exception {
        byte[] svg = bytes(FigureFormat.SVG);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        assertThat(new String(svg, StandardCharsets.UTF_8))
                .contains("<title>a &lt;figure&gt; &amp; its &quot;title&quot;</title>", "aria-label=\"Ω_m\"")
                .doesNotContain("<text", "font", "NaN", "Infinity");
    }

    @Test
    void pngHas300DotsPerInchAndIsNotBlank() throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes(FigureFormat.PNG)));
        assertThat(image.getWidth()).isEqualTo(1039); // 88 mm
        Map<Integer, Integer> colours = new HashMap<>();
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                colours.merge(image.getRGB(x, y) & 0xFFFFFF, 1, Integer::sum);
            }
        }
        assertThat(colours.get(0xFFFFFF)).isLessThan(image.getWidth() * image.getHeight() * 9 / 10);
        assertThat(colours.get(0x000000)).isGreaterThan(500);
        assertThat(colours).containsKey(0xD55E00);
    }

    @Test
    void textOfAPdfCanBeSearched() throws Exception {
        try (PDDocument document = Loader.loadPDF(bytes(FigureFormat.PDF))) {
            assertThat(document.getNumberOfPages()).isEqualTo(1);
            assertThat(document.getPage(0).getMediaBox().getWidth()).isCloseTo(249.45f, within(0.01f));
            assertThat(new PDFTextStripper().getText(document)).contains("Planck", "Ω", "0.2");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "omega_m | omega_m",
                "\\Omega_m | Ω_m",
                "$\\sigma_{\\rm int}$ [mag] | σ_int [mag]",
                "M_B | M_B",
                "$H_0$ [km s$^{-1}$ Mpc$^{-1}$] | H_0 [km s^\u22121 Mpc^\u22121]",
                "$\\log_{10}(M/M_\\odot)$ | log_10(M/M_☉)",
                "\\mathrm{a b}\\,x | a b x",
                "costs \\$5 in $x$ | costs $5 in x",
                "\\unknown{x} | unknownx",
                "$x^2_i$ | x^2_i",
                "$a-b$ | a \u2212 b",
                "x_{ | x_",
                "$\\frac{a}{b}$ | a/b",
                "\\ | ''",
            })
    void labelsAreASubsetOfLatex(String label, String text) {
        String shown = Label.of(label, SIZE, Typeface.get()).text();
        assertThat(Typeface.get().has('☉') ? shown : shown.replace('?', '☉')).isEqualTo(text);
    }

    @Test
    void anUnderscoreInANameIsNoSubscript() {
        assertThat(Label.of("omega_m", SIZE, Typeface.get()).runs()).hasSize(1);
        assertThat(Label.of("\\omega_m", SIZE, Typeface.get()).runs()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.6, 5, 0.0 0.2 0.4 0.6, 0",
        "-2, -0.4, 4, \u22122.0 \u22121.5 \u22121.0 \u22120.5, 0",
        "-19.13, -18.97, 2, \u221219.1 \u221219.0, 0",
        "-0.033, -0.01, 2, \u22120.03 \u22120.01, 0",
        "1e-5, 4e-5, 4, 1 2 3 4, -5",
        "0, 2.5e6, 3, 0 1 2, 6",
        "60, 80, 6, 60 65 70 75 80, 0",
    })
    void ticksAreRound(double from, double to, int most, String texts, int exponent) {
        Axis.Ticks ticks = Axis.linear("", from, to).ticks(most);
        assertThat(String.join(" ", ticks.ticks().stream().map(Axis.Tick::text).toList()))
                .isEqualTo(texts);
        assertThat(ticks.exponent()).isEqualTo(exponent);
    }

    @Test
    void aLogarithmicAxisHasPowersOfTen() {
        assertThat(new Axis("", 2e-4, 500, true)
                        .ticks(7).ticks().stream().map(Axis.Tick::text).toList())
                .containsExactly("$10^{-3}$", "$10^{-2}$", "$10^{-1}$", "1", "10", "$10^{2}$");
    }

    @Test
    void unitsOfTheModelBecomeExponents() {
        assertThat(Axis.withUnit("\\alpha", "km.s-1.Mpc-1")).isEqualTo("$\\alpha$ [km s$^{-1}$ Mpc$^{-1}$]");
        assertThat(Axis.withUnit("h0", "mag")).isEqualTo("h0 [mag]");
    }
}
