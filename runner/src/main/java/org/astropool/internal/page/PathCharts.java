package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;

/** How the searches for a maximum proceeded: the best point so far of each, by the number of its evaluations. */
final class PathCharts {
    private static final int MOST_SEARCHES = 40;
    private static final int MOST_IMPROVEMENTS = 200;

    private final EvaluationResult result;
    private final int perPath;

    /** @param perPath the numbers of evaluations that each search has */
    PathCharts(EvaluationResult result, int perPath) {
        this.result = result;
        this.perPath = perPath;
    }

    Map<String, Object> json(int paths) {
        List<String> names = result.spec().points().names();
        List<Object> all = new ArrayList<>();
        for (int path = 0; path < Math.min(paths, MOST_SEARCHES); path++) {
            all.add(path(path, names));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("parameters", names);
        fields.put("searches", all);
        fields.put("searches_left_out", Math.max(0, paths - MOST_SEARCHES));
        return fields;
    }

    private Map<String, Object> path(int path, List<String> names) {
        List<Integer> improvements = new ArrayList<>();
        double best = Double.NEGATIVE_INFINITY;
        int evaluated = 0;
        for (int k = 0; k < perPath && path * perPath + k < result.points(); k++) {
            int point = path * perPath + k;
            PointStatus status = result.status(point);
            evaluated += status == PointStatus.MISSING ? 0 : 1;
            if (status == PointStatus.OK && result.logLikelihood(point) > best) {
                best = result.logLikelihood(point);
                improvements.add(point);
            }
        }
        int count = improvements.size();
        int[] shown = Sampling.evenly(
                improvements.stream().mapToInt(Integer::intValue).toArray(), MOST_IMPROVEMENTS);
        if (count > 0) {
            shown[shown.length - 1] = improvements.get(count - 1); // the best point is always shown
        }
        double[] at = new double[shown.length];
        double[] values = new double[shown.length];
        double[][] coordinates = new double[names.size()][shown.length];
        for (int i = 0; i < shown.length; i++) {
            at[i] = shown[i] - (double) path * perPath;
            values[i] = result.logLikelihood(shown[i]);
            double[] point = result.coordinates(shown[i]);
            for (int p = 0; p < point.length; p++) {
                coordinates[p][i] = point[p];
            }
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("evaluated", evaluated);
        fields.put("at", at);
        fields.put("log_likelihood", values);
        fields.put("positions", List.of((Object[]) coordinates));
        return fields;
    }
}
