package org.astropool.internal.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.TaskList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.starlink.fits.FitsTableWriter;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.RowListStarTable;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.Tables;
import uk.ac.starlink.votable.VOTableWriter;

/** Tables in the formats and dialects that astronomers have them in. */
class RowTableTest {
    private static final List<String> NAMES = List.of("name", "id", "x1", "x2", "seen", "code", "note");
    private static final List<Object[]> ROWS = List.of(
            new Object[] {"00123", 1L, 0.1, 1.0, true, "a", "a b"},
            new Object[] {"2005e1", 9007199254740993L, 0.7, 2.5, false, "b", "said \"hi\", twice"},
            new Object[] {"Per", -3L, 55902.2, 1e-5, true, "c", "12:34:56.7"});

    @TempDir
    private Path temp;

    @Test
    void theSameTableInEachFormatGivesTheSameBits() throws Exception {
        List<Path> files = List.of(
                delimited("table.csv", ",", ""),
                delimited("table.tsv", "\t", ""),
                delimited("semicolons.csv", ";", ""),
                delimited("table.txt", " ", "# "),
                delimited("table.dat", "  ", ""),
                delimited("table.ecsv", " ", "", ecsvHeader("")),
                delimited("commas.ecsv", ",", "", ecsvHeader("# delimiter: ','\n")),
                fits("table.fits", table("only")),
                votable("table.vot"));

        for (Path file : files) {
            RowTable table = read(file);
            TaskList labels = table.labels(NAMES);
            assertThat(labels.labels())
                    .as(file.toString())
                    .extracting(Output::type)
                    .containsExactly(
                            Output.Type.STRING,
                            Output.Type.LONG,
                            Output.Type.DOUBLE,
                            Output.Type.DOUBLE,
                            Output.Type.BOOLEAN,
                            Output.Type.STRING,
                            Output.Type.STRING);
            for (int row = 0; row < ROWS.size(); row++) {
                assertThat(labels.values(row)).as(file.toString()).containsExactly(ROWS.get(row));
                assertThat(table.points(List.of(parameter("x1", ""))).point(row))
                        .as(file.toString())
                        .containsExactly((double) ROWS.get(row)[2]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00123    17      | STRING
            2005e1   1999    | STRING
            1d5      2       | STRING
            5f       2       | STRING
            0x10     2       | STRING
            T        F       | STRING
            12:30:00 -1:2:3  | STRING
            2020-01-01 2     | STRING
            18446744073709551616 1 | STRING
            9007199254740993 0.5   | STRING
            True     false   | BOOLEAN
            1        -20     | LONG
            1.5      2       | DOUBLE
            1e-05    .5      | DOUBLE
            1.0D+02  -1.     | DOUBLE
            nan      -inf    | DOUBLE
            """)
    void labelsAreNumbersWhereAllOfThemAreWrittenAsNumbers(String cells, Output.Type type) throws Exception {
        String[] words = cells.split("\\s+");
        TaskList labels = read(write("labels.csv", "label,x\n" + words[0] + ",1\n" + words[1] + ",2\n"))
                .labels(List.of("label"));

        assertThat(labels.labels().get(0).type()).isEqualTo(type);
        if (type == Output.Type.STRING) {
            assertThat(List.of(labels.values(0).get(0), labels.values(1).get(0)))
                    .hasToString(Arrays.toString(words));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            abc    | row 2 has no number in column x: it is "abc"
            nan    | row 2 has no number in column x: it is "nan"
            -inf   | row 2 has no number in column x: it is "-inf"
            0x10   | row 2 has no number in column x: it is "0x10"
            5f     | row 2 has no number in column x: it is "5f"
            True   | row 2 has no number in column x: it is "True"
            "1,5"  | row 2 has no number in column x: it is "1,5"
            ~~     | row 2 has no number in column x: it is empty
            1e999  | row 2 has no number in column x: it is "1e999"
            9007199254740993 | row 2 has 9007199254740993 in column x, which a double cannot represent
            """)
    void invalidNumbersOfAParameterAreReportedWithTheirRow(String cell, String problem) throws Exception {
        Path file = write("points.csv", "x,y\n1,1\n" + cell + ",2\n");

        assertThatThrownBy(() -> read(file).points(List.of(parameter("x", ""))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + ": " + problem);
    }

    @Test
    void parametersAcceptEveryFormOfANumber() throws Exception {
        Path file = write("fortran.txt", "x\n1d5\n1.0D+02\n1.5-102\n2005e1\n00012\n+.5\n9007199254740992\n\"7\"\n");

        assertThat(column(file, "x")).containsExactly(1e5, 100, 1.5e-102, 20050, 12, 0.5, 0x1p53, 7);
    }

    @Test
    void emptyAndMaskedCellsAreCopiedAsEmptyCells() throws Exception {
        List<Object[]> rows = List.of(new Object[] {"a", 1L, 0.5, true}, new Object[] {"", null, Double.NaN, null});
        RowListStarTable table = new RowListStarTable(
                infos(List.of("s", "i", "d", "b"), String.class, Long.class, Double.class, Boolean.class));
        rows.forEach(table::addRow);
        List<Path> files = List.of(
                write("empty.csv", "s,i,d,b\na,1,0.5,True\n,,,\n"),
                write("nan.tsv", "s\ti\td\tb\na\t1\t0.5\tTrue\n\t\tnan\t\n"),
                write("empty.ecsv", """
                        # %ECSV 1.0
                        # ---
                        # datatype:
                        # - {name: s, datatype: string}
                        # - {name: i, datatype: int64}
                        # - {name: d, datatype: float64}
                        # - {name: b, datatype: bool}
                        s i d b
                        a 1 0.5 True
                        "" "" "" ""
                        """),
                write("masks.ecsv", """
                        # %ECSV 1.0
                        # ---
                        # datatype:
                        # - {name: s, datatype: string}
                        # - {name: i, datatype: int64}
                        # - {name: i.mask, datatype: bool}
                        # - {name: d, datatype: float64}
                        # - {name: d.mask, datatype: bool}
                        # - {name: b, datatype: bool}
                        s i i.mask d d.mask b
                        a 1 False 0.5 False True
                        "" 7 True 7.5 True ""
                        """),
                fits("empty.fits", table),
                votable("empty.vot", table));

        for (Path file : files) {
            TaskList labels = read(file).labels(List.of("s", "i", "d", "b"));
            assertThat(labels.values(0)).as(file.toString()).containsExactly("a", 1L, 0.5, true);
            assertThat(labels.values(1)).as(file.toString()).containsExactly("", null, null, null);
            assertThatThrownBy(() -> column(file, "d")).hasMessageContaining("row 2 has no number in column d");
            assertThat(read(file).numbers()).doesNotContain("i", "d");
        }
    }

    @Test
    void aColumnOf32BitsIsWhatItIsInTextToo() throws Exception {
        RowListStarTable table = new RowListStarTable(infos(List.of("x"), Float.class));
        table.addRow(new Object[] {0.1f});

        assertThat(column(fits("f.fits", table), "x")).containsExactly((double) 0.1f);
        assertThat(column(
                        write("f.ecsv", "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: x, datatype: float32}\nx\n0.1\n"),
                        "x"))
                .containsExactly((double) 0.1f);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            min          | s           | 0.05 | 3
            d            | s           | 1    | 86400
            yr           | d           | 1    | 365.25
            Myr          | a           | 2    | 2000000
            arcmin       | deg         | 30   | 0.5
            mas          | arcsec      | 1500 | 1.5
            deg          | rad         | 180  | 3.141592653589793
            hourangle    | deg         | 1    | 15
            kpc          | Mpc         | 250  | 0.25
            AU           | km          | 1    | 149597870.7
            Angstrom     | nm          | 5500 | 550
            um           | m           | 2    | 0.000002
            mmag         | mag         | 5    | 0.005
            mmag**2      | mag**2      | 5    | 0.000005
            %            | ''          | 5    | 0.05
            ''           | s           | 5    | 5
            mag          | ''          | 5    | 5
            m / s        | km/s        | 1500 | 1.5
            km s-1       | m.s**-1     | 1.5  | 1500
            km s^-1 Mpc^-1 | km/s/Mpc  | 70   | 70
            km/(s Mpc)   | km.s-1.Mpc-1 | 70  | 70
            erg / (s cm2) | W/m**2     | 1000 | 1
            1e-17 erg s-1 cm-2 | 10**-20 W.m**-2 | 2 | 2
            10-3W        | mW          | 4    | 4
            eV           | J           | 1    | 1.602176634e-19
            mJy          | Jy          | 3    | 0.003
            solMass      | kg          | 1    | 1.988409870698051e30
            deg_C        | K           | 20   | 293.15
            furlong/min  | furlong/h   | 1    | 60
            log(cm.s**-2) | log(cm.s**-2) | 4 | 4
            """)
    void columnsAreConvertedToTheUnitOfTheParameter(String from, String to, double number, double expected)
            throws Exception {
        Path file = write(
                "units.ecsv",
                "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: x, unit: '" + from + "', datatype: float64}\nx\n" + number
                        + "\n");

        assertThat(read(file).points(List.of(parameter("x", to))).point(0)).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "s, m",
        "mag, dex",
        "dex, mag",
        "km, km/s",
        "K, s",
        "rad, m",
        "log(m), m",
        "furlong, m",
        "%, mag",
        "s0.5, s"
    })
    void unitsWithoutAConversionAreBothNamed(String from, String to) throws Exception {
        RowListStarTable table = new RowListStarTable(infos(List.of("x"), Double.class));
        table.getColumnInfo(0).setUnitString(from);
        table.addRow(new Object[] {1.0});
        Path file = fits("units.fits", table);

        assertThatThrownBy(() -> read(file).points(List.of(parameter("x", to))))
                .hasMessageContaining(file + ": column x is in " + from + ", the parameter is in " + to);
    }

    @Test
    void additionsOfAstropyToEcsvAreSkipped() throws Exception {
        Path file = write("mixins.ecsv", """
                # %ECSV 1.0
                # ---
                # datatype:
                # - {name: name, datatype: string}
                # - name: v
                #   unit: km / s
                #   datatype: float64
                #   description: "with a : in it"
                #   meta: !!omap
                #   - {width: !astropy.units.Quantity {unit: !astropy.units.Unit {unit: m}, value: 1.0}}
                # - {name: sc.ra, unit: deg, datatype: float64}
                # - {name: t, datatype: string}
                # - {name: vec, datatype: string, subtype: 'float64[2]'}
                # - {name: c, datatype: complex128}
                # - {name: o, datatype: object, subtype: json}
                # meta: !!omap
                # - pair: !!python/tuple [1, 2]
                # - __serialized_columns__:
                #     v:
                #       __class__: astropy.units.quantity.Quantity
                #       unit: !astropy.units.Unit {unit: km / s}
                #       value: !astropy.table.SerializedColumn {name: v}
                # schema: astropy-2.0
                name v sc.ra t vec c o
                "a b" 1.5 10.25 2020-01-01T00:00:00 [1.0,2.0] 1+2j "{""k"": 1}"
                """);
        RowTable table = read(file);

        assertThat(table.points(List.of(parameter("v", "m/s"))).point(0)).containsExactly(1500);
        assertThat(table.labels(List.of("name", "sc.ra", "t")).values(0))
                .containsExactly("a b", 10.25, "2020-01-01T00:00:00");
        assertThatThrownBy(() -> table.labels(List.of("vec"))).hasMessageContaining("column vec does not hold text");
        assertThatThrownBy(() -> table.labels(List.of("c"))).hasMessageContaining("column c does not hold text");
        assertThatThrownBy(() -> table.labels(List.of("o"))).hasMessageContaining("column o does not hold text");
        assertThatThrownBy(() -> column(file, "vec")).hasMessageContaining("row 1 has no number in column vec");
        assertThatThrownBy(() -> column(file, "sc")).hasMessageContaining("has column sc in parts: sc.ra");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            bom.csv        | BOMx,name\\r\\n0.1,a\\r\\n0.2,b\\r\\n
            old-mac.csv    | x,name\\r0.1,a\\r0.2,b\\r
            comment.csv    | # made by hand\\n# x, name\\n0.1, a\\n\\n# 0.3, c\\n0.2, b\\n
            glued.txt      | #x name\\n0.1 a\\n0.2 b\\n
            above.csv      | # two words\\n# of it\\nx,name\\n0.1,a\\n0.2,b
            trailing.csv   | x,name\\n0.1,a,\\n0.2,b,\\n
            quotes.csv     | "x","name"\\n"0.1","a"\\n"0.2","b"\\n
            semicolons.txt | x ; name\\n0.1 ; a\\n0.2 ; b\\n
            bars.dat       | x!name\\n0.1!a\\n0.2!b\\n
            tabs.dat       | x\\tname\\n0.1\\ta\\n0.2\\tb\\n
            blanks.dat     | ~  x    name\\n  0.1  a\\n  0.2 'b'\\n~
            vizier.tsv     | #Column x (F8.2)\\nx\\tname\\nmag\\t \\n----\\t---\\n 0.1\\ta\\n 0.2\\tb\\n
            sn.FITRES      | # a remark\\nNVAR: 2\\nVARNAMES: x name\\n\\nSN: 0.1 a\\nSN: 0.2 b\\n
            of-r.txt       | "x" "name"\\n"1" 0.1 "a"\\n"2" 0.2 "b"\\n
            pantheon.dat   | x name\\n0.1 a\\n0.2 b\\n
            fitres.txt     | VARNAMES: x name\\nROW: 0.1 a\\nROW: 0.2 b\\n
            ecsv.txt       | # %ECSV 1.0\\n# ---\\n# datatype:\\n# - {name: x, datatype: float64}\\n# - {name: name, datatype: string}\\nx name\\n0.1 a\\n0.2 b\\n
            """)
    void dialectsOfTextAreRead(String name, String text) throws Exception {
        Path file = write(name, text.translateEscapes().replace("BOM", "\uFEFF").replace('!', '|'));

        assertThat(column(file, "x")).containsExactly(0.1, 0.2);
        TaskList labels = read(file).labels(List.of("name"));
        assertThat(List.of(labels.values(0), labels.values(1))).hasToString("[[a], [b]]");
    }

    @Test
    void encodingsOfTextAreDetected() throws Exception {
        Path utf16 = Files.write(temp.resolve("utf16.csv"), "x,name\n1,\u03b2 Per\n".getBytes(StandardCharsets.UTF_16));
        Path latin =
                Files.write(temp.resolve("latin.csv"), "x,name\n1,Jos\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(read(utf16).labels(List.of("name")).values(0)).containsExactly("\u03b2 Per");
        assertThat(read(latin).labels(List.of("name")).values(0)).containsExactly("Jos\u00e9");
    }

    @Test
    void quotedCellsMayContainDelimitersAndLineEnds() throws Exception {
        Path file = write("quotes.csv", "name,x\n\"a,b\",1\n\"two\nlines\",2\n5'10\",3\n");

        TaskList labels = read(file).labels(List.of("name"));
        assertThat(IntStream.range(0, 3).mapToObj(row -> labels.values(row).get(0)))
                .containsExactly("a,b", "two\nlines", "5'10\"");
        assertThat(column(file, "x")).containsExactly(1, 2, 3);
    }

    @Test
    void chainsOfGetDistHaveTheirNamesInAnotherFile() throws Exception {
        write("chain.paramnames", "omega_m\t\\Omega_m\nH0*\tH_0\n");
        Path file = write("chain_1.txt", "  1.0  2.5  0.3  70.1\n  2.0  2.6  0.31 70.2\n");

        assertThat(column(file, "omega_m")).containsExactly(0.3, 0.31);
        assertThat(read(new TableReference(file, Optional.of("getdist"), Optional.empty()))
                        .names())
                .containsExactly("weight", "minus_log_posterior", "omega_m", "H0");
    }

    @Test
    void theFormatCanBeGiven() throws Exception {
        Path file = write("table.out", "x;name\n1;a b\n");

        assertThat(read(new TableReference(file, Optional.of("csv"), Optional.empty()))
                        .names())
                .containsExactly("x", "name");
        assertThatThrownBy(() -> read(new TableReference(file, Optional.of("fits"), Optional.empty())))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> read(new TableReference(file, Optional.of("csv"), Optional.of("2"))))
                .hasMessageContaining("extension = \"2\" selects a table of a FITS or VOTable file");
    }

    @Test
    void aTableIsSelectedFromAFileWithSeveral() throws Exception {
        RowListStarTable first = new RowListStarTable(infos(List.of("x"), Double.class));
        first.addRow(new Object[] {1.0});
        first.setName("FIRST");
        RowListStarTable second = new RowListStarTable(infos(List.of("x"), Double.class));
        second.addRow(new Object[] {2.0});
        second.setName("SECOND");
        Path fits = temp.resolve("two.fits");
        Path votable = temp.resolve("two.vot");
        try (OutputStream out = Files.newOutputStream(fits)) {
            new FitsTableWriter().writeStarTables(Tables.arrayTableSequence(new StarTable[] {first, second}), out);
        }
        try (OutputStream out = Files.newOutputStream(votable)) {
            new VOTableWriter().writeStarTables(Tables.arrayTableSequence(new StarTable[] {first, second}), out);
        }

        for (Path file : List.of(fits, votable)) {
            assertThat(column(file, "x")).containsExactly(1.0);
            for (String extension : List.of("2", "SECOND")) {
                assertThat(read(new TableReference(file, Optional.empty(), Optional.of(extension)))
                                .columns(List.of("x"))
                                .point(0))
                        .containsExactly(2.0);
            }
            assertThatThrownBy(() -> read(new TableReference(file, Optional.empty(), Optional.of("THIRD"))))
                    .hasMessageContaining("there is no table \"THIRD\" in it; it contains 1 to 2: FIRST, SECOND");
        }
    }

    @Test
    void filesMayBeCompressedAndHaveAnyName() throws Exception {
        Path file = temp.resolve("points#1.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("x\n1\n2\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(column(file, "x")).containsExactly(1, 2);
        assertThat(column(Files.copy(fits("plain.fits", table("t")), temp.resolve("fits #2.fits")), "x1"))
                .hasSize(3);

        Path cut = Files.write(temp.resolve("cut.csv.gz"), Arrays.copyOf(Files.readAllBytes(file), 25));
        assertThatThrownBy(() -> column(cut, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(cut.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            empty.csv  | ~~                | cannot be read as a table: it is empty
            rows.csv   | x,y\\n            | has no rows
            rows.txt   | # x y\\n          | no rows
            names.csv  | 1,2\\n3,4\\n      | it has no line with the names of its columns: the first is "1,2"
            short.csv  | x,y\\n1,2\\n3\\n  | row 2 has 1 values, there are 2 columns: "3"
            open.csv   | x,y\\n"1,2\\n     | a quote in row 1 is not closed
            twice.csv  | x,x\\n1,2\\n      | has two columns x
            other.csv  | X,y\\n1,2\\n      | has no column x, did you mean "X"? It has X, y
            head.ecsv  | x\\n1\\n          | its first line is not the ECSV line
            yaml.ecsv  | # %ECSV 1.0\\n# ---\\n# datatype: [{\\nx\\n1\\n | its header is not YAML
            type.ecsv  | # %ECSV 1.0\\n# ---\\n# datatype:\\n# - {name: x, datatype: float64}\\nx\\nabc\\n | row 1 has "abc" in column x, but the header declares a number
            not.fits   | SIMPLE  =   T     | cannot be read as a table
            not.vot    | <VOTABLE><RESOURCE | cannot be read as a table
            """)
    void invalidTablesAreReportedWithTheFileAndItsContent(String name, String text, String problem) throws Exception {
        Path file = write(name, text.translateEscapes());

        assertThatThrownBy(() -> column(file, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void foldersAndTruncatedFilesAreReported() throws Exception {
        assertThatThrownBy(() -> read(temp)).hasMessage(temp + " is a folder, expected a file with a table");
        Path fits = fits("whole.fits", table("t"));
        byte[] bytes = Files.readAllBytes(fits);
        for (int length : new int[] {2880, 4000, bytes.length - 2880, bytes.length - 1}) {
            Path cut = Files.write(temp.resolve("cut.fits"), Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> column(cut, "x1"))
                    .as("%s bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(cut.toString());
        }
    }

    @Test
    void thousandsOfColumnsAreRead() throws Exception {
        int columns = 5000;
        String names = IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row = IntStream.range(0, columns).mapToObj(i -> i + ".5").collect(Collectors.joining(","));
        Path file = write("wide.csv", names + "\n" + (row + "\n").repeat(20));

        assertThat(read(file).numbers()).hasSize(columns);
        assertThat(column(file, "c4999")).hasSize(20).containsOnly(4999.5);
        assertThatThrownBy(() -> column(file, "y")).hasMessageContaining("c39 and 4960 more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"km/s/", "s)", "(s", "10**", "log(K)", "mag(AB)", "\"h:m:s\"", "s**(1/2)"})
    void onlyProductsOfPowersAreUnits(String text) {
        assertThat(Unit.parse(text)).isEmpty();
    }

    private static Parameter parameter(String name, String unit) {
        return new Parameter(name, unit, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "");
    }

    private static RowTable read(Path file) throws IOException {
        return read(TableReference.of(file));
    }

    private static RowTable read(TableReference choice) throws IOException {
        return RowTable.read(choice);
    }

    private static double[] column(Path file, String name) throws IOException {
        var points = read(file).columns(List.of(name));
        return IntStream.range(0, (int) points.size())
                .mapToDouble(row -> points.point(row)[0])
                .toArray();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    private Path delimited(String name, String delimiter, String headerBegin, String... before) throws IOException {
        StringBuilder text = new StringBuilder(String.join("", before));
        text.append(headerBegin).append(String.join(delimiter, NAMES)).append('\n');
        for (Object[] row : ROWS) {
            text.append(Arrays.stream(row)
                            .map(cell -> cell instanceof Boolean flag
                                    ? (flag ? "True" : "False")
                                    : cell.toString().matches("[^ ,;\"]*")
                                            ? cell.toString()
                                            : '"' + cell.toString().replace("\"", "\"\"") + '"')
                            .collect(Collectors.joining(delimiter)))
                    .append('\n');
        }
        return write(name, text.toString());
    }

    private static String ecsvHeader(String delimiter) {
        List<String> types = List.of("string", "int64", "float64", "float64", "bool", "string", "string");
        return "# %ECSV 1.0\n# ---\n" + delimiter + "# datatype:\n"
                + IntStream.range(0, types.size())
                        .mapToObj(i -> "# - {name: " + NAMES.get(i) + ", datatype: " + types.get(i) + "}\n")
                        .collect(Collectors.joining());
    }

    private static StarTable table(String name) {
        RowListStarTable table = new RowListStarTable(infos(
                NAMES,
                String.class,
                Long.class,
                Double.class,
                Double.class,
                Boolean.class,
                String.class,
                String.class));
        ROWS.forEach(table::addRow);
        table.setName(name);
        return table;
    }

    private static ColumnInfo[] infos(List<String> names, Class<?>... types) {
        return IntStream.range(0, types.length)
                .mapToObj(i -> new ColumnInfo(names.get(i), types[i], ""))
                .toArray(ColumnInfo[]::new);
    }

    private Path fits(String name, StarTable table) throws IOException {
        Path file = temp.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            new FitsTableWriter().writeStarTable(table, out);
        }
        return file;
    }

    private Path votable(String name) throws IOException {
        return votable(name, table("only"));
    }

    private Path votable(String name, StarTable table) throws IOException {
        Path file = temp.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            new VOTableWriter().writeStarTable(table, out);
        }
        return file;
    }
}
