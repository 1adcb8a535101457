package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.astropool.examples.supernova.DataFileException;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StarTableFactory;
import uk.ac.starlink.table.Tables;
import uk.ac.starlink.util.FileDataSource;

/**
 * The light curves in a pair of FITS files of SNANA: {@code *HEAD.FITS} has a row a supernova, whose PTROBS_MIN and
 * PTROBS_MAX are the numbers of its first and its last row in {@code *PHOT.FITS}, from 1.
 */
final class SnanaFits {
    private static final Pattern HEAD = Pattern.compile("(?i)HEAD(?=\\.FITS(\\.gz)?$)");

    private final Path file;
    private final StarTable table;
    private final List<String> columns = new ArrayList<>();

    private SnanaFits(Path file) throws IOException {
        this.file = file;
        try {
            table = Tables.randomTable(
                    new StarTableFactory(true).makeStarTable(new FileDataSource(file.toFile()), "fits"));
        } catch (IOException | RuntimeException e) { // what STIL makes of a damaged file
            throw new DataFileException(file, "not a FITS table: " + e.getMessage());
        }
        for (int i = 0; i < table.getColumnCount(); i++) {
            columns.add(table.getColumnInfo(i).getName());
        }
    }

    /** Whether a file is the one that lists the supernovae. */
    static boolean isHead(Path file) {
        return HEAD.matcher(String.valueOf(file.getFileName())).find();
    }

    /** The file with the observations: beside the head, compressed or not. */
    static Optional<Path> photometry(Path head) {
        String name = HEAD.matcher(String.valueOf(head.getFileName())).replaceFirst("PHOT");
        String plain = name.toLowerCase(Locale.ROOT).endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        for (String candidate : List.of(
                name,
                plain,
                plain + ".gz",
                HEAD.matcher(String.valueOf(head.getFileName())).replaceFirst("phot"))) {
            Path file = head.resolveSibling(candidate);
            if (Files.isReadable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /**
     * The supernovae of a pair of files.
     *
     * @param problems gets a line for each supernova that cannot be read
     * @throws DataFileException when one of the files is missing, or has not the columns that are needed
     */
    static List<ObservedSupernova> read(Path headFile, List<String> problems) throws IOException {
        Path observations = photometry(headFile)
                .orElseThrow(() -> new DataFileException(
                        headFile,
                        "its file with the observations, "
                                + HEAD.matcher(String.valueOf(headFile.getFileName()))
                                        .replaceFirst("PHOT")
                                + ", is not beside it"));
        SnanaFits head = new SnanaFits(headFile);
        SnanaFits photometry = new SnanaFits(observations);
        List<ObservedSupernova> supernovae = new ArrayList<>();
        int first = head.column(List.of("PTROBS_MIN"));
        int last = head.column(List.of("PTROBS_MAX"));
        int[] columns = {
            photometry.column(SnanaPhotometry.BAND),
            photometry.column(SnanaPhotometry.DATE),
            photometry.column(SnanaPhotometry.FLUX),
            photometry.column(SnanaPhotometry.ERROR)
        };
        for (long row = 0; row < head.table.getRowCount(); row++) {
            SnanaHeader header = new SnanaHeader(headFile);
            for (int column = 0; column < head.columns.size(); column++) {
                header.put(head.columns.get(column), (int) row + 1, head.text(row, column));
            }
            try {
                supernovae.add(header.supernova(photometry.lightCurves(
                        columns, (long) head.number(row, first) - 1, (long) head.number(row, last) - 1)));
            } catch (DataFileException e) {
                problems.add("row " + (row + 1) + ": " + e.getMessage());
            }
        }
        return supernovae;
    }

    /** @param positions of band, date, flux and error */
    private SortedMap<String, LightCurve> lightCurves(int[] positions, long first, long last) throws IOException {
        if (first < 0 || last >= table.getRowCount()) {
            throw new DataFileException(
                    file,
                    table.getRowCount() + " rows, the observations of a supernova are " + (first + 1) + " to "
                            + (last + 1));
        }
        SnanaPhotometry photometry = new SnanaPhotometry();
        for (long row = first; row <= last; row++) {
            photometry.add(
                    text(row, positions[0]),
                    number(row, positions[1]),
                    number(row, positions[2]),
                    number(row, positions[3]));
        }
        return photometry.lightCurves();
    }

    private int column(List<String> names) throws DataFileException {
        int position = SnanaPhotometry.position(columns, names);
        if (position < 0) {
            throw new DataFileException(file, "no column " + String.join(" or ", names) + ", it has " + columns);
        }
        return position;
    }

    private String text(long row, int column) throws IOException {
        Object cell = table.getCell(row, column);
        if (cell instanceof Float number) {
            return Double.toString(number);
        }
        return cell == null ? "" : cell.toString().strip();
    }

    private double number(long row, int column) throws IOException {
        @Nullable Object cell = table.getCell(row, column);
        if (cell instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw new DataFileException(
                file, "row " + (row + 1) + ": " + columns.get(column) + " is " + cell + ", expected a finite number");
    }
}
