package org.astropool.internal.job.table;

/**
 * A column of an input table.
 *
 * @param unit as written in the table, "" for none
 */
record TableColumn(String name, Kind kind, String unit, String description) {

    /** The type of its cells; an empty cell of any type is null. */
    enum Kind {
        /** Strings. */
        TEXT,
        /** Longs. */
        WHOLE,
        /** Doubles. */
        NUMBER,
        /** Doubles, each rounded to 32 bits, so that text and binary files give the same numbers. */
        SINGLE,
        /** Booleans. */
        FLAG,
        /** Strings of a table that declares no types: text, or numbers and booleans written as text. */
        UNTYPED,
        /** Vectors and other values that are not scalars. */
        OTHER
    }

    static TableColumn untyped(String name) {
        return new TableColumn(name, Kind.UNTYPED, "", "");
    }
}
