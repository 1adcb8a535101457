package org.astropool.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.junit.jupiter.api.Test;

class ModelsTest {
    private static final ClassLoader LOADER = ModelsTest.class.getClassLoader();

    /** A model that is named by its class. */
    public static class Minimal implements Model {
        @Override
        public String name() {
            return "minimal";
        }

        @Override
        public String description() {
            return "gives its parameter";
        }

        @Override
        public List<Parameter> parameters(ModelOptions options) {
            return List.of(new Parameter("x", "", -1, 1, "the parameter"));
        }

        @Override
        public List<Output> outputs(ModelOptions options) {
            return List.of(Output.number("y", "", "the same"));
        }

        @Override
        public Evaluator prepare(ModelOptions options) {
            return (point, row, context) -> row.set(0, point[0]);
        }
    }

    /** Fails in its constructor. */
    public static final class Broken extends Minimal {
        public Broken() {
            throw new IllegalStateException("no data");
        }
    }

    /** Fails while its class is loaded. */
    public static final class Unloadable extends Minimal {
        private static final int NUMBER = Integer.parseInt("no number");

        @Override
        public String name() {
            return "number " + NUMBER;
        }
    }

    @Test
    void aModelIsFoundByItsClass() throws ModelException {
        assertThat(Models.find(Minimal.class.getName(), LOADER).name()).isEqualTo("minimal");
    }

    @Test
    void whatCannotBeLoadedSaysWhy() {
        assertThatThrownBy(() -> Models.find("minimel", LOADER))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("there is no model \"minimel\"")
                .hasMessageContaining("--class-path");
        assertThatThrownBy(() -> Models.find(Broken.class.getName(), LOADER))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no data");
        assertThatThrownBy(() -> Models.find(Unloadable.class.getName(), LOADER))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("throws while it loads")
                .hasMessageContaining("no number");
        assertThatThrownBy(() -> Models.find("java.lang.String", LOADER))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("does not implement");
    }

    @Test
    void typingErrorsAreRecognized() {
        List<String> known = List.of("omega_m", "w", "count", "--threads", "--out");

        assertThat(Models.nearest("omgea_m", known)).contains("omega_m");
        assertThat(Models.nearest("cuont", known)).contains("count");
        assertThat(Models.nearest("Omega_M", known)).contains("omega_m");
        assertThat(Models.nearest("--treads", known)).contains("--threads");
        assertThat(Models.nearest("--bogus", known)).isEmpty();
        assertThat(Models.nearest("h0", known)).isEmpty();
    }
}
