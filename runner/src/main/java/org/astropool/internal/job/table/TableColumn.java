package org.astropool.internal.job.table;

/**
 * A column of a table that is read.
 *
 * @param unit as the table has it, "" when it has none
 */
record TableColumn(String name, Kind kind, String unit, String description) {

    /** What is in its cells; an empty cell of any kind is null. */
    enum Kind {
        /** Strings. */
        TEXT,
        /** Longs. */
        WHOLE,
        /** Doubles. */
        NUMBER,
        /** Doubles, each of which is a number of 32 bits: the same for a file of text as for a binary one. */
        SINGLE,
        /** Booleans. */
        FLAG,
        /** Strings of a table that does not say what they are: text, or numbers and flags that are written as text. */
        UNTYPED,
        /** Vectors and whatever else is no scalar. */
        OTHER
    }

    static TableColumn untyped(String name) {
        return new TableColumn(name, Kind.UNTYPED, "", "");
    }
}
