package org.astropool.internal.job.table;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.astropool.internal.job.JsonFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StarTableFactory;
import uk.ac.starlink.table.TableSequence;
import uk.ac.starlink.table.Tables;
import uk.ac.starlink.util.DataSource;
import uk.ac.starlink.util.FileDataSource;

/** Opens tables: text with code of its own, since its cells have no types, and formats that have types with STIL. */
public final class TableReaders {
    /** The names of the formats in job files. */
    public static final List<String> NAMES =
            List.of("text", "csv", "tsv", "ecsv", "fitres", "getdist", "fits", "votable", "ipac", "mrt", "cdf");

    private static final Logger LOG = LoggerFactory.getLogger(TableReaders.class);
    private static final List<String> WITH_TABLES = List.of("fits", "votable");
    private static final String TEXT = "text";

    private final TableReference choice;
    private final DataSource source;

    private TableReaders(TableReference choice) throws IOException {
        this.choice = choice;
        this.source = new FileDataSource(
                choice.file().toFile()); // given its name, STIL would take a # for the position of a table
    }

    /**
     * Opens a table, compressed or not.
     *
     * @throws IOException with the file and the reason
     */
    public static TableSource open(TableReference choice) throws IOException {
        Path file = choice.file();
        if (!Files.exists(file)) {
            throw new IOException(file + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder, expected a file with a table");
        }
        if (!Files.isReadable(file)) {
            throw new IOException(file + " cannot be read: permission denied");
        }
        JsonFile.checkRegular(file);
        String format = "";
        try {
            TableReaders formats = new TableReaders(choice);
            format = choice.format().orElseGet(formats::detectFormat);
            return formats.open(format);
        } catch (EOFException e) {
            throw new IOException(file + " cannot be read as a table: it ends too early; is it complete?", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read as a table: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new IOException(file + " cannot be read as a table: it is nested too deeply", e);
        } catch (RuntimeException e) { // the readers of STIL throw these for a damaged file
            throw new IOException(file + " cannot be read as a table in the format " + format + " (" + e + ")", e);
        }
    }

    private TableSource open(String format) throws IOException {
        if (choice.extension().isPresent() && !WITH_TABLES.contains(format)) {
            throw new IOException("extension = \"" + choice.extension().get()
                    + "\" selects a table of a FITS or VOTable file, but this file is read as " + format);
        }
        return switch (format) {
            case "ecsv" -> EcsvTable.read(TextLines.read(source));
            case "fitres" -> TextTable.fitres(TextLines.read(source));
            case "getdist" -> TextTable.getDist(choice.file(), TextLines.read(source));
            case "csv", "tsv" -> TextTable.delimited(choice.file(), TextLines.read(source), format);
            case TEXT -> text(TextLines.read(source));
            case "fits", "votable" -> new StilTable(Tables.randomTable(oneOf(format)));
            default -> new StilTable(Tables.randomTable(new StarTableFactory().makeStarTable(source, format)));
        };
    }

    private TableSource text(List<String> lines) throws IOException {
        if (EcsvTable.isEcsv(lines)) {
            return EcsvTable.read(lines);
        }
        return TextTable.isFitres(lines) ? TextTable.fitres(lines) : TextTable.delimited(choice.file(), lines, TEXT);
    }

    /** The format, by the first bytes if they identify it, else by the ending of the name. */
    private String detectFormat() {
        byte[] bytes;
        try {
            bytes = source.getIntro();
        } catch (IOException e) {
            return TEXT; // whose reader reports the error
        }
        String start = TextLines.withoutMark(new String(bytes, StandardCharsets.UTF_8));
        String trimmed = start.stripLeading();
        if (start.startsWith("SIMPLE  =")) {
            return "fits";
        }
        if (trimmed.startsWith("<?xml") || trimmed.startsWith("<VOTABLE") || trimmed.startsWith("<!--")) {
            return "votable";
        }
        if (trimmed.startsWith("# %ECSV")) {
            return "ecsv";
        }
        if (trimmed.startsWith("\\") || trimmed.startsWith("|")) {
            return "ipac";
        }
        if (trimmed.startsWith("Title:") && trimmed.contains("Byte-by-byte")) {
            return "mrt";
        }
        return byEnding();
    }

    private String byEnding() {
        String name = String.valueOf(choice.file().getFileName()).toLowerCase(Locale.ROOT);
        String plain = name.replaceFirst("\\.(gz|bz2|z)$", "");
        return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
            case "csv" -> "csv";
            case "tsv", "tab" -> "tsv";
            case "ecsv" -> "ecsv";
            case "fits", "fit", "fts" -> "fits";
            case "vot", "votable", "xml" -> "votable";
            case "fitres" -> "fitres";
            case "cdf" -> "cdf";
            default -> TEXT;
        };
    }

    private StarTable oneOf(String format) throws IOException {
        List<StarTable> tables = new ArrayList<>();
        TableSequence sequence = new StarTableFactory().makeStarTables(source, format);
        for (StarTable table = sequence.nextTable(); table != null; table = sequence.nextTable()) {
            tables.add(table);
        }
        List<String> names = tables.stream()
                .map(table -> Optional.ofNullable(table.getName()).orElse("(without a name)"))
                .toList();
        if (tables.isEmpty()) {
            throw new IOException("it contains no table");
        }
        if (choice.extension().isPresent()) {
            String wanted = choice.extension().get();
            int number = wanted.matches("\\d{1,6}") ? Integer.parseInt(wanted) - 1 : names.indexOf(wanted);
            if (number < 0 || number >= tables.size()) {
                throw new IOException("there is no table \"" + wanted + "\" in it; it contains 1 to " + tables.size()
                        + ": " + String.join(", ", names));
            }
            return tables.get(number);
        }
        if (tables.size() > 1) {
            LOG.warn(
                    "{} has several tables ({}), the first is read; choose one with extension = \"NAME\"",
                    choice.file(),
                    String.join(", ", names));
        }
        return tables.get(0);
    }
}
