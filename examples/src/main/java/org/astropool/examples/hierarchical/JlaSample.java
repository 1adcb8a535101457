package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import org.astropool.examples.supernova.ColumnTable;
import org.astropool.examples.supernova.DataFileException;

/** The 740 supernovae of JLA (Betoule et al. 2014, A&amp;A 568, A22), statistical errors alone. */
final class JlaSample {
    /** Of SNLS, SDSS, low redshift, HST: the column {@code set} counts from 1. Betoule et al. 2014, table 9, in mag. */
    private static final double[] COHERENT_SCATTER = {0.080, 0.108, 0.134, 0.100};

    private static final double MASS_OF_STEP = 10; // log10 of solar masses

    private JlaSample() {}

    /** @param data the folder that holds the data sets' folders */
    static Path file(Path data) {
        return data.resolve("jla/jla_lcparams.txt");
    }

    /** @throws DataFileException when the file is missing or malformed */
    static Sample read(Path file) throws IOException {
        ColumnTable table = ColumnTable.withHashHeader(file);
        int size = table.size();
        double[] magnitudes = table.numbers("mb");
        double[] stretches = table.numbers("x1");
        double[] colours = table.numbers("color");
        double[] magnitudeErrors = table.positive("dmb");
        double[] stretchErrors = table.positive("dx1");
        double[] colourErrors = table.positive("dcolor");
        double[] magnitudeStretch = table.numbers("cov_m_s");
        double[] magnitudeColour = table.numbers("cov_m_c");
        double[] stretchColour = table.numbers("cov_s_c");
        double[] masses = table.numbers("3rdvar");
        double[] sets = table.numbers("set");
        double[][] observed = new double[size][];
        double[][] covariances = new double[size][];
        double[] coherentVariances = new double[size];
        boolean[] massive = new boolean[size];
        for (int i = 0; i < size; i++) {
            coherentVariances[i] = square(coherentScatter(file, sets[i]));
            observed[i] = new double[] {magnitudes[i], stretches[i], colours[i]};
            covariances[i] = new double[] {
                square(magnitudeErrors[i]) - coherentVariances[i], // dmb has the coherent scatter in it
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
                table.positive("zcmb"),
                table.positive("zhel"),
                observed,
                covariances,
                coherentVariances,
                massive);
    }

    private static double coherentScatter(Path file, double set) throws DataFileException {
        if (!(set >= 1 && set <= COHERENT_SCATTER.length)) {
            throw new DataFileException(
                    file, "a supernova is of set " + set + ", expected 1 to " + COHERENT_SCATTER.length);
        }
        return COHERENT_SCATTER[(int) set - 1];
    }

    private static double square(double x) {
        return x * x;
    }
}
