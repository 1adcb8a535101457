package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.examples.supernova.DataFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnanaFileTest {
    private static final String TEXT = """
            SURVEY:   CSP
            SNID: 2004xy
            # a remark
            REDSHIFT_HELIO: 0.031 +- 2.1e-05
            REDSHIFT_CMB:0.0297
            VPEC : -99.5 +- 250.0
            mwebv:     0.047 +-  0.008        # SFD98 * 0.86
            PEAKMJD:  53265.65                # at brightest obs

            VARLIST: MJD  FLT FIELD   FLUXCAL   FLUXCALERR    MAG   MAGERR
            OBS: 53256.5  B NULL  4.5e+03 60.5   18.4  0.015
            OBS: 53257.5  n NULL  5.0e+03 50.5   18.2  0.012
            OBS: 53258.5  B NULL  -3 1   0  0
            END:
            OBS: after the end nothing counts
            """;

    @TempDir
    Path folder;

    @Test
    void headerIsReadWithAnySpacingAndCase() throws IOException {
        ObservedSupernova supernova = read(TEXT);

        assertThat(supernova.name()).isEqualTo("2004xy");
        assertThat(supernova.heliocentricRedshift()).isEqualTo(0.031);
        assertThat(supernova.cmbRedshift()).isEqualTo(0.0297);
        assertThat(supernova.peculiarVelocity()).isEqualTo(-99.5);
        assertThat(supernova.reddening()).isEqualTo(0.047);
        assertThat(supernova.peakDate()).isEqualTo(53265.65);
    }

    @Test
    void observationsAreSortedIntoBands() throws IOException {
        ObservedSupernova supernova = read(TEXT);

        assertThat(supernova.lightCurves()).containsOnlyKeys("B", "n");
        LightCurve b = supernova.lightCurves().get("B");
        assertThat(b.dates()).containsExactly(53256.5, 53258.5);
        assertThat(b.fluxes()).containsExactly(4500, -3);
        assertThat(b.errors()).containsExactly(60.5, 1);
    }

    @Test
    void estimateOfThePeakByTheSearchWillDo() throws IOException {
        assertThat(read(TEXT.replace("PEAKMJD:  53265.65", "SEARCH_PEAKMJD: 53266.5"))
                        .peakDate())
                .isEqualTo(53266.5);
    }

    @Test
    void columnsMayBeInAnyOrder() throws IOException {
        String swapped = TEXT.replace("FLUXCAL   FLUXCALERR", "FLUXCALERR FLUXCAL");

        assertThat(read(swapped).lightCurves().get("n").errors()).containsExactly(5000);
    }

    @ParameterizedTest
    @CsvSource({"SNID", "REDSHIFT_HELIO", "REDSHIFT_CMB", "VARLIST"})
    void missingKeyIsNamed(String key) {
        assertThatThrownBy(() -> read(TEXT.replace(key, "OTHER")))
                .isInstanceOf(DataFileException.class)
                .hasMessageContainingAll("sn.dat", "expected a line \"" + key + ": ...\" in the header");
    }

    @Test
    void wordThatIsNoNumberIsShownWithItsLine() {
        assertThatThrownBy(() -> read(TEXT.replace("4.5e+03", "bright")))
                .hasMessageContaining("sn.dat, line 11: FLUXCAL is \"bright\", expected a finite number");
        assertThatThrownBy(() -> read(TEXT.replace("0.031 ", "near ")))
                .hasMessageContaining("sn.dat, line 4: REDSHIFT_HELIO is \"near\", expected a finite number");
    }

    @Test
    void rowThatIsCutShortIsShownWithItsLine() {
        assertThatThrownBy(() -> read(TEXT.replace("50.5   18.2  0.012", "50.5")))
                .hasMessageContaining("sn.dat, line 12: 5 values after OBS:, expected 7 as VARLIST tells");
    }

    @Test
    void missingColumnIsNamed() {
        assertThatThrownBy(() -> read(TEXT.replace("FLUXCALERR", "ERROR")))
                .hasMessageContaining("sn.dat, line 10: VARLIST has no FLUXCALERR, it has [MJD, FLT");
    }

    private ObservedSupernova read(String text) throws IOException {
        return SnanaFile.read(Files.writeString(folder.resolve("sn.dat"), text));
    }
}
