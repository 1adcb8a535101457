package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the data files are read, on small files of each format. */
class DataSetTest {
    private static final String PANTHEON = "pantheon2018/lcparam_full_long_zhel.txt";
    private static final String BINS = "pantheon2018/lcparam_DS17f.txt";
    private static final String BINS_MATRIX = "pantheon2018/sys_DS17f.txt";
    private static final String DES = "des-sn5yr-dovekie/DES-Dovekie_HD.csv";
    private static final String DES_DIAGONAL = "des-sn5yr-dovekie/precision_stat_diag.txt";
    private static final String DES_SPARSE = "des-sn5yr-dovekie/precision_stat_vpec_upper_sparse.txt.gz";

    private static final String HASH_TABLE = """
            #name zcmb zhel dz mb dmb

            a 0.1 0.11 0 18 0.1
              b   0.2\t0.21 0 20 0.2
            # a remark
            """;
    private static final String SNANA_TABLE = """
            # a remark
            VARNAMES: CID zHD zHEL MU
            SN: a 0.1 0.11 38
            SN: b 0.2 0.21 40
            """;

    @TempDir
    Path folder;

    @Test
    void hashHeaderNamesTheColumns() throws IOException {
        write(PANTHEON, HASH_TABLE);

        HubbleDiagram diagram = read(DataSet.PANTHEON_2018);

        assertThat(diagram.cosmological()).containsExactly(0.1, 0.2);
        assertThat(diagram.heliocentric()).containsExactly(0.11, 0.21);
        assertThat(diagram.brightness()).containsExactly(18, 20);
        assertThat(diagram.precision().rowSums()).containsExactly(1 / (0.1 * 0.1), 1 / (0.2 * 0.2));
    }

    @Test
    void firstLineNamesTheColumnsAndNearbySupernovaeAreCut() throws IOException {
        write("pantheonplus/Pantheon+SH0ES.dat", """
                CID zHD zHEL m_b_corr m_b_corr_err_DIAG
                a 0.01 0.011 14 0.5
                b 0.0101 0.012 15 0.25
                """);

        HubbleDiagram diagram = read(DataSet.PANTHEON_PLUS);

        assertThat(diagram.cosmological()).containsExactly(0.0101);
        assertThat(diagram.heliocentric()).containsExactly(0.012);
        assertThat(diagram.precision().rowSums()).containsExactly(16);
    }

    @Test
    void tableWithoutHeaderHasOneRedshift() throws IOException {
        write("union2.1/SCPUnion2.1_mu_vs_z.txt", "# alpha 0.12\n1993ah\t0.03\t35.3\t0.5\t0.1\n");

        HubbleDiagram diagram = read(DataSet.UNION_2_1);

        assertThat(diagram.cosmological()).containsExactly(0.03).isEqualTo(diagram.heliocentric());
        assertThat(diagram.brightness()).containsExactly(35.3);
    }

    @Test
    void covarianceIsMadeSymmetricAndGetsTheErrorsOnItsDiagonal() throws IOException {
        write(BINS, HASH_TABLE.replace("0.2\n", "0\n"));
        write(BINS_MATRIX, "2\n0.99\n0.4\n0.6\n1\n"); // with the errors: 1, 0.5; 0.5, 1

        assertThat(read(DataSet.PANTHEON_2018_BINNED).precision().rowSums())
                .containsExactly(new double[] {2 / 3.0, 2 / 3.0}, within(1e-14));
    }

    @Test
    void countBeforeAMatrixMayBeMissing() throws IOException {
        write("jla-binned/jla_mub.txt", "0.1 38\n0.2 40\n\n");
        write("jla-binned/jla_mub_covmatrix.txt", "1 0 \n0\n 0.5");

        assertThat(read(DataSet.JLA_BINNED).precision().rowSums()).containsExactly(new double[] {1, 2}, within(1e-14));
    }

    @Test
    void snanaTableWithDiagonalPrecision() throws IOException {
        write(DES, SNANA_TABLE);
        write(DES_DIAGONAL, "2\n30\n40\n");

        HubbleDiagram diagram = read(DataSet.DES_SN5YR_DOVEKIE);

        assertThat(diagram.brightness()).containsExactly(38, 40);
        assertThat(diagram.precision().rowSums()).containsExactly(30, 40);
    }

    @Test
    void snanaTableWithSparsePrecision() throws IOException {
        write(DES, SNANA_TABLE);
        writeGzipped(DES_SPARSE, "2 3\n0 0 30\n0 1 -5\n1 1 40\n");

        assertThat(read(DataSet.DES_SN5YR_DOVEKIE_STATVPEC).precision().rowSums())
                .containsExactly(25, 35);
    }

    @Test
    void missingFileIsNamedWithAWayToGetIt() {
        assertThatThrownBy(() -> read(DataSet.PANTHEON_2018))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("lcparam_full_long_zhel.txt")
                .hasMessageContaining("scripts/fetch-data.sh");
    }

    @Test
    void wordThatIsNoNumberIsShownWithItsLine() throws IOException {
        write(PANTHEON, HASH_TABLE.replace(" 20 ", " n/a "));

        assertMalformed(DataSet.PANTHEON_2018, "line 4: mb is \"n/a\", expected a finite number");
    }

