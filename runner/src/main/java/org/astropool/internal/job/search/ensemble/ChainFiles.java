package org.astropool.internal.job.search.ensemble;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.Metadata;
import org.astropool.internal.job.result.ResultTables;
import org.astropool.internal.job.search.SearchOutput;
import org.astropool.sampler.Chain;
import org.astropool.sampler.Ensemble;
import org.astropool.sampler.Prior;
import org.astropool.task.Parameter;
import uk.ac.starlink.table.ColumnStarTable;
import uk.ac.starlink.table.StarTable;

/** A chain as a table, and as the text files that GetDist reads. */
final class ChainFiles {
    static final String TABLE = "chain";
    static final String TEXT = "chain.txt";
    static final String PARAMETER_NAMES = "chain.paramnames";
    static final String RANGES = "chain.ranges";

    private final EnsembleResult sampled;
    private final EvaluationResult result;
    private final EvaluationSpec spec;

    ChainFiles(EnsembleResult sampled, EvaluationResult result) {
        this.sampled = sampled;
        this.result = result;
        this.spec = result.spec();
    }

    void write(SearchOutput output) throws IOException {
        output.table(TABLE, table(sampled.thin()));
        output.text(TEXT, this::writeText);
        output.text(PARAMETER_NAMES, parameterNames());
        output.text(RANGES, ranges());
    }

    /** One row per walker and step, ordered by step: walker, step, parameters, outputs, log_prior, log_posterior. */
    StarTable table(int thin) {
        Chain chain = sampled.kept().every(thin);
        int walkers = chain.walkers();
        ColumnStarTable table = ColumnStarTable.makeTableWithRows((long) chain.length() * walkers);
        table.setName(spec.name() + "-chain");
        Metadata.of(spec).forEach(table::setParameter);
        table.setParameter(Metadata.entry("burn", (long) sampled.burn(), "steps at the beginning that are left out"));
        table.setParameter(Metadata.entry("thin", (long) thin, "one step out of this many is in the table"));
        table.addColumn(
                ResultTables.column("walker", Integer.class, "", "number of the walker", row -> (int) (row % walkers)));
        table.addColumn(ResultTables.column(
                "step",
                Long.class,
                "",
                "number of the step, 0 for the starts",
                row -> at(chain, row).step()));
        for (int i = 0; i < sampled.names().size(); i++) {
            Parameter parameter = spec.parameter(sampled.names().get(i));
            int position = i;
            table.addColumn(ResultTables.parameter(
                    spec, parameter, row -> at(chain, row).position((int) (row % walkers), position)));
        }
        for (int i = 0; i < spec.outputs().size(); i++) {
            int position = i;
            table.addColumn(ResultTables.output(
                    spec.outputs().get(i),
                    row -> result.value(position, (int) at(chain, row).evaluation((int) (row % walkers)))));
        }
        table.addColumn(ResultTables.column(
                EvaluationSpec.LOG_POSTERIOR,
                Double.class,
                "",
                "log_prior + log_likelihood, not normalized",
                row -> at(chain, row).logPosterior((int) (row % walkers))));
        return table;
    }

    private static Ensemble at(Chain chain, long row) {
        return chain.get((int) (row / chain.walkers()));
    }

    /** Text of GetDist (Lewis 2019, arXiv:1910.13970): weight, -log posterior, parameters. */
    private void writeText(OutputStream out) throws IOException {
        Chain chain = sampled.kept().every(sampled.thin());
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        for (int walker = 0;
                walker < chain.walkers();
                walker++) { // by walker, so that successive lines are successive steps of a chain
            for (int step = 0; step < chain.length(); step++) {
                Ensemble ensemble = chain.get(step);
                text.append("1 ").append(Double.toString(-ensemble.logPosterior(walker)));
                for (int i = 0; i < chain.dimensions(); i++) {
                    text.append(' ').append(Double.toString(ensemble.position(walker, i)));
                }
                text.append('\n');
            }
        }
        text.flush();
    }

    /** The names of its columns, with their labels. */
    private String parameterNames() {
        List<String> lines = new ArrayList<>();
        for (String name : sampled.names()) {
            Job.ParameterNote note = spec.notes().get(name);
            lines.add(name + " " + (note == null ? name : note.label().orElse(name)));
        }
        return String.join("\n", lines) + "\n";
    }

    /** The ends of the priors; N for none. */
    private String ranges() {
        List<String> lines = new ArrayList<>();
        for (String name : sampled.names()) {
            Prior prior = spec.prior(name).orElseThrow();
            lines.add(name + " " + end(prior.from()) + " " + end(prior.to()));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String end(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "N";
    }
}
