package org.astropool.internal.job.result;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.SearchResult.Maximized;
import org.astropool.internal.job.result.SearchResult.Sampled;
import org.astropool.maximizer.LocalMaximum;
import org.astropool.sampler.Chain;
import org.astropool.sampler.Ensemble;
import org.astropool.sampler.Prior;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import uk.ac.starlink.table.ColumnStarTable;
import uk.ac.starlink.table.StarTable;

/** The results of a search as tables, and as the text files that GetDist reads. */
public final class SearchTables {
    private final EvaluationResult result;
    private final EvaluationSpec spec;

    public SearchTables(EvaluationResult result) {
        this.result = result;
        this.spec = result.spec();
    }

    /** One row per walker and step, ordered by step: walker, step, parameters, outputs, log_prior, log_posterior. */
    public StarTable chain(Sampled sampled, int thin) {
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

    /** One row per search: start, parameters, value, log_likelihood, evaluations, failed, complete. */
    public StarTable maxima(Maximized maximized) {
        List<LocalMaximum> searches = maximized.maximum().searches();
        ColumnStarTable table = ColumnStarTable.makeTableWithRows(searches.size());
        table.setName(spec.name() + "-maxima");
        Metadata.of(spec).forEach(table::setParameter);
        table.addColumn(ResultTables.column(
                "start",
                Integer.class,
                "",
                "number of the search",
                row -> at(searches, row).start()));
        for (int i = 0; i < maximized.names().size(); i++) {
            int position = i;
            table.addColumn(ResultTables.parameter(
                    spec,
                    spec.parameter(maximized.names().get(i)),
                    row -> at(searches, row).point()[position]));
        }
        table.addColumn(ResultTables.column(
                Output.LOG_LIKELIHOOD,
                Double.class,
                "",
                "natural logarithm of the likelihood",
                row -> at(searches, row).logLikelihood()));
        table.addColumn(ResultTables.column(
                "deficit",
                Double.class,
                "",
                "difference to the maximum of the best search",
                row -> maximized.maximum().deficit(at(searches, row))));
        table.addColumn(ResultTables.column(
                "evaluations",
                Integer.class,
                "",
                "points that were evaluated",
                row -> at(searches, row).evaluations()));
        table.addColumn(ResultTables.column(
                "failed",
                Integer.class,
                "",
                "points that failed",
                row -> at(searches, row).failed()));
        table.addColumn(ResultTables.column(
                "converged",
                Boolean.class,
                "",
                "whether it converged before its limit of evaluations",
                row -> at(searches, row).complete()));
        return table;
    }

    private static LocalMaximum at(List<LocalMaximum> searches, long row) {
        return searches.get((int) row);
    }

    /** Text of GetDist (Lewis 2019, arXiv:1910.13970): weight, -log posterior, parameters. */
    public void writeChainText(Sampled sampled, int thin, OutputStream out) throws IOException {
        Chain chain = sampled.kept().every(thin);
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
    public String paramNames(Sampled sampled) {
        List<String> lines = new ArrayList<>();
        for (String name : sampled.names()) {
            Job.ParameterNote note = spec.notes().get(name);
            lines.add(name + " " + (note == null ? name : note.label().orElse(name)));
        }
        return String.join("\n", lines) + "\n";
    }

    /** The ends of the priors; N for none. */
    public String ranges(Sampled sampled) {
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