    @Test
    void infinityIsNoMeasurement() throws IOException {
        write(PANTHEON, HASH_TABLE.replace(" 20 ", " NaN "));

        assertMalformed(DataSet.PANTHEON_2018, "line 4: mb is \"NaN\", expected a finite number");
    }

    @Test
    void errorOfZeroIsRefused() throws IOException {
        write(PANTHEON, HASH_TABLE.replace("0.2\n", "0\n"));

        assertMalformed(DataSet.PANTHEON_2018, "line 4: dmb is 0.0, expected a number above 0");
    }

    @Test
    void redshiftBelowZeroIsRefused() throws IOException {
        write(PANTHEON, HASH_TABLE.replace("a 0.1", "a -0.1"));

        assertMalformed(DataSet.PANTHEON_2018, "line 3: zcmb is -0.1, expected a number above 0");
    }

    @Test
    void rowThatIsTooShortIsShown() throws IOException {
        write(PANTHEON, HASH_TABLE + "c 0.3 0.3\n");

        assertMalformed(DataSet.PANTHEON_2018, "line 6: 3 values, expected column mb as number 5");
    }

    @Test
    void missingColumnIsNamed() throws IOException {
        write(PANTHEON, HASH_TABLE.replace("dmb", "error"));

        assertMalformed(DataSet.PANTHEON_2018, "expected a column dmb, found [name, zcmb");
    }

    @Test
    void tableWithoutItsHeaderIsRefused() throws IOException {
        write(PANTHEON, "a 0.1 0.11 0 18 0.1\n");
        write(DES, "SN: a 0.1 0.11 38\n");
        write("pantheonplus/Pantheon+SH0ES.dat", "\n# nothing\n");

        assertMalformed(DataSet.PANTHEON_2018, "expected a first line with the names of the columns");
        assertMalformed(DataSet.DES_SN5YR_DOVEKIE, "expected a line \"VARNAMES: CID ...\"");
        assertMalformed(DataSet.PANTHEON_PLUS, "expected a first line with the names of the columns");
    }

    @Test
    void tableWithoutRowsIsRefused() throws IOException {
        write(PANTHEON, "#name zcmb zhel dz mb dmb\n");

        assertMalformed(DataSet.PANTHEON_2018, "no rows");
    }

    @Test
    void matrixOfAnotherSizeIsRefused() throws IOException {
        write(BINS, HASH_TABLE);
        write(BINS_MATRIX, "3\n1 0 0\n0 1 0\n0 0 1\n");

        assertMalformed(DataSet.PANTHEON_2018_BINNED, "10 numbers, expected 4 for 2 supernovae");
    }

    @Test
    void matrixThatIsNotPositiveDefiniteIsRefused() throws IOException {
        write(BINS, HASH_TABLE);
        write(BINS_MATRIX, "2\n1 2\n2 1\n");

        assertMalformed(DataSet.PANTHEON_2018_BINNED, "not positive definite");
    }

    @Test
    void precisionOfZeroIsRefused() throws IOException {
        write(DES, SNANA_TABLE);
        write(DES_DIAGONAL, "2\n30\n0\n");

        assertMalformed(DataSet.DES_SN5YR_DOVEKIE, "element 2 of the diagonal is 0.0");
    }

    @Test
    void sparseMatrixMustKeepItsPromises() throws IOException {
        write(DES, SNANA_TABLE);

        assertSparseMalformed("", "empty");
        assertSparseMalformed("2\n", "line 1: 1 values, expected \"N count\"");
        assertSparseMalformed("3 1\n0 0 1\n", "line 1: N is 3, expected 2");
        assertSparseMalformed("2 3\n0 0 1\n1 1 1\n", "2 elements, expected the 3");
        assertSparseMalformed("2 1\n0 0\n", "line 2: 2 values, expected \"row column value\"");
        assertSparseMalformed("2 1\n1 0 1\n", "line 2: column is 0, expected a whole number from 1 to 1");
        assertSparseMalformed("2 1\n0 2 1\n", "line 2: column is 2, expected a whole number from 0 to 1");
        assertSparseMalformed("2 1\n0.5 1 1\n", "line 2: row is 0.5, expected a whole number from 0 to 1");
        assertSparseMalformed("2 1\n0 0 x\n", "line 2: value is \"x\", expected a finite number");
    }

    @Test
    void fileThatIsNotGzippedInSpiteOfItsNameIsRefused() throws IOException {
        write(DES, SNANA_TABLE);
        write(DES_SPARSE, "2 3\n0 0 30\n0 1 -5\n1 1 40\n");

        assertMalformed(DataSet.DES_SN5YR_DOVEKIE_STATVPEC, "not a gzip file");
    }

    private void assertSparseMalformed(String text, String message) throws IOException {
        writeGzipped(DES_SPARSE, text);
        assertMalformed(DataSet.DES_SN5YR_DOVEKIE_STATVPEC, message);
    }

    private void assertMalformed(DataSet dataSet, String message) {
        assertThatThrownBy(() -> read(dataSet))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(message);
    }

    private HubbleDiagram read(DataSet dataSet) throws IOException {
        return dataSet.read(folder);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void writeGzipped(String file, String text) throws IOException {
        write(file, "");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(file)))) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
