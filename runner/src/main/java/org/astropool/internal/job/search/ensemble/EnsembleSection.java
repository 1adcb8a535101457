package org.astropool.internal.job.search.ensemble;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.astropool.internal.job.config.Section;
import org.astropool.internal.job.table.TableReference;
import org.astropool.sampler.Moves;

/** Reads {@code [sampler]} of a job file. */
final class EnsembleSection {
    private static final int LEAST_WALKERS = 4;

    private final Section section;
    private final UnaryOperator<String> resolved;

    /** @param resolved makes a path of the job file absolute */
    EnsembleSection(Section section, UnaryOperator<String> resolved) {
        this.section = section;
        this.resolved = resolved;
    }

    Optional<EnsemblePlan> plan() {
        String kind = section.string("kind").orElse("ensemble");
        if (!kind.equals("ensemble")) {
            section.problem("kind", "sampler.kind is \"" + kind + "\", it must be \"ensemble\"");
        }
        Optional<Integer> walkers = needed("walkers", LEAST_WALKERS, "40");
        if (walkers.orElse(0) % 2 != 0) {
            section.problem(
                    "walkers",
                    "sampler.walkers is " + walkers.get() + ", it must be even: the walkers move in two halves");
        }
        Optional<Integer> steps = needed("steps", 1, "3000");
        OptionalInt burn = burn(steps.orElse(Integer.MAX_VALUE));
        int thin = section.count("thin", 1).orElse(1);
        Optional<Moves> moves = moves();
        WalkerStart start = start();
        OptionalDouble enough = stopAfter();
        section.rejectUnknownKeys();
        if (walkers.isEmpty() || steps.isEmpty() || moves.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EnsemblePlan(walkers.get(), steps.get(), burn, thin, moves.get(), start, enough));
    }

    private Optional<Integer> needed(String key, int least, String example) {
        if (!section.has(key)) {
            section.missing(key, example);
        }
        return section.count(key, least);
    }

    private OptionalInt burn(int steps) {
        Object given = section.any("burn").orElse("auto");
        if (given.equals("auto")) {
            return OptionalInt.empty();
        }
        if (given instanceof Long count && count >= 0 && count < steps) {
            return OptionalInt.of(count.intValue());
        }
        section.problem("burn", "sampler.burn is " + given + ", it must be \"auto\" or a number of steps below steps");
        return OptionalInt.empty();
    }

    private Optional<Moves> moves() {
        Section moves = section.section("moves");
        boolean given = section.has("moves");
        double stretch = moves.number("stretch").orElse(given ? 0.0 : 1.0);
        double differentialEvolution = moves.number("de").orElse(0.0);
        moves.rejectUnknownKeys();
        try {
            return Optional.of(new Moves(stretch, differentialEvolution));
        } catch (IllegalArgumentException e) {
            section.problem("moves", "sampler.moves: " + e.getMessage());
            return Optional.empty();
        }
    }

    private WalkerStart start() {
        Object given = section.any("start").orElse("prior");
        if (given instanceof String text) {
            return text.equals("prior")
                    ? new WalkerStart.FromPrior()
                    : new WalkerStart.Rows(TableReference.of(Path.of(resolved.apply(text))));
        }
        Section start = section.section("start");
        if (start.has("file")) {
            WalkerStart rows = new WalkerStart.Rows(
                    start.table(Path.of(resolved.apply(start.string("file").orElse("")))));
            start.rejectUnknownKeys();
            return rows;
        }
        Map<String, Double> center = numbers(start, "around");
        Map<String, Double> spread = numbers(start, "spread");
        start.rejectUnknownKeys();
        return new WalkerStart.Around(center, spread);
    }

    private static Map<String, Double> numbers(Section start, String key) {
        if (!start.has(key)) {
            start.missing(key, "{ a = 0.3 }");
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        Section table = start.section(key);
        for (String name : table.keys()) {
            table.number(name).ifPresent(number -> numbers.put(name, number));
        }
        return numbers;
    }

    private OptionalDouble stopAfter() {
        if (!section.has("stop")) {
            return OptionalDouble.empty();
        }
        Section stop = section.section("stop");
        Optional<Double> times = stop.number("autocorrelation_times");
        stop.rejectUnknownKeys();
        if (times.isEmpty() || !(times.get() > 0)) {
            section.problem("stop", "sampler.stop needs autocorrelation_times above 0, for instance 50");
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(times.get());
    }
}
