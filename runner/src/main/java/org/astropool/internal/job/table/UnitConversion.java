package org.astropool.internal.job.table;

import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** Converts the numbers of a column to the unit of a parameter. */
final class UnitConversion {
    private static final double FREEZING = 273.15;
    private static final Map<String, DoubleUnaryOperator> TO_KELVIN = Map.of(
            "deg_C", c -> c + FREEZING,
            "degC", c -> c + FREEZING,
            "\u00b0C", c -> c + FREEZING,
            "Celsius", c -> c + FREEZING);

    private UnitConversion() {}

    /**
     * The conversion from one unit to another; empty when there is none, or a unit is not known.
     *
     * @param from the unit, or "" for none: the numbers are not converted
     * @param to the unit, or "" for none: only numbers in percent are converted
     */
    static Optional<DoubleUnaryOperator> of(String from, String to) {
        if (from.isEmpty() || from.equals(to)) {
            return Optional.of(DoubleUnaryOperator.identity());
        }
        Optional<Unit> source = Unit.parse(from);
        if (to.isEmpty()) {
            return Optional.of(source.filter(unit -> unit.dimensions().isEmpty())
                    .map(UnitConversion::toOne)
                    .orElse(DoubleUnaryOperator.identity()));
        }
        Optional<Unit> target = Unit.parse(to);
        if (target.isPresent() && target.get().equals(Unit.parse("K").orElseThrow()) && TO_KELVIN.containsKey(from)) {
            return Optional.of(TO_KELVIN.get(from));
        }
        if (source.isPresent() && target.isPresent() && source.get().isCompatible(target.get())) {
            return Optional.of(number -> source.get().convert(number, target.get()));
        }
        boolean isSameText = from.replace(" ", "").equals(to.replace(" ", ""));
        return isSameText ? Optional.of(DoubleUnaryOperator.identity()) : Optional.empty();
    }

    private static DoubleUnaryOperator toOne(Unit unit) {
        Unit one = Unit.parse("").orElseThrow();
        return number -> unit.convert(number, one);
    }

    /** Whether the unit of a column is dropped because the parameter has none. */
    static boolean isLost(String from, String to) {
        return to.isEmpty()
                && !from.isEmpty()
                && Unit.parse(from).filter(unit -> unit.dimensions().isEmpty()).isEmpty();
    }
}
