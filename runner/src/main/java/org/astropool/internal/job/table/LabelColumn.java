package org.astropool.internal.job.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.astropool.internal.job.table.TableColumn.Kind;
import org.astropool.task.Output;
import org.jspecify.annotations.Nullable;

/**
 * A column that is copied into the results. If the table does not declare its type, it has numbers when all its cells
 * are numbers, and otherwise text.
 */
final class LabelColumn {
    private static final long EXACT = 1L << 53;

    private final List<@Nullable Object> cells;
    private final Kind kind;
    private boolean canBeFlag = true;
    private boolean canBeLong = true;
    private boolean canBeDouble = true;
    private boolean hasLargeWhole;
    private boolean hasFraction;
    private boolean isEmpty = true;

    LabelColumn(TableColumn column, int rows) {
        this.kind = column.kind();
        this.cells = new ArrayList<>(rows);
    }

    void add(@Nullable Object cell) {
        cells.add(cell instanceof Double number && number.isNaN() ? null : cell); // NaN is the empty number in FITS
        if (kind == Kind.UNTYPED && cell instanceof String text) {
            isEmpty = false;
            canBeFlag = canBeFlag && isFlag(text);
            boolean isLong = NumberText.isWhole(text) && isLong(text);
            hasLargeWhole |= NumberText.isWhole(text) && (!isLong || Math.abs(Long.parseLong(text)) > EXACT);
            hasFraction |= !isLong;
            canBeLong = canBeLong && isLong;
            canBeDouble = canBeDouble && NumberText.isWritten(text);
        }
    }

    private static boolean isFlag(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("true") || lower.equals("false");
    }

    private static boolean isLong(String text) {
        try {
            Long.parseLong(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    Output.Type type() {
        return switch (kind) {
            case TEXT, OTHER -> Output.Type.STRING;
            case WHOLE -> Output.Type.LONG;
            case NUMBER, SINGLE -> Output.Type.DOUBLE;
            case FLAG -> Output.Type.BOOLEAN;
            case UNTYPED -> untyped();
        };
    }

    private Output.Type untyped() {
        if (isEmpty) {
            return Output.Type.STRING;
        }
        if (canBeFlag) {
            return Output.Type.BOOLEAN;
        }
        if (canBeLong) {
            return Output.Type.LONG;
        }
        return canBeDouble && !(hasLargeWhole && hasFraction) ? Output.Type.DOUBLE : Output.Type.STRING;
    }

    /** The value in a row: null for an empty cell, except in text. */
    @Nullable
    Object value(int row) {
        Object cell = cells.get(row);
        Output.Type type = type();
        if (cell == null) {
            return type == Output.Type.STRING ? "" : null;
        }
        if (kind != Kind.UNTYPED) {
            return cell;
        }
        String text = cell.toString();
        return switch (type) {
            case LONG -> Long.valueOf(text);
            case DOUBLE -> {
                double number = NumberText.parse(text).orElseThrow();
                yield Double.isNaN(number) ? null : number;
            }
            case BOOLEAN -> Boolean.valueOf(text);
            case STRING, DOUBLE_VECTOR -> text;
        };
    }
}
