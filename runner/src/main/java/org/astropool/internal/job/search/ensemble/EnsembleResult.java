package org.astropool.internal.job.search.ensemble;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.search.Mixing;
import org.astropool.internal.job.search.ReportTable;
import org.astropool.internal.job.search.Samples;
import org.astropool.internal.job.search.SearchOutput;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.sampler.Chain;
import org.astropool.sampler.ChainStatistics;
import org.astropool.sampler.ParameterStatistics;
import org.astropool.sampler.SamplerCounts;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.StarTable;

/**
 * A sampled posterior.
 *
 * @param names the parameters, in order
 * @param chain all steps, of which the first are the starts
 * @param burn steps at the beginning that are left out
 * @param kept the steps after them
 * @param thin one step out of this many is written
 * @param statistics statistics of the kept steps; empty when there are fewer than two
 * @param isLongEnough whether it has the number of autocorrelation times that the job requires; empty when it requires
 *     none
 */
record EnsembleResult(
        List<String> names,
        Chain chain,
        int burn,
        Chain kept,
        int thin,
        Optional<ChainStatistics> statistics,
        SamplerCounts counts,
        Optional<Boolean> isLongEnough)
        implements SearchResult {

    @Override
    public Optional<Map<String, Object>> marginals() {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < names.size() && statistics.isPresent(); i++) {
            ParameterStatistics of = statistics.get().parameters().get(i);
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("mean", JsonFile.number(of.mean()));
            values.put("std", JsonFile.number(of.std()));
            values.put("quantile_16", JsonFile.number(of.quantile16()));
            values.put("median", JsonFile.number(of.median()));
            values.put("quantile_84", JsonFile.number(of.quantile84()));
            values.put("mc_error", JsonFile.number(of.meanError()));
            values.put("autocorrelation_time", JsonFile.number(of.autocorrelationTime()));
            values.put("effective_samples", JsonFile.number(of.effectiveSamples()));
            fields.put(names.get(i), values);
        }
        return Optional.of(fields);
    }

    @Override
    public Map<String, @Nullable Object> summary() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("walkers", chain.walkers());
        fields.put("steps", chain.length() - 1);
        fields.put("burn", burn);
        fields.put("acceptance", JsonFile.number(kept.acceptance()));
        fields.put("moves", counts.proposed());
        fields.put("outside_prior", counts.outsidePrior());
        fields.put("failed", counts.failed());
        fields.put("long_enough", isLongEnough.orElse(null));
        return Map.of("sampler", fields);
    }

    @Override
    public void write(EvaluationResult points, SearchOutput output) throws IOException {
        new ChainFiles(this, points).write(output);
    }

    @Override
    public Optional<StarTable> tableSoFar(EvaluationResult points) {
        return Optional.of(new ChainFiles(this, points).table(1));
    }

    @Override
    public Optional<Samples> samples() {
        return Optional.of(new Samples(names, chain, burn));
    }

    @Override
    public Optional<Mixing> mixing() {
        return statistics
                .map(of -> of.parameters().stream()
                        .mapToDouble(ParameterStatistics::autocorrelationTime)
                        .max()
                        .orElse(Double.NaN))
                .filter(time -> time > 0 && Double.isFinite(time))
                .map(time -> new Mixing(chain.walkers(), chain.length() - 1, burn, time));
    }

    @Override
    public Optional<ReportTable> report() {
        return statistics.map(of -> {
            List<ReportTable.Row> rows = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                rows.add(new ReportTable.Row(names.get(i), cells(of.parameters().get(i))));
            }
            return new ReportTable(
                    List.of("mean", "std", "16 %", "median", "84 %", "MC error", "autocorr. steps"), rows);
        });
    }

    private static List<Object> cells(ParameterStatistics of) {
        return List.of(
                of.mean(),
                of.std(),
                of.quantile16(),
                of.median(),
                of.quantile84(),
                of.meanError(),
                String.format(Locale.ROOT, "%.1f", of.autocorrelationTime()));
    }

    @Override
    public String lines() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d walkers, %d steps of which the first %d are left out, acceptance %.2f%n",
                chain.walkers(),
                chain.length() - 1,
                burn,
                kept.acceptance()));
        if (counts.failed() > 0) {
            text.append(counts.failed()).append(" moves failed and were rejected\n");
        }
        if (isLongEnough.isPresent() && !isLongEnough.get()) {
            text.append("the chain is shorter than required: use more steps; its errors are not reliable\n");
        }
        return text.toString();
    }
}
