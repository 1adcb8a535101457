package org.astropool.examples.hierarchical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against numbers of an independent program (numpy, scipy) on the 740 supernovae of JLA. */
class JlaLikelihoodsTest {
    private static final Model HIERARCHICAL = new SupernovaHierarchical();
    private static final Model TRIPP = new SupernovaTripp();
    private static final double[] SPOT = {0.3, 0.14, 3.1, -19.05, -0.06, 0.1, 0, 1, -0.03, 0.08};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "csp-supernovae",
                "supernova-hierarchical",
                "supernova-latent",
                "supernova-snls3",
                "supernova-tripp"
            })
    void modelsAreFoundByTheirNames(String name) {
        assertThat(ServiceLoader.load(Model.class))
                .anyMatch(model -> model.name().equals(name));
    }

    @Test
    void hierarchicalAtOnePoint() throws Exception {
        assertThat(hierarchical("flat-lcdm", SPOT)).isCloseTo(100.7035261797, within(1e-9));
    }

    @Test
    void hierarchicalAtItsBest() throws Exception {
        double[] best = {
            0.320864, 0.138961, 3.086391, -19.045352, -0.046613, 0.105419, 0.04006, 0.93505, -0.021614, 0.072099
        };

        assertThat(hierarchical("flat-lcdm", best)).isCloseTo(115.406496, within(1e-5));
    }

    @Test
    void fixedCosmologyIsTheSameLikelihoodWithFewerParameters() throws Exception {
        double[] rest = Arrays.copyOfRange(SPOT, 1, SPOT.length);

        assertThat(hierarchical("fixed", rest)).isEqualTo(hierarchical("flat-lcdm", SPOT));
    }

    @Test
    void wIsAParameterWhereItIsFree() throws Exception {
        double[] point = new double[SPOT.length + 1];
        System.arraycopy(SPOT, 1, point, 2, SPOT.length - 1);
        point[0] = SPOT[0];
        point[1] = -1;

        assertThat(HIERARCHICAL.parameters(Evaluated.options(HIERARCHICAL, Map.of("cosmology", "flat-wcdm"))))
                .extracting(Parameter::name)
                .containsExactly("omega_m", "w", "alpha", "beta", "M_B", "dM", "sigma_int", "x0", "Rx", "c0", "Rc");
        assertThat(hierarchical("flat-wcdm", point)).isCloseTo(100.7035261797, within(1e-9));
    }

    @Test
    void trippAtItsBest() throws Exception {
        Map<String, Double> best = Evaluated.at(
                TRIPP, Evaluated.options(TRIPP, Map.of()), 0.286742, 0.140025, 3.142141, -19.046359, -0.059535);

        assertThat(best.get("chi2")).isCloseTo(722.59297, within(1e-5));
        assertThat(best.get("log_likelihood")).isEqualTo(-best.get("chi2") / 2);
    }

    /** Kept ln det moves the maximum to a beta that is five standard deviations too low. */
    @Test
    void logDeterminantWithoutAPopulationBiasesBeta() throws Exception {
        ModelOptions options = Evaluated.options(TRIPP, Map.of("log_determinant", true));
        double[] biased = {0.306607, 0.127311, 2.643254, -19.057504, -0.043570, 0.111395};

        Map<String, Double> best = Evaluated.at(TRIPP, options, biased);

        assertThat(best.get("log_likelihood")).isCloseTo(342.3666482, within(1e-6));
        for (double step : new double[] {-0.01, 0.01}) {
            double[] beside = biased.clone();
            beside[2] += step;
            assertThat(Evaluated.at(TRIPP, options, beside).get("log_likelihood"))
                    .isLessThan(best.get("log_likelihood"));
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, -Infinity", "NaN, NaN", "Infinity, NaN"})
    void universeWithoutDistancesHasLikelihoodZero(double matter, double expected) throws Exception {
        double[] point = SPOT.clone();
        point[0] = matter;

        assertThat(hierarchical("flat-lcdm", point)).isEqualTo(Double.valueOf(expected));
        double[] tripp = Arrays.copyOf(point, 5);
        assertThat(Evaluated.at(TRIPP, Evaluated.options(TRIPP, Map.of()), tripp)
                        .get("log_likelihood"))
                .isEqualTo(Double.valueOf(expected));
    }

    @Test
    void unknownSupernovaIsRefused() {
        ModelOptions options = Evaluated.options(HIERARCHICAL, Map.of("supernovae", "03D1au, 1604A"));

        assertThatThrownBy(() -> HIERARCHICAL.prepare(options))
                .isInstanceOf(DataFileException.class)
                .hasMessageContainingAll("jla_lcparams.txt", "no supernova \"1604A\" among the 740");
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        ModelOptions noTable = Evaluated.options(HIERARCHICAL, Map.of("sample", "light-curves"));
        assertThatThrownBy(() -> HIERARCHICAL.parameters(noTable))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("table must be given");
        ModelOptions outOfRange = Evaluated.options(HIERARCHICAL, Map.of("cosmology", "fixed", "omega_m", 1.5));
        assertThatThrownBy(() -> HIERARCHICAL.parameters(outOfRange))
                .isInstanceOf(OptionException.class)
                .hasMessage("omega_m is 1.5, it must be from 0 to 1");
        ModelOptions noSupernovae = Evaluated.options(new SupernovaLatent(), Map.of());
        assertThatThrownBy(() -> new SupernovaLatent().parameters(noSupernovae))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("supernovae has 0 names");
    }

    private static double hierarchical(String cosmology, double... point) throws Exception {
        return Evaluated.at(HIERARCHICAL, Evaluated.options(HIERARCHICAL, Map.of("cosmology", cosmology)), point)
                .get("log_likelihood");
    }
}
