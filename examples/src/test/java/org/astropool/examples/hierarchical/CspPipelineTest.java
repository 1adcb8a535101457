package org.astropool.examples.hierarchical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.astropool.examples.lightcurve.BazinLightCurve;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers 1 to 3 on the light curves of the Carnegie Supernova Project, against an independent program (scipy). */
class CspPipelineTest {
    private static final Model LAYER_1 = new BazinLightCurve();
    private static final Model LAYER_2 = new CspSupernovae();
    private static final Model LAYER_3 = new SupernovaHierarchical();

    private static final double[] BEST = {0.83918, 3.53807, -19.20985, 0.11752, 0.08614, 0.21444, 0.03099, 0.09786};

    @TempDir
    static Path folder;

    private static TaskTable fits;

    @BeforeAll
    static void fitLightCurves() throws Exception {
        fits = TaskTable.of(LAYER_1, Evaluated.options(LAYER_1, Map.of("survey", "csp3", "bands", "B,n,m,o")));
    }

    @ParameterizedTest
    @CsvSource({"ecsv, ecsv", "fits, fits-basic"})
    void thirtyEightSupernovaePassAndFitTheirPopulation(String ending, String format) throws Exception {
        Path layer1 = fits.write(folder.resolve("1." + ending), format);
        TaskTable supernovae = TaskTable.of(LAYER_2, layer2(layer1));
        Path layer2 = supernovae.write(folder.resolve("2." + ending), format);

        assertThat(supernovae.rows().size() - supernovae.skipped().size()).isEqualTo(38);
        assertThat(supernovae.skipped().stream().filter(reason -> reason.startsWith("cut: ")))
                .hasSize(56 - 38);
        assertThat(supernovae.skipped()).allMatch(reason -> reason.matches("cut: .*|no good fit in [BV]"));
        Map<String, Double> best = Evaluated.at(LAYER_3, layer3(layer2), BEST);
        assertThat(best.get("log_likelihood")).isCloseTo(44.948479, within(1e-4));
        assertThat(best.get("hubble_scatter")).isCloseTo(0.21, within(0.005));
        double[] uncorrected = BEST.clone();
        uncorrected[0] = 0;
        uncorrected[1] = 0;
        assertThat(Evaluated.at(LAYER_3, layer3(layer2), uncorrected).get("hubble_scatter"))
                .isCloseTo(0.44, within(0.005));
    }

    @Test
    void tableOfAnotherLayerIsRefused() throws Exception {
        Path layer1 = fits.write(folder.resolve("layer1.ecsv"), "ecsv");

        assertThatThrownBy(() -> LAYER_3.prepare(layer3(layer1)))
                .isInstanceOf(DataFileException.class)
                .hasMessageContainingAll("layer1.ecsv", "expected a column ");
    }

    @Test
    void tableThatIsNotThereIsNamedWithTheNextStep() {
        assertThatThrownBy(() -> LAYER_2.tasks(layer2(folder.resolve("missing.ecsv"))))
                .isInstanceOf(DataFileException.class)
                .hasMessageContainingAll("missing.ecsv", "run the job that writes it first");
    }

    @Test
    void textThatIsNoTableIsRefused() throws Exception {
        Path text = Files.writeString(folder.resolve("text.ecsv"), "not a table\n");

        assertThatThrownBy(() -> LAYER_2.prepare(layer2(text)))
                .isInstanceOf(DataFileException.class)
                .hasMessageContainingAll("text.ecsv", "not a table in the format ecsv");
    }

    private static ModelOptions layer2(Path table) {
        return ModelOptions.of(LAYER_2, Map.of("light_curves", table.toString()));
    }

    private static ModelOptions layer3(Path table) {
        return ModelOptions.of(
                LAYER_3, Map.of("sample", "light-curves", "table", table.toString(), "cosmology", "fixed"));
    }
}
