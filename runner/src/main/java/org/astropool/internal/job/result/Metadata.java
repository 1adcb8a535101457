package org.astropool.internal.job.result;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.astropool.internal.design.DesignPoints;
import org.astropool.internal.job.Version;
import org.astropool.internal.job.plan.DataFile;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.task.Grid;
import uk.ac.starlink.table.DefaultValueInfo;
import uk.ac.starlink.table.DescribedValue;

/**
 * The metadata of a result table: what was computed, but not when, where or by how many workers, so that the same job
 * gives the same file everywhere. Keys are short enough for FITS keywords. Each string of a list has a key of its own,
 * since astropy cannot read lists of strings from a VOTable.
 */
public final class Metadata {
    private static final int MOST_NAMED_FILES = 9;

    private Metadata() {}

    /** The entries of every table of these results. */
    public static List<DescribedValue> of(EvaluationSpec spec) {
        List<DescribedValue> entries = new ArrayList<>();
        entries.add(entry("job", spec.name(), "name of the job"));
        entries.add(entry("creator", Version.text(), "program that wrote the table"));
        entries.add(entry("model", spec.model().name(), "name of the model"));
        entries.add(entry("seed", spec.seed(), "seed of the random streams"));
        if (spec.points() instanceof Grid grid) {
            for (int a = 0; a < grid.axes().size(); a++) {
                entries.add(entry("axis" + (a + 1), grid.names().get(a), "the last axis varies fastest"));
            }
            entries.add(entry("shape", grid.shape(), "number of values on each axis"));
        }
        if (spec.points() instanceof DesignPoints design) {
            entries.add(entry("design", design.kind().label(), "how the points are spread over the priors"));
            entries.add(entry("draws", design.size(), "number of points of the design"));
        }
        for (Map.Entry<String, Double> fixed : spec.fixed().entrySet()) {
            entries.add(entry("fixed_" + fixed.getKey(), fixed.getValue(), "value of a parameter that does not vary"));
        }
        entries.add(entry("digest", Digests.of(spec), "SHA-256 of the job"));
        addDataFiles(Digests.dataFiles(spec), entries);
        addModelChanges(spec.modelRecord().accepted(), entries);
        return entries;
    }

    private static void addModelChanges(List<String> changes, List<DescribedValue> entries) {
        if (changes.size() > MOST_NAMED_FILES) {
            entries.add(entry(
                    "mchanges", changes.size() + " changes", "changes of the model during the run; see summary.json"));
            return;
        }
        for (int i = 0; i < changes.size(); i++) {
            entries.add(entry("mchange" + (i + 1), changes.get(i), "change of the model during the run, accepted"));
        }
    }

    /**
     * One entry for each file, or, when there are too many for keywords of eight letters, their number and one digest.
     */
    private static void addDataFiles(List<DataFile> files, List<DescribedValue> entries) {
        if (files.size() > MOST_NAMED_FILES) {
            entries.add(entry("data", files.size() + " files", "data files that the model read"));
            entries.add(entry("datasha", Digests.of(files), "SHA-256 of their SHA-256"));
            return;
        }
        for (int i = 0; i < files.size(); i++) {
            DataFile file = files.get(i);
            entries.add(entry("data" + (i + 1), file.name(), "data file that the model read"));
            entries.add(entry("datasha" + (i + 1), file.sha256(), "its SHA-256"));
        }
    }

    /**
     * One more entry.
     *
     * @param value String, Long, Double, {@code int[]} or {@code String[]}
     */
    public static DescribedValue entry(String key, Object value, String description) {
        DefaultValueInfo info = new DefaultValueInfo(key, value.getClass(), description);
        if (value.getClass().isArray()) {
            info.setShape(new int[] {Array.getLength(value)});
        }
        return new DescribedValue(info, value);
    }
}
