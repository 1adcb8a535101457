package org.astropool.examples.hierarchical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.astropool.examples.NoContext;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;

/** The outputs of a model at a point, by name. */
final class Evaluated {

    private Evaluated() {}

    static ModelOptions options(Model model, Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put("data", PublishedData.folder().toString());
        return ModelOptions.of(model, all);
    }

    static Map<String, Double> at(Model model, ModelOptions options, double... point) throws Exception {
        OutputRow row = new OutputRow(model.outputs(options));
        assertThat(point).hasSameSizeAs(model.parameters(options));
        try (Evaluator evaluator = model.prepare(options)) {
            evaluator.evaluate(point, row, NoContext.INSTANCE);
        }
        assertThat(row.missing()).isNull();
        Map<String, Double> outputs = new HashMap<>();
        List<Output> declared = model.outputs(options);
        for (int i = 0; i < declared.size(); i++) {
            outputs.put(declared.get(i).name(), (Double) row.value(i));
        }
        return outputs;
    }
}
