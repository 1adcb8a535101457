package org.astropool.randomsearch;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.astropool.internal.job.config.SearchKind;
import org.astropool.internal.job.config.Section;

/** {@code [random]}: draws points from the prior, in rounds, and keeps the best one. */
public final class RandomSearchKind implements SearchKind {
    static final String KEY = "random";
    static final String TABLE = "draws";
    static final String TEXT = "best-draw.txt";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Optional<RandomSearchPlan> read(Section section, UnaryOperator<String> resolved) {
        Optional<Integer> rounds = section.count("rounds", 1);
        if (!section.has("rounds")) {
            section.missing("rounds", "10");
        }
        int points = section.count("points", 1).orElse(RandomSearchPlan.DEFAULT_POINTS);
        section.rejectUnknownKeys();
        return rounds.map(count -> new RandomSearchPlan(count, points));
    }

    @Override
    public List<String> tables() {
        return List.of(TABLE);
    }

    @Override
    public List<String> texts() {
        return List.of(TEXT);
    }
}
