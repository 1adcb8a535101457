package org.astropool.internal.job.search.ensemble;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.astropool.internal.job.config.SearchKind;
import org.astropool.internal.job.config.Section;

/** The ensemble sampler, {@code [sampler]}. */
public final class EnsembleKind implements SearchKind {
    static final String KEY = "sampler";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Optional<EnsemblePlan> read(Section section, UnaryOperator<String> resolved) {
        return new EnsembleSection(section, resolved).plan();
    }

    @Override
    public List<String> tables() {
        return List.of(ChainFiles.TABLE);
    }

    @Override
    public List<String> texts() {
        return List.of(ChainFiles.TEXT, ChainFiles.PARAMETER_NAMES, ChainFiles.RANGES);
    }
}
