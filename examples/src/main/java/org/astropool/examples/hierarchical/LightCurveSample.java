package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Map<String, SupernovaSummary> summaries = new LinkedHashMap<>();
        for (ResultTable.Row row : ResultTable.read(table).rows()) {
            if (row.isOk()) {
                summaries.put(
                        row.text(NAME),
                        new SupernovaSummary(
                                row.number(MAGNITUDE),
                                row.number(DECLINE_RATE),
                                row.number(COLOUR),
                                row.vector(COVARIANCE, 9),
                                row.number(COSMOLOGICAL_REDSHIFT),
                                row.number(HELIOCENTRIC_REDSHIFT)));
            }
        }
        if (summaries.isEmpty()) {
            throw new DataFileException(table, "no supernova has passed the cuts; failures.ecsv beside it says why");
        }
        return of(summaries);
    }

    /** @param summaries by the names of the supernovae */
    static Sample of(Map<String, SupernovaSummary> summaries) {
        List<SupernovaSummary> all = List.copyOf(summaries.values());
        return new Sample(
                SampleKind.LIGHT_CURVES,
                List.copyOf(summaries.keySet()),
                all.stream().mapToDouble(SupernovaSummary::cosmologicalRedshift).toArray(),
                all.stream().mapToDouble(SupernovaSummary::heliocentricRedshift).toArray(),
                all.stream()
                        .map(each -> new double[] {each.magnitude(), each.declineRate(), each.colour()})
                        .toArray(double[][]::new),
                all.stream().map(each -> upperTriangle(each.covariance())).toArray(double[][]::new),
                new double[all.size()],
                new boolean[all.size()]);
    }

    private static double[] upperTriangle(double[] c) {
        return new double[] {c[0], c[1], c[2], c[4], c[5], c[8]};
    }
}
