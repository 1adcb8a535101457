package org.astropool.internal.job.search.maximum;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.astropool.internal.job.config.SearchKind;
import org.astropool.internal.job.config.Section;
import org.astropool.maximizer.MaximizerOptions;
import org.astropool.maximizer.MaximizerOptions.Target;

/** The search for a maximum, {@code [maximize]}. */
public final class MaximumKind implements SearchKind {
    static final String KEY = "maximize";

    private static final int DEFAULT_STARTS = 8;

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Optional<MaximumPlan> read(Section section, UnaryOperator<String> resolved) {
        int starts = section.count("starts", 1).orElse(DEFAULT_STARTS);
        int evaluations = section.count("evaluations", 1).orElse(MaximizerOptions.DEFAULT_EVALUATION_LIMIT);
        String target = section.string("target").orElse("likelihood");
        if (!List.of("likelihood", "posterior").contains(target)) {
            section.problem(
                    "target", "maximize.target is \"" + target + "\", it must be \"likelihood\" or \"posterior\"");
        }
        section.rejectUnknownKeys();
        return Optional.of(new MaximumPlan(
                starts, target.equals("posterior") ? Target.LOG_POSTERIOR : Target.LOG_LIKELIHOOD, evaluations));
    }

    @Override
    public List<String> tables() {
        return List.of(MaximumResult.TABLE);
    }
}
