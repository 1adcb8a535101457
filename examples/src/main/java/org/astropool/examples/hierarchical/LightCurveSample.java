package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.examples.supernova.DataFileException;

/** The supernovae that {@link CspSupernovae} has put into a table. */
final class LightCurveSample {
    static final String NAME = "supernova";
    static final String MAGNITUDE = "m_B";
    static final String DECLINE_RATE = "x";
    static final String COLOUR = "c";
    static final String COVARIANCE = "covariance";
    static final String COSMOLOGICAL_REDSHIFT = "z_HD";
    static final String HELIOCENTRIC_REDSHIFT = "z_hel";

    private LightCurveSample() {}

    /** @throws DataFileException when the table is missing or malformed, or all of its supernovae were skipped */
    static Sample read(Path table) throws IOException {
        List<String> names = new ArrayList<>();
        List<double[]> redshifts = new ArrayList<>();
        List<double[]> observed = new ArrayList<>();
        List<double[]> covariances = new ArrayList<>();
        for (ResultTable.Row row : ResultTable.read(table).rows()) {
            if (row.isOk()) {
                names.add(row.text(NAME));
                redshifts.add(new double[] {row.number(COSMOLOGICAL_REDSHIFT), row.number(HELIOCENTRIC_REDSHIFT)});
                observed.add(new double[] {row.number(MAGNITUDE), row.number(DECLINE_RATE), row.number(COLOUR)});
                double[] c = row.vector(COVARIANCE, 9);
                covariances.add(new double[] {c[0], c[1], c[2], c[4], c[5], c[8]});
            }
        }
        if (names.isEmpty()) {
            throw new DataFileException(table, "no supernova has passed the cuts; failures.ecsv beside it says why");
        }
        return new Sample(
                SampleKind.LIGHT_CURVES,
                names,
                redshifts.stream().mapToDouble(z -> z[0]).toArray(),
                redshifts.stream().mapToDouble(z -> z[1]).toArray(),
                observed.toArray(double[][]::new),
                covariances.toArray(double[][]::new),
                new double[names.size()],
                new boolean[names.size()]);
    }
}
