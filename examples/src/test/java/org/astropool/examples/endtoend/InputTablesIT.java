package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.examples.supernova.PublishedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of others as points: from astropy, from spreadsheets, from catalogues. */
class InputTablesIT {
    private static final Path WRITER = Path.of("src/test/resources/org/astropool/examples/endtoend/write_tables.py")
            .toAbsolutePath();
    private static final String JOB = """
            job.name = "rows"
            model.name = "gaussian"
            [points]
            file = "table.csv"
            labels = ["name", "id", "seen", "mass"]
            """;

    @TempDir
    private Path temp;

    /** Small tables that are beside the data sets on some machines. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            bom.csv              |                                             | 0 a 0.1 1.0
            comment-header.csv   |                                             | 0 a 0.1 1.0
            data-mask.ecsv       |                                             | 0 a 0.1 1.0
            qtable.ecsv          |                                             | 0 a 0.1 1.0
            short-decimals.csv   |                                             | 0 a 0.1 1.0
            catalogue-names.ecsv | points.labels=["[Fe/H]","host mass","_RAJ2000","index"] | 0 0.1 10.1 1.0 7 0.1 1.0
            minutes.ecsv         | model.name="sleep"                          | 0 a 3.0
            """)
    void tablesOfTheCasesAreRead(String file, String setting, String row) throws Exception {
        Path cases = PublishedData.folder().resolveSibling("cases/tables");
        assumeTrue(Files.isDirectory(cases), "no folder " + cases);
        for (String name : List.of(file, "rows.toml")) {
            Files.copy(cases.resolve(name), temp.resolve(name));
        }
        Command run = run(temp.resolve("rows.toml"), "--set", "points.file=\"" + file + "\"");

        (setting == null ? run : run.and("--set", setting)).run().with(0);

        assertThat(rows().get(0)).startsWith(row + " ");
        if (file.equals("short-decimals.csv")) {
            assertThat(rows().get(2)).startsWith("2 c 55902.2 0.3 ");
        }
    }

    @Test
    void theSameTableOfAstropyInEachFormatGivesTheSameBytes() throws Exception {
        Needs.astropy();
        Command.of(List.of(TablesIT.PYTHON, WRITER.toString(), temp.toString()))
                .run()
                .with(0);
        Path job = Files.writeString(temp.resolve("job.toml"), JOB);

        List<String> files;
        try (Stream<Path> all = Files.list(temp.resolve("tables"))) {
            files = all.map(file -> "tables/" + file.getFileName()).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(8);
        String expected = null;
        for (String file : files) {
            run(job, "--set", "points.file=\"" + file + "\"", "--overwrite")
                    .run()
                    .with(0);
            String results = Files.readString(temp.resolve("out/results.ecsv"));
            if (expected == null) {
                expected = results;
                assertThat(rows().get(0)).startsWith("0 00123 9007199254740993 True 10.5 0.1 1.0 ");
                assertThat(rows().get(1)).startsWith("1 2005e1 2 False \"\" 55902.2 2.5 ");
            }
            assertThat(results).as(file).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            table.csv     | name,x1,x2\\na,0.1,high\\n  | table.csv: row 1 has no number in column x2: it is "high"
            table.csv     | ~~                          | table.csv cannot be read as a table: it is empty
            folder/a.csv  | name,x1,x2\\na,1,2\\n       | folder is a folder
            table#1.fits  | SIMPLE  =                    | table#1.fits cannot be read as a table
            table.txt     | x1 x2\\n1 2\\n               | has no column name; it has x1, x2
            """)
    void whatCannotBeReadIsRefusedWithTheFile(String file, String text, String problem) throws Exception {
        Path table = temp.resolve(file);
        Files.createDirectories(table.getParent());
        Files.writeString(table, text.translateEscapes());
        Path job = Files.writeString(temp.resolve("job.toml"), JOB.replaceFirst("labels.*", "labels = [\"name\"]"));
        String named = file.contains("/") ? file.substring(0, file.indexOf('/')) : file;

        Ended ended = run(job, "--set", "points.file=\"" + named + "\"").run().with(2);

        assertThat(ended.err()).contains(problem).doesNotContain("defect", "\tat ");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void aCommandTakesTheColumnsThatItAsksFor() throws Exception {
        Files.writeString(temp.resolve("table.csv"), """
                name,[Fe/H],host mass,x,status,empty
                a,0.1,10.5,0.5,ok,
                b,0.2,9.5,1.5,ok,3
                """);
        Path job = Files.writeString(temp.resolve("job.toml"), """
                job.name = "rows"
                [model]
                command = ["echo", "{x}"]
                outputs = { half = { scale = 0.5 } }
                [points]
                file = "table.csv"
                labels = ["[Fe/H]", "status"]
                """);

        run(job).run().with(0);

        assertThat(rows()).containsExactly("0 0.1 ok 0.5 0.25 ok", "1 0.2 ok 1.5 0.75 ok");
    }

    @Test
    void aSurveyGoesOnWithoutTheFileThatCannotBeRead() throws Exception {
        StringBuilder text = new StringBuilder("""
                SNID: WHO
                REDSHIFT_FINAL: 0.03
                SEARCH_PEAKMJD: 53265
                VARNAMES: MJD BAND FLUXCAL FLUXCALERR
                """);
        for (int day = -10; day <= 30; day += 2) {
            double flux = 1000 * Math.exp(-day / 20.0) / (1 + Math.exp(-day / 4.0));
            text.append("OBS: ").append(53265 + day).append(" g ").append(flux).append(" 20\n");
        }
        Path survey = Files.createDirectory(temp.resolve("survey"));
        Files.writeString(survey.resolve("a.txt"), text.toString().replace("WHO", "a"));
        Files.writeString(
                survey.resolve("b.txt"), text.toString().replace("WHO", "b").replace("BAND", "NOTHING"));
        Path job = Files.writeString(temp.resolve("job.toml"), """
                job.name = "survey"
                model.name = "bazin-light-curve"
                model.options = { data = ".", survey = "survey", bands = "g" }
                [tasks]
                """);

        Ended ended = run(job).run().with(0);

        assertThat(ended.err()).contains("b.txt, line 4: VARNAMES has no FLT or BAND or FILTER");
        assertThat(rows()).hasSize(1).allSatisfy(row -> assertThat(row).startsWith("0 a g "));
    }

    private Command run(Path job, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "run", job.toString(), "--out", temp.resolve("out").toString(), "--pool", "threads", "--workers", "1"));
        words.addAll(List.of(options));
        return Command.astropool(words.toArray(String[]::new));
    }

    /** Without the header. */
    private List<String> rows() throws IOException {
        return Files.readAllLines(temp.resolve("out/results.ecsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .skip(1)
                .toList();
    }
}
