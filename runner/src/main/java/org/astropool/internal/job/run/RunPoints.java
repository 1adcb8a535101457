package org.astropool.internal.job.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.search.SearchResult;

/**
 * The points of a run, which may go on.
 *
 * @param directory of the run
 * @param result the outcomes so far
 * @param searchResult what a search has found so far; empty for other kinds of jobs
 * @param activity what the workers did in each start, the oldest first; empty when it was not recorded
 */
public record RunPoints(
        Path directory,
        EvaluationResult result,
        Optional<SearchResult> searchResult,
        List<ActivitySnapshot> activity) {}
