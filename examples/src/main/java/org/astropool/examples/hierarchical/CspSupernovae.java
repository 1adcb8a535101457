package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.TaskList;

/**
 * The model {@code csp-supernovae}: peak magnitude, decline rate and colour of each supernova of the Carnegie Supernova
 * Project, from the table that {@code bazin-light-curve} wrote. It lists its own tasks, the supernovae of that table,
 * and has no parameters. A supernova without a good fit in B and V, or outside of the cuts, is skipped with the reason.
 *
 * <p>Magnitudes are corrected for the Milky Way with A_B = 4.1 E(B-V) and A_V = 3.1 E(B-V), and not for the redshift
 * (all are nearer than z = 0.09). V is the first of the project's three V filters with a good fit.
 */
public final class CspSupernovae implements Model {
    private static final String LIGHT_CURVES = "light_curves";

    static final String B = "B";
    /** Codes of V, V0 and V1 in the files of the third data release. */
    static final List<String> V = List.of("n", "m", "o");

    /** The good fits of a supernova, by band. */
    private record Supernova(String name, Map<String, FittedLightCurve> fits) {

        Optional<FittedLightCurve> fit(String band) {
            return Optional.ofNullable(fits.get(band));
        }

        /** The first of the bands that has one. */
        Optional<String> firstFitted(List<String> bands) {
            return bands.stream().filter(fits::containsKey).findFirst();
        }
    }

    @Override
    public String name() {
        return "csp-supernovae";
    }

    @Override
    public String description() {
        return "peak magnitude, decline rate and colour of supernovae from fits of their light curves in B and V";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(new ModelOption(
                LIGHT_CURVES,
                ModelOption.Type.PATH,
                null,
                List.of(),
                "the table that a job of bazin-light-curve wrote, without resamples"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.number(
                        LightCurveSample.MAGNITUDE, "mag", "B magnitude at maximum, without Milky Way extinction"),
                Output.number(LightCurveSample.DECLINE_RATE, "mag", "dm15 - 1.1 in B"),
                Output.number(LightCurveSample.COLOUR, "mag", "Bmax - Vmax, without Milky Way reddening"),
                new Output(
                        LightCurveSample.COVARIANCE,
                        Output.Type.DOUBLE_VECTOR,
                        9,
                        "mag**2",
                        "of (m_B, x, c), row by row, with 250 km/s of peculiar velocity in m_B"),
                Output.number(LightCurveSample.COSMOLOGICAL_REDSHIFT, "", "redshift without peculiar velocities"),
                Output.number(LightCurveSample.HELIOCENTRIC_REDSHIFT, "", "heliocentric redshift"),
                new Output("v_band", Output.Type.STRING, 1, "", "code of the V filter that was used"));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return List.of(options.path(LIGHT_CURVES));
    }

    /** @throws DataFileException when the table is missing or is not one of light curves */
    @Override
    public Optional<TaskList> tasks(ModelOptions options) throws IOException {
        TaskList tasks = new TaskList(
                List.of(new Output(LightCurveSample.NAME, Output.Type.STRING, 1, "", "name of the supernova")));
        read(options).forEach(supernova -> tasks.add(supernova.name()));
        return Optional.of(tasks);
    }

    /** @throws DataFileException when the table is missing or is not one of light curves */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        List<Supernova> supernovae = read(options);
        return (point, row, context) -> evaluate(supernovae.get((int) context.index()), row);
    }

    /** In alphabetical order. */
    private static List<Supernova> read(ModelOptions options) throws IOException {
        Map<String, Map<String, FittedLightCurve>> fits = new TreeMap<>();
        for (ResultTable.Row row : ResultTable.read(options.path(LIGHT_CURVES)).rows()) {
            Map<String, FittedLightCurve> ofSupernova =
                    fits.computeIfAbsent(row.text("supernova"), name -> new HashMap<>());
            if (row.isOk()) {
                ofSupernova.put(row.text("band"), FittedLightCurve.of(row));
            }
        }
        return fits.entrySet().stream()
                .map(entry -> new Supernova(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static void evaluate(Supernova supernova, OutputRow row) throws Exception {
        Optional<String> band = supernova.firstFitted(V);
        SupernovaSummary summary = SupernovaSummary.of(supernova.fit(B), band.flatMap(supernova::fit));
        int column = 0;
        row.set(column++, summary.magnitude());
        row.set(column++, summary.declineRate());
        row.set(column++, summary.colour());
        row.setVector(column++, summary.covariance());
        row.set(column++, summary.cosmologicalRedshift());
        row.set(column++, summary.heliocentricRedshift());
        row.setString(column, band.orElseThrow());
    }
}
