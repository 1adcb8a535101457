package org.astropool.examples.supernova;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The published Hubble diagrams that can be fitted. Redshifts are the cosmological and the heliocentric one where a
 * data set has both, else the same one twice. The one cut: Pantheon+ without its nearest supernovae. Full covariances
 * are the systematic ones plus the squared errors of the table.
 */
enum DataSet {
    UNION3("union3", List.of("union3/lcparam_full.txt", "union3/mag_covmat.txt"), DataSet::binned),
    JLA_BINNED("jla-binned", List.of("jla-binned/jla_mub.txt", "jla-binned/jla_mub_covmatrix.txt"), DataSet::jlaBinned),
    PANTHEON_2018_BINNED(
            "pantheon2018-binned",
            List.of("pantheon2018/lcparam_DS17f.txt", "pantheon2018/sys_DS17f.txt"),
            DataSet::binned),
    PANTHEON_2018("pantheon2018", List.of("pantheon2018/lcparam_full_long_zhel.txt"), DataSet::pantheon2018),
    UNION_2_1("union2.1", List.of("union2.1/SCPUnion2.1_mu_vs_z.txt"), DataSet::union21),
    PANTHEON_PLUS("pantheonplus", List.of("pantheonplus/Pantheon+SH0ES.dat"), DataSet::pantheonPlus),
    DES_SN5YR_DOVEKIE(
            "des-sn5yr-dovekie",
            List.of("des-sn5yr-dovekie/DES-Dovekie_HD.csv", "des-sn5yr-dovekie/precision_stat_diag.txt"),
            DataSet::desDiagonal),
    DES_SN5YR_DOVEKIE_STATVPEC(
            "des-sn5yr-dovekie-statvpec",
            List.of(
                    "des-sn5yr-dovekie/DES-Dovekie_HD.csv",
                    "des-sn5yr-dovekie/precision_stat_vpec_upper_sparse.txt.gz"),
            DataSet::desSparse);

    /** Below this, peculiar velocities dominate the scatter of Pantheon+. */
    private static final double PANTHEON_PLUS_MIN_REDSHIFT = 0.01;

    private static final String TYPE_IA_PROBABILITY = "PROBIA_BEAMS";

    private final String label;
    private final List<String> files;
    private final Reader reader;

    DataSet(String label, List<String> files, Reader reader) {
        this.label = label;
        this.files = files;
        this.reader = reader;
    }

    @FunctionalInterface
    private interface Reader {
        /** @param files the table, then the matrix where there is one */
        HubbleDiagram read(List<Path> files) throws IOException;
    }

    static List<String> labels() {
        return Stream.of(values()).map(dataSet -> dataSet.label).toList();
    }

    /** @param label one of {@link #labels} */
    static DataSet of(String label) {
        return Stream.of(values())
                .filter(dataSet -> dataSet.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no data set \"" + label + "\", only " + labels()));
    }

    /** The name in job files. */
    String label() {
        return label;
    }

    /** @param folder the folder that holds the data sets' folders */
    List<Path> files(Path folder) {
        return files.stream().map(folder::resolve).toList();
    }

    /** @throws DataFileException when a file is missing or malformed */
    HubbleDiagram read(Path folder) throws IOException {
        return reader.read(files(folder));
    }

    /** The data sets whose errors are independent. */
    static List<String> diagonalLabels() {
        return Stream.of(PANTHEON_2018, UNION_2_1, PANTHEON_PLUS, DES_SN5YR_DOVEKIE)
                .map(DataSet::label)
                .toList();
    }

    /**
     * The probability of each supernova to be of another type, as the survey classified it from its light curve.
     *
     * @return empty where the data set has no such column
     * @throws DataFileException when the file is missing or malformed, or a probability is not from 0 to 1
     */
    Optional<double[]> contaminantProbabilities(Path folder) throws IOException {
        if (this != DES_SN5YR_DOVEKIE && this != DES_SN5YR_DOVEKIE_STATVPEC) {
            return Optional.empty();
        }
        Path file = files(folder).get(0);
        double[] probabilities = ColumnTable.ofSnana(file).numbers(TYPE_IA_PROBABILITY);
        for (int i = 0; i < probabilities.length; i++) {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
                throw new DataFileException(
                        file, TYPE_IA_PROBABILITY + " is " + probabilities[i] + ", expected a number from 0 to 1");
            }
            probabilities[i] = 1 - probabilities[i];
        }
        return Optional.of(probabilities);
    }

    /** Covariance diag(dmb^2) + systematics. */
    private static HubbleDiagram binned(List<Path> files) throws IOException {
        ColumnTable table = ColumnTable.withHashHeader(files.get(0));
        double[] covariance = MatrixFile.symmetric(files.get(1), table.size());
        double[] errors = table.numbers("dmb");
        for (int i = 0; i < errors.length; i++) {
            covariance[i * errors.length + i] += errors[i] * errors[i];
        }
        return new HubbleDiagram(
                table.positive("zcmb"), table.positive("zhel"), table.numbers("mb"), inverse(files.get(1), covariance));
    }

    private static HubbleDiagram jlaBinned(List<Path> files) throws IOException {
        ColumnTable table = ColumnTable.withoutHeader(files.get(0), "z", "mu");
        double[] covariance = MatrixFile.symmetric(files.get(1), table.size());
        double[] redshifts = table.positive("z");
        return new HubbleDiagram(redshifts, redshifts, table.numbers("mu"), inverse(files.get(1), covariance));
    }

    private static PrecisionMatrix inverse(Path file, double[] covariance) throws IOException {
        return PrecisionMatrix.ofCovariance(covariance)
                .orElseThrow(() -> new DataFileException(file, "the covariance matrix is not positive definite"));
    }

    private static HubbleDiagram pantheon2018(List<Path> files) throws IOException {
        ColumnTable table = ColumnTable.withHashHeader(files.get(0));
        return new HubbleDiagram(
                table.positive("zcmb"),
                table.positive("zhel"),
                table.numbers("mb"),
                PrecisionMatrix.ofErrors(table.positive("dmb")));
    }

    private static HubbleDiagram union21(List<Path> files) throws IOException {
        ColumnTable table = ColumnTable.withoutHeader(files.get(0), "name", "z", "mu", "mu_error", "low_mass");
        double[] redshifts = table.positive("z");
        return new HubbleDiagram(
                redshifts, redshifts, table.numbers("mu"), PrecisionMatrix.ofErrors(table.positive("mu_error")));
    }

    private static HubbleDiagram pantheonPlus(List<Path> files) throws IOException {
        ColumnTable table = ColumnTable.withHeader(files.get(0)).where("zHD", PANTHEON_PLUS_MIN_REDSHIFT);
        return new HubbleDiagram(
                table.positive("zHD"),
                table.positive("zHEL"),
                table.numbers("m_b_corr"),
                PrecisionMatrix.ofErrors(table.positive("m_b_corr_err_DIAG")));
    }

    private static HubbleDiagram desDiagonal(List<Path> files) throws IOException {
        ColumnTable table = ColumnTable.ofSnana(files.get(0));
        return des(table, PrecisionMatrix.ofDiagonal(MatrixFile.diagonal(files.get(1), table.size())));
    }

    private static HubbleDiagram desSparse(List<Path> files) throws IOException {
        ColumnTable table = ColumnTable.ofSnana(files.get(0));
        return des(table, MatrixFile.sparse(files.get(1), table.size()));
    }

    private static HubbleDiagram des(ColumnTable table, PrecisionMatrix precision) throws IOException {
        return new HubbleDiagram(table.positive("zHD"), table.positive("zHEL"), table.numbers("MU"), precision);
    }
}
