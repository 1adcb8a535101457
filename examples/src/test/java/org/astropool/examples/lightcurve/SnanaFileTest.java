package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
    @CsvSource({"SNID", "VARLIST"})
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
                .hasMessageContaining("sn.dat, line 10: VARLIST has no FLUXCALERR or FLUXCAL_ERR, it has [MJD, FLT");
        assertThatThrownBy(() -> read(TEXT.replace("REDSHIFT", "Z")))
                .hasMessageContainingAll("REDSHIFT_HELIO", "REDSHIFT_CMB", "REDSHIFT_FINAL");
    }

    /** The headers of the folders of photometry that Pantheon+ published differ in these ways. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CfA1        | SNID: 1995D\\nRA: 145.2 deg\\nDECL: 5.14 deg\\nMWEBV: 0.058 +- 0.003 MW E(B-V)\\nREDSHIFT_FINAL: 0.0070 +- 0.001 (CMB)\\nSEARCH_PEAKMJD: 49768.6\\nFILTERS: BVRI\\nNOBS: 2\\nNVAR: 6\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR MAG
            CfA2        | SURVEY: CFA2\\nSNID: 1998V\\nIAUC: 1998V\\nPHOTOMETRY_VERSION: \\nMWEBV: 0.2\\nREDSHIFT_HELIO: 0.0176 +- 0.0001 (Helio)\\nREDSHIFT_FINAL: 0.0172 +- 0.0001 (CMB)\\nPEAKMJD: 50891\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR MAG
            CfA3        | SNID:  2001ah  \\nREDSHIFT_HELIO:  0.0578\\nREDSHIFT_CMB:  0.0584\\nMWEBV : 0.01\\nSEARCH_PEAKMJD: 52006\\nVARNAMES: MJD BAND FIELD FLUXCAL FLUXCALERR MAG
            CfA4        | SNID: 2006ct\\nREDSHIFT_FINAL: 0.0314\\nREDSHIFT_FINAL: 0.0315\\nMWEBV: 0.022+-0.001\\nPEAKMJD: 53885\\nVARLIST: MJD FILTER FIELD FLUXCAL FLUXCALERR MAG
            CSP         | SNID: 2004dt\\nHOSTGAL_LOGMASS: \\nREDSHIFT_HELIO: 0.0197\\nREDSHIFT_CMB: 0.0188\\nVPEC: 77.5 +- 250.0\\nMWEBV:\\nMWEBV: 0.022\\nPEAKMJD: 53239.8\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR MAG
            SDSS        | SURVEY: SDSS\\nSNID: 1166\\nIAUC: NULL\\nFAKE: 0 (=> data)\\nMWEBV: 0.0274 MW E(B-V)\\nMWEBV_ERR: 0.004\\nREDSHIFT_HELIO: 0.3821 +- 0.0005 (Helio, z_best)\\nREDSHIFT_FINAL: 0.3811 +- 0.0005 (CMB)\\nSEARCH_PEAKMJD: 53630.1\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR ZPFLUX
            SNLS        | SURVEY: SNLS\\nSNID: 04D3ez\\nREDSHIFT_HELIO: 0.263\\nREDSHIFT_FINAL: 0.2637\\nMWEBV: 0.01\\nNXTFILT: x\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR MAG
            PS1         | SURVEY: PS1MD\\nSNID: 000001\\nSNTYPE: 1\\nRA: 333.66 deg\\nDEC: 0.93 deg\\nMWEBV: 0.05 MW E(B-V)\\nREDSHIFT_HELIO: 0.2 +- 0.001\\nSEARCH_PEAKMJD: 55090\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR NPE
            Foundation  | SNID: 2017erp \\nIAUC: 2017erp\\nRA_HOST: 227.3\\nMWEBV: 0.092 +- 0.000 MW E(B-V)\\nREDSHIFT_HELIO: 0.0063\\nREDSHIFT_CMB: 0.0069\\nHOST_LOGMASS: -99.0 +- -99.0\\nSEARCH_PEAKMJD: 57942\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR MAG
            LOSS        | SNID: \\nIAUC: 1998de\\nREDSHIFT_FINAL: 0.0156\\nPEAKMJD: 51026\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR MAG
            SOUSA       | SNID: SN2008hv\\nREDSHIFT_HELIO: 0.0125\\nREDSHIFT_CMB: -9\\nMWEBV: -9\\nPEAKMJD: -9\\nSEARCH_PEAKMJD: 54817\\nVARLIST: MJD FLT FIELD FLUXCAL FLUXCALERR MAG
            DES         | SURVEY: DES(DECam)\\nSNID: 1246275\\nNAME_TRANSIENT: DES15\\nREDSHIFT_HELIO: 0.245 +- 0.001\\nREDSHIFT_FINAL: 0.244 +- 0.001\\nVPEC: 0\\nMWEBV: 0.027\\nPEAKMJD: 57000\\nNOBS: 2\\nVARLIST: MJD BAND FIELD FLUXCAL FLUXCALERR PHOTFLAG
            HST         | SNID: Aphrodite\\nREDSHIFT_FINAL: 1.3\\nMWEBV: 0.007\\nSEARCH_PEAKMJD: 53000\\nvarlist: MJD flt FIELD FLUXCAL FLUXCALERR MAG
            CANDELS     | # a remark\\nSNID : EGS11Oct\\nREDSHIFT_FINAL : 1.0\\nMWEBV : 0.01\\nPEAKMJD : 55840\\nVARLIST : MJD FLT FIELD FLUXCAL FLUXCAL_ERR MAG
            """)
    void headersOfManySurveysAreRead(String survey, String header) throws IOException {
        ObservedSupernova supernova = read(header.translateEscapes()
                + "\nOBS: 53256.5 B NULL 4500 60.5 18\nOBS: 53257.5 V NULL 100 50.5 22\nEND:\n");

        assertThat(supernova.lightCurves()).as(survey).containsOnlyKeys("B", "V");
        assertThat(supernova.name()).isNotBlank().isNotEqualTo("NULL");
        assertThat(supernova.cmbRedshift()).isBetween(0.005, 1.4);
        assertThat(supernova.heliocentricRedshift()).isBetween(0.005, 1.4);
        assertThat(supernova.peakDate()).isGreaterThan(49000);
    }

    @Test
    void theLastOfRepeatedKeysCountsAndEmptyOnesDoNot() throws IOException {
        String repeated = TEXT.replace("SNID: 2004xy", "SNID:\nREDSHIFT_CMB: 0.5\nSNID: 2004xy\nSNID: NULL");

        assertThat(read(repeated).name()).isEqualTo("2004xy");
        assertThat(read(repeated).cmbRedshift()).isEqualTo(0.0297);
    }

    @Test
    void anUnknownReddeningIsNoZero() throws IOException {
        assertThat(read(TEXT.replace("mwebv", "other")).reddening()).isNaN();
        assertThat(read(TEXT.replace("0.047 +-  0.008", "-9")).reddening()).isNaN();
    }

    @Test
    void oneRedshiftGivesTheOtherByTheMotionOfTheSun() throws IOException {
        String alone = TEXT.replaceAll("REDSHIFT_HELIO.*\n", "")
                .replace("REDSHIFT_CMB", "RA: 167.942\nDECL: -6.944\nREDSHIFT_FINAL");
        double motion = 369.82 / 299792.458; // straight ahead

        assertThat(read(alone).cmbRedshift()).isEqualTo(0.0297);
        assertThat(1.0297 / (1 + read(alone).heliocentricRedshift()) - 1).isCloseTo(motion, within(1e-12));
        assertThat(read(alone.replace("RA:", "X:")).heliocentricRedshift()).isEqualTo(0.0297);
    }

    @Test
    void withoutADateTheMostSignificantObservationIsTheMaximum() throws IOException {
        assertThat(read(TEXT.replace("PEAKMJD", "OTHER")).peakDate()).isEqualTo(53257.5);
    }

    private ObservedSupernova read(String text) throws IOException {
        return SnanaFile.read(Files.writeString(folder.resolve("sn.dat"), text));
    }
}
