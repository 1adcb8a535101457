package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.examples.supernova.ColumnTable;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.MatrixFile;

/**
 * The 472 supernovae of the SNLS three-year compilation with their six full covariance matrices (Conley et al. 2011,
 * ApJS 192, 1). Not to be changed.
 *
 * @param sample with s - 1 for x; the covariances have the errors of the redshift and the intrinsic scatter in them
 * @param matrices V0, Va, Vb, V0a, V0b, Vab: symmetric, row by row, mag^2
 */
record Snls3Data(Sample sample, double[][] matrices) {
    /** By the column set: SNLS, low redshift, HST, SDSS; in mag. */
    private static final double[] INTRINSIC_SCATTER = {0.0675, 0.1133, 0.0815, 0.0989};

    private static final double MASS_OF_STEP = 10; // log10 of solar masses
    private static final double PECULIAR_REDSHIFT = 0.0005;
    private static final double MAG_PER_E_FOLD = 5 / StrictMath.log(10);

    /** The header of the file is cut short, so its columns are named here. */
    private static final String[] COLUMNS = {
        "name", "zcmb", "zhel", "dz", "mb", "dmb", "s", "ds", "color", "dcolor", "3rdvar", "d3rdvar", "cov_m_s",
        "cov_m_c", "cov_s_c", "set"
    };

    private static final List<String> MATRICES = List.of("v0", "va", "vb", "v0a", "v0b", "vab");

    /** The table, then the matrices, below the folder that holds the data sets' folders. */
    static List<Path> files(Path data) {
        List<Path> files = new ArrayList<>();
        files.add(data.resolve("snls3/snls_3rdyear_lcparams.txt"));
        MATRICES.forEach(name -> files.add(data.resolve("snls3/snls3_" + name + "_covmatrix.dat.gz")));
        return files;
    }

    /** @throws DataFileException when a file is missing or malformed */
    static Snls3Data read(Path data) throws IOException {
        List<Path> files = files(data);
        Sample sample = sample(files.get(0));
        double[][] matrices = new double[MATRICES.size()][];
        for (int k = 0; k < matrices.length; k++) {
            matrices[k] = MatrixFile.symmetric(files.get(k + 1), sample.size());
        }
        return new Snls3Data(sample, matrices);
    }

    private static Sample sample(Path file) throws IOException {
        ColumnTable table = ColumnTable.withoutHeader(file, COLUMNS);
        double[] redshifts = table.positive("zcmb");
        double[] redshiftErrors = table.numbers("dz");
        double[] magnitudes = table.numbers("mb");
        double[] stretches = table.numbers("s");
        double[] colours = table.numbers("color");
        double[] magnitudeErrors = table.positive("dmb");
        double[] stretchErrors = table.positive("ds");
        double[] colourErrors = table.positive("dcolor");
        double[] magnitudeStretch = table.numbers("cov_m_s");
        double[] magnitudeColour = table.numbers("cov_m_c");
        double[] stretchColour = table.numbers("cov_s_c");
        double[] masses = table.numbers("3rdvar");
        double[] sets = table.numbers("set");
        double[][] observed = new double[table.size()][];
        double[][] covariances = new double[table.size()][];
        boolean[] massive = new boolean[table.size()];
        for (int i = 0; i < observed.length; i++) {
            double z = redshifts[i];
            double magnitudePerRedshift = MAG_PER_E_FOLD * (1 + z) / (z * (1 + z / 2)); // of an empty universe
            double redshiftVariance = square(redshiftErrors[i]) + square(PECULIAR_REDSHIFT);
            observed[i] = new double[] {magnitudes[i], stretches[i] - 1, colours[i]};
            covariances[i] = new double[] {
                square(magnitudeErrors[i])
                        + square(intrinsicScatter(file, sets[i]))
                        + square(magnitudePerRedshift) * redshiftVariance,
                magnitudeStretch[i],
                magnitudeColour[i],
                square(stretchErrors[i]),
                stretchColour[i],
                square(colourErrors[i])
            };
            massive[i] = masses[i] > MASS_OF_STEP;
        }
        return new Sample(
                SampleKind.JLA,
                table.words("name"),
                redshifts,
                table.positive("zhel"),
                observed,
                covariances,
                new double[observed.length],
                massive);
    }

    private static double intrinsicScatter(Path file, double set) throws DataFileException {
        if (!(set >= 0 && set < INTRINSIC_SCATTER.length)) {
            throw new DataFileException(
                    file, "a supernova is of set " + set + ", expected 0 to " + (INTRINSIC_SCATTER.length - 1));
        }
        return INTRINSIC_SCATTER[(int) set];
    }

    private static double square(double x) {
        return x * x;
    }
}
