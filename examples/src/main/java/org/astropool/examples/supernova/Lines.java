package org.astropool.examples.supernova;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The lines of a text file that are not blank, as words, with their numbers; gzipped when the name ends in .gz. */
public final class Lines {

    /**
     * A line that is not blank.
     *
     * @param number from 1
     * @param words at least one
     */
    public record Line(int number, List<String> words) {

        /** Whether the first word begins with a prefix. */
        public boolean startsWith(String prefix) {
            return words.get(0).startsWith(prefix);
        }
    }

    /** The mark of UTF-8 with which programs on Windows begin a file, read as Latin-1. */
    private static final String MARK = "\u00ef\u00bb\u00bf";

    private Lines() {}

    /** @throws DataFileException when the file is not there or is no gzip file in spite of its name */
    public static List<Line> read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader reader = open(file)) {
            int number = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                text = number == 1 && text.startsWith(MARK) ? text.substring(MARK.length()) : text;
                List<String> words = words(text);
                if (!words.isEmpty()) {
                    lines.add(new Line(number, words));
                }
            }
        } catch (NoSuchFileException e) {
            throw new DataFileException(
                    file,
                    "no such file; get the data with scripts/fetch-data.sh, "
                            + "or set the model option data to the folder that holds the data sets");
        } catch (EOFException e) {
            throw new DataFileException(file, "a gzip file that ends too soon; is it complete?");
        } catch (ZipException e) {
            throw new DataFileException(file, "not a gzip file: " + e.getMessage());
        }
        return lines;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        // not with a regular expression: until that is compiled, reading a survey takes most of a worker's start
        for (StringTokenizer rest = new StringTokenizer(text); rest.hasMoreTokens(); ) {
            words.add(rest.nextToken());
        }
        return words;
    }

    private static BufferedReader open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
        // Any byte is a character: the numbers that are read are ASCII, names may be in any encoding.
        return new BufferedReader(new InputStreamReader(text, StandardCharsets.ISO_8859_1));
    }

    /**
     * The word as a number.
     *
     * @param what the quantity, for the message
     * @throws DataFileException when the word is not a finite number, with the file and the line
     */
    public static double number(Path file, Line line, String what, String word) throws DataFileException {
        try {
            double value = Double.parseDouble(word);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the same message as for NaN
        }
        throw new DataFileException(file, line.number(), what + " is \"" + word + "\", expected a finite number");
    }
}
