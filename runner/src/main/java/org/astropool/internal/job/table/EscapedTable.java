package org.astropool.internal.job.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.DescribedValue;
import uk.ac.starlink.table.RowAccess;
import uk.ac.starlink.table.RowSequence;
import uk.ac.starlink.table.RowSplittable;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.Tables;
import uk.ac.starlink.table.WrapperRowAccess;
import uk.ac.starlink.table.WrapperRowSequence;
import uk.ac.starlink.table.WrapperStarTable;

/**
 * A table without the characters that a format or its readers do not accept: in cells, names and metadata they are
 * written as in the source code of Java and Python, for instance {@code \u0085}.
 */
final class EscapedTable extends WrapperStarTable {
    private static final int LAST_OF_ASCII = 0x7e;
    private static final int LAST_CONTROL = 0x9f;

    private final StarTable base;
    private final IntPredicate isRefused;
    private final boolean escapesMetadata;

    private EscapedTable(StarTable base, IntPredicate isRefused, boolean escapesMetadata) {
        super(base);
        this.base = base;
        this.isRefused = isRefused;
        this.escapesMetadata = escapesMetadata;
    }

    /** The table as a format can hold it. */
    static StarTable of(StarTable table, TableFormat format) {
        return new EscapedTable(
                table,
                format == TableFormat.FITS ? EscapedTable::isOutsideAscii : EscapedTable::isBreakOrControl,
                format != TableFormat.ECSV); // whose metadata is YAML, which has its own escapes
    }

    /** Strings in FITS consist of printable ASCII characters. */
    private static boolean isOutsideAscii(int c) {
        return c < ' ' || c > LAST_OF_ASCII;
    }

    /**
     * Python ends lines at more characters than Java, XML forbids control characters, and an unpaired surrogate is not
     * a character.
     */
    private static boolean isBreakOrControl(int c) {
        return (c < ' ' && c != '\t' && c != '\n')
                || (c > LAST_OF_ASCII && c <= LAST_CONTROL)
                || c == 0x2028
                || c == 0x2029
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                || c == 0xfffe
                || c == 0xffff;
    }

    private String escaped(String text) {
        if (text.codePoints().noneMatch(isRefused)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isRefused.test(c)) {
                escaped.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    private @Nullable Object cell(@Nullable Object value) {
        return value instanceof String text ? escaped(text) : value;
    }

    private @Nullable Object[] cells(@Nullable Object[] row) {
        @Nullable Object[] cells = new @Nullable Object[row.length];
        for (int i = 0; i < row.length; i++) {
            cells[i] = cell(row[i]);
        }
        return cells;
    }

    private static boolean isText(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    @Override
    public String getName() {
        String name = base.getName();
        return isText(name) ? escaped(name) : name;
    }

    @Override
    public ColumnInfo getColumnInfo(int column) {
        ColumnInfo info = base.getColumnInfo(column);
        ColumnInfo escaped = new ColumnInfo(info) {
            @Override
            public String formatValue(@Nullable Object value, int maxLength) {
                return info.formatValue(value, maxLength);
            }
        };
        escaped.setName(escaped(info.getName()));
        if (!escapesMetadata) {
            return escaped;
        }
        if (isText(info.getDescription())) {
            escaped.setDescription(escaped(info.getDescription()));
        }
        if (isText(info.getUnitString())) {
            escaped.setUnitString(escaped(info.getUnitString()));
        }
        escaped.setAuxData(described(info.getAuxData()));
        return escaped;
    }

    @Override
    public List<DescribedValue> getParameters() {
        return escapesMetadata ? described(base.getParameters()) : base.getParameters();
    }

    private List<DescribedValue> described(List<DescribedValue> values) {
        List<DescribedValue> escaped = new ArrayList<>();
        for (DescribedValue value : values) {
            escaped.add(
                    value.getValue() instanceof String text
                            ? new DescribedValue(value.getInfo(), escaped(text))
                            : value);
        }
        return escaped;
    }

    @Override
    public @Nullable Object getCell(long row, int column) throws IOException {
        return cell(base.getCell(row, column));
    }

    @Override
    public @Nullable Object[] getRow(long row) throws IOException {
        return cells(base.getRow(row));
    }

    @Override
    public RowSequence getRowSequence() throws IOException {
        return new WrapperRowSequence(base.getRowSequence()) {
            @Override
            public @Nullable Object getCell(int column) throws IOException {
                return cell(super.getCell(column));
            }

            @Override
            public @Nullable Object[] getRow() throws IOException {
                return cells(super.getRow());
            }
        };
    }

    @Override
    public RowAccess getRowAccess() throws IOException {
        return new WrapperRowAccess(base.getRowAccess()) {
            @Override
            public @Nullable Object getCell(int column) throws IOException {
                return cell(super.getCell(column));
            }

            @Override
            public @Nullable Object[] getRow() throws IOException {
                return cells(super.getRow());
            }
        };
    }

    @Override
    public RowSplittable getRowSplittable() throws IOException {
        return Tables.getDefaultRowSplittable(this);
    }
}
