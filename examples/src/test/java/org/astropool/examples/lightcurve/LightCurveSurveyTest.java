package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.PublishedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void supernovaWithTwoFilesIsRefused() throws IOException {
        write("a.txt", TEXT.formatted("a"));
        write("b.txt", TEXT.formatted("a"));

        assertThatThrownBy(() -> LightCurveSurvey.read(folder))
                .isInstanceOf(DataFileException.class)
                .hasMessageContainingAll("b.txt", "supernova a is in another file");
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
