package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.PublishedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.starlink.fits.FitsTableWriter;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.RowListStarTable;

class LightCurveSurveyTest {
    private static final String TEXT = """
            SNID: %s
            REDSHIFT_HELIO: 0.03
            REDSHIFT_CMB: 0.03
            MWEBV: 0.05
            PEAKMJD: 53265
            VARLIST: MJD FLT FLUXCAL FLUXCALERR
            OBS: 53256.25077 g 100 5
            OBS: 53256.25077 r 200 5
            OBS: 53257.50000 g 300 5
            END:
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"csp3, 136", "foundation, 242"})
    void publishedSurveysAreRead(String survey, int supernovae) throws IOException {
        assertThat(LightCurveSurvey.read(LightCurveSurvey.folder(PublishedData.folder(), survey)))
                .hasSize(supernovae);
    }

    @Test
    void supernovaeAreInAlphabeticalOrderWhateverTheirFiles() throws IOException {
        write("z.DAT", TEXT.formatted("1999a"));
        write("a.txt", TEXT.formatted("2004b"));
        write("notes.README", "nothing");

        assertThat(LightCurveSurvey.read(folder))
                .extracting(ObservedSupernova::name)
                .containsExactly("1999a", "2004b");
        assertThat(LightCurveSurvey.files(folder)).hasSize(2);
    }

    @Test
    void observationsThatTheSurveyIgnoresAreLeftOut() throws IOException {
        write("a.txt", TEXT.formatted("a"));
        write("b.txt", TEXT.formatted("b"));
        write("survey.IGNORE", "IGNORE: a 53256.250 g\nIGNORE: b 53257.500 r\n");

        List<ObservedSupernova> supernovae = LightCurveSurvey.read(folder);

        assertThat(supernovae.get(0).lightCurves().get("g").fluxes()).containsExactly(300);
        assertThat(supernovae.get(0).lightCurves().get("r").fluxes()).containsExactly(200);
        assertThat(supernovae.get(1).lightCurves().get("g").fluxes()).containsExactly(100, 300);
    }

    @Test
    void filesAreReadAgainWhenTheyHaveChanged() throws IOException {
        write("a.txt", TEXT.formatted("before"));
        List<ObservedSupernova> first = LightCurveSurvey.read(folder);
        assertThat(LightCurveSurvey.read(folder)).isSameAs(first);

        write("a.txt", TEXT.formatted("after"));
        assertThat(LightCurveSurvey.read(folder))
                .extracting(ObservedSupernova::name)
                .containsExactly("after");
        write("b.txt", TEXT.formatted("another"));
        assertThat(LightCurveSurvey.read(folder)).hasSize(2);
    }

    @Test
    void oneFileThatCannotBeReadCostsItsSupernova() throws IOException {
        write("a.txt", TEXT.formatted("a"));
        write("b.txt", TEXT.formatted("b").replace("MJD FLT", "MJD NOTHING"));
        write("c.txt", TEXT.formatted("c"));
        write("c-again.txt.gz", "no gzip file");
        write("d.dat", "");
        write("README.txt", "These are light curves.");
        write("twice.txt", TEXT.formatted("c"));

        assertThat(LightCurveSurvey.read(folder))
                .extracting(ObservedSupernova::name)
                .containsExactly("a", "c");
    }

    @Test
    void whereNoFileCanBeReadTheFirstReasonIsGiven() throws IOException {
        write("b.txt", TEXT.formatted("b").replace("MJD FLT", "MJD NOTHING"));
        write("c.txt", TEXT.formatted("c").replace("100 5", "bright 5"));

        assertThatThrownBy(() -> LightCurveSurvey.read(folder))
                .isInstanceOf(DataFileException.class)
                .hasMessageContainingAll("no light curves", "the first of 2", "b.txt, line 6: VARLIST has no FLT");
    }

    @Test
    void theListSaysWhichFilesAreTheSurvey() throws IOException {
        write("a.txt", TEXT.formatted("a"));
        write("B.DAT", TEXT.formatted("b"));
        write("old-a.txt", TEXT.formatted("a").replace("100", "1"));
        write("notes.txt", TEXT.formatted("notes"));
        write("SURVEY.LIST", "a.txt\nb.dat\n# old-a.txt\nnot-there.txt\n");

        List<ObservedSupernova> supernovae = LightCurveSurvey.read(folder);

        assertThat(supernovae).extracting(ObservedSupernova::name).containsExactly("a", "b");
        assertThat(supernovae.get(0).lightCurves().get("g").fluxes()).containsExactly(100, 300);
        assertThat(LightCurveSurvey.files(folder)).contains(folder.resolve("SURVEY.LIST"));
    }

    @Test
    void ofSeveralListsThatOfTheFolderCounts() throws IOException {
        folder = Files.createDirectory(folder.resolve("Mine"));
        write("a.txt", TEXT.formatted("a"));
        write("b.txt", TEXT.formatted("b"));
        write("Other.LIST", "b.txt\n");
        write("Third.LIST", "");
        assertThat(LightCurveSurvey.read(folder)).hasSize(2);

        write("MINE.LIST", "a.txt\n");
        assertThat(LightCurveSurvey.read(folder))
                .extracting(ObservedSupernova::name)
                .containsExactly("a");
    }

    @Test
    void filesMayBeCompressed() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.txt.gz")))) {
            out.write(TEXT.formatted("a").getBytes(StandardCharsets.UTF_8));
        }
        write("SURVEY.LIST", "a.txt\n");

        assertThat(LightCurveSurvey.read(folder))
                .extracting(ObservedSupernova::name)
                .containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({"FLT, false", "BAND, true"})
    void pairsOfFitsFilesAreRead(String band, boolean compressed) throws IOException {
        RowListStarTable head =
                table("SNID", "REDSHIFT_HELIO", "REDSHIFT_FINAL", "MWEBV", "PEAKMJD", "PTROBS_MIN", "PTROBS_MAX");
        head.addRow(new Object[] {"1246275", 0.25, 0.249, 0.02, 57000.0, 1.0, 2.0});
        head.addRow(new Object[] {"sn2", 0.5, 0.499, -9.0, 57100.0, 4.0, 4.0});
        head.addRow(new Object[] {"beyond", 0.5, 0.499, 0.02, 57100.0, 4.0, 5.0});
        head.addRow(new Object[] {"no redshift", -9.0, -9.0, 0.02, 57100.0, 4.0, 4.0});
        RowListStarTable photometry = table(band, "MJD", "FLUXCAL", "FLUXCALERR");
        photometry.addRow(new Object[] {"g", 57000.0, 100.0, 5.0});
        photometry.addRow(new Object[] {"r", 57001.0, 200.0, 6.0});
        photometry.addRow(new Object[] {"", -777.0, 0.0, 0.0});
        photometry.addRow(new Object[] {"g", 57100.0, 300.0, 7.0});
        write(head, "DES_HEAD.FITS" + (compressed ? ".gz" : ""));
        write(photometry, "DES_PHOT.FITS" + (compressed ? ".gz" : ""));
        write("DES.LIST", "DES_HEAD.FITS\n");

        List<ObservedSupernova> supernovae = LightCurveSurvey.read(folder);

        assertThat(supernovae).extracting(ObservedSupernova::name).containsExactly("1246275", "sn2");
        assertThat(supernovae.get(0).lightCurves()).containsOnlyKeys("g", "r");
        assertThat(supernovae.get(0).cmbRedshift()).isEqualTo(0.249);
        assertThat(supernovae.get(1).lightCurves().get("g").fluxes()).containsExactly(300);
        assertThat(supernovae.get(1).reddening()).isNaN();
        assertThat(LightCurveSurvey.files(folder)).hasSize(3);
    }

    @Test
    void aHeadWithoutItsPhotometryCostsItsSupernovae() throws IOException {
        write("a.txt", TEXT.formatted("a"));
        write(table("SNID", "PTROBS_MIN", "PTROBS_MAX"), "X_HEAD.FITS");

        assertThat(LightCurveSurvey.read(folder)).hasSize(1);
        Files.delete(folder.resolve("a.txt"));
        assertThatThrownBy(() -> LightCurveSurvey.read(folder)).hasMessageContaining("X_PHOT.FITS, is not beside it");
    }

    /** The first column is text, the others are numbers. */
    private static RowListStarTable table(String... names) {
        ColumnInfo[] columns = new ColumnInfo[names.length];
        for (int i = 0; i < names.length; i++) {
            columns[i] = new ColumnInfo(names[i], i == 0 ? String.class : Double.class, "");
        }
        return new RowListStarTable(columns);
    }

    private void write(RowListStarTable table, String name) throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve(name));
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(file) : file) {
            new FitsTableWriter().writeStarTable(table, out);
        }
    }

    @Test
    void missingFolderIsNamedWithAWayToGetIt() {
        Path missing = LightCurveSurvey.folder(folder, "my-survey/snana");

        assertThat(LightCurveSurvey.files(missing)).containsExactly(folder.resolve("my-survey/snana"));
        assertThatThrownBy(() -> LightCurveSurvey.read(missing))
                .hasMessageContainingAll("my-survey", "scripts/fetch-data.sh");
    }

    @Test
    void folderWithoutLightCurvesIsRefused() {
        assertThatThrownBy(() -> LightCurveSurvey.read(folder)).hasMessageContaining("no light curves");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
