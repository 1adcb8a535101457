package org.astropool.internal.job.run;

import com.grack.nanojson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.search.SearchResult;

/**
 * Everything that the output directory of a run says about it. Immutable.
 *
 * @param result the points; empty when they cannot be read
 * @param plan what the job evaluates
 * @param searchResult what a search has found so far
 * @param whyNoPoints why there is no result, or ""
 * @param started when the run was started or resumed
 * @param record the job of the run, as {@link RunRecord} has written it
 * @param summary {@code summary.json}
 * @param activity what the workers did in each start; empty when it was not recorded
 * @param history how the run progressed and what its master used; empty when it was not recorded
 */
public record RunContents(
        RunStatus status,
        Optional<EvaluationResult> result,
        Optional<Plan> plan,
        Optional<SearchResult> searchResult,
        String whyNoPoints,
        Optional<Instant> started,
        Optional<JsonObject> record,
        Optional<JsonObject> summary,
        List<ActivitySnapshot> activity,
        Optional<JsonObject> history) {}
