package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Setting;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.table.RowTable;
import org.astropool.internal.job.table.TableReference;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose points are the rows of a table, or tasks that the model lists. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RowsAndTasksTest {
    private static final String ROWS = """
            [job]
            name = "rows"
            [model]
            name = "sample"
            [points]
            file = "points.csv"
            labels = ["name", "night"]
            """;
    private static final String TASKS = """
            [job]
            name = "letters"
            [model]
            name = "org.astropool.internal.job.run.ListingModel"
            options = { word = "quaxie" }
            fixed = { shift = 0.5 }
            [tasks]
            """;

    @TempDir
    private Path temp;

    private JobRun prepared(String toml, OldResults old, String... settings) throws Exception {
        Path file = Files.writeString(temp.resolve("job.toml"), toml);
        List<Setting> all = new java.util.ArrayList<>();
        for (String setting : settings) {
            all.add(Setting.parse(setting));
        }
        return JobRun.prepare(JobFile.read(file, all, Map.of()), old, Map.of());
    }

    private Written run(JobRun run) throws Exception {
        try (run;
                Pool pool = Pool.open(PoolOptions.builder()
                        .carrier(CarrierKind.THREADS)
                        .workers(2)
                        .build())) {
            run.begin();
            return run.write(run.evaluate(pool, new RunCancellation(), progress -> {}), "threads");
        }
    }

    private List<String> rows(String job) throws Exception {
        return Files.readAllLines(temp.resolve("out").resolve(job).resolve("results.csv"));
    }

    @Test
    void rowsOfATableAreEvaluatedInOrderAndKeepTheirNames() throws Exception {
        Files.writeString(temp.resolve("points.csv"), "name,b,night,mag,a\nfirst,2,17,0.1,1\nsecond,3,18,0.2,15\n");

        Written written = run(prepared(ROWS, OldResults.KEEP, "output.formats=[\"csv\"]"));

        assertThat(rows("rows").get(0)).startsWith("index,name,night,a,b,log_likelihood,");
        assertThat(rows("rows").get(1))
                .startsWith("0,first,17,1.0,2.0,-2.5,2.0,")
                .endsWith(",ok");
        assertThat(rows("rows").get(2)).startsWith("1,second,18,15.0,3.0,").endsWith(",skipped");
        assertThat(written.summary().toString()).contains("\"marginals\":null", "\"log_evidence\":null", "\"a\":1.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a,b\\n1,\\n2,3\\n         | job.toml line 5: FILE: row 1 has no number in column b
            a,b\\n                   | job.toml line 5: FILE has no rows
            a,b\\n1,two\\n            | job.toml line 5: FILE: row 1 has no number in column b: it is "two"
            a,c\\n1,2\\n             | parameter "b" of model sample has no value; give it a column in the table of [points]
            a,b\\n1,2\\n             | FILE has no column name; it has a, b
            """)
    void aTableThatDoesNotFitIsNamed(String text, String problem) throws Exception {
        Path table = Files.writeString(temp.resolve("points.csv"), text.replace("\\n", "\n"));
        String job = problem.contains("column name") ? ROWS : ROWS.replaceAll("labels.*", "");

        assertThatThrownBy(() -> prepared(job, OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(problem.replace("FILE", table.toString()));
    }

    @Test
    void columnsWithNamesOfCataloguesAreCopied() throws Exception {
        Files.writeString(
                temp.resolve("points.csv"),
                "[Fe/H],host mass,_RAJ2000,index,Status,a,Word,log_likelihood,\u03b1,e\n0.1,10.1,1.5,7,ok,1,w,-3,x,\n");
        String labels = "points.labels=['[Fe/H]', 'host mass', '_RAJ2000', 'index', 'Status', 'a', 'Word',"
                + " 'log_likelihood', '\u03b1', 'e']";

        run(prepared(
                ROWS,
                OldResults.KEEP,
                labels,
                "model.fixed.b=2.0",
                "output.formats=['csv', 'ecsv', 'fits', 'votable']"));

        assertThat(rows("rows").get(0))
                .startsWith("index,[Fe/H],host mass,_RAJ2000,input_index,input_Status,input_a,input_Word,"
                        + "input_log_likelihood,\u03b1,e,a,log_likelihood,product,")
                .endsWith(",word,pair,status");
        assertThat(rows("rows").get(1)).startsWith("0,0.1,10.1,1.5,7,ok,1,w,-3,x,,1.0,-2.5,2.0,");
        Path ecsv = temp.resolve("out/rows/results.ecsv");
        assertThat(RowTable.read(TableReference.of(ecsv))
                        .labels(List.of("[Fe/H]", "host mass"))
                        .values(0))
                .containsExactly(0.1, 10.1);
    }

    @Test
    void resultsOfAnEarlierRunAreReadAsPointsInEachFormat() throws Exception {
        Files.writeString(temp.resolve("points.csv"), "name,b,night,a\nfirst,2,17,0.1\nsecond,3,18,15\n");
        run(prepared(ROWS, OldResults.KEEP, "output.formats=['csv', 'ecsv', 'fits', 'votable']"));

        List<String> expected = null;
        for (String format : List.of("csv", "ecsv", "fits", "votable")) {
            run(prepared(
                    ROWS.replace("\"rows\"", "\"again\""),
                    OldResults.OVERWRITE,
                    "points.file=\"out/rows/results." + format + "\"",
                    "points.labels=['index', 'name', 'night', 'product', 'good', 'steps', 'status']",
                    "output.formats=['csv']"));
            if (expected == null) {
                expected = rows("again");
                assertThat(expected.get(0)).startsWith("index,input_index,name,night,input_product,");
                assertThat(expected.get(2)).startsWith("1,1,second,18,,");
            }
            assertThat(rows("again")).as(format).isEqualTo(expected);
        }
    }

    @Test
    void aColumnInAnotherUnitIsRefusedBeforeTheRun() throws Exception {
        Path table = Files.writeString(temp.resolve("points.ecsv"), """
                # %ECSV 1.0
                # ---
                # datatype:
                # - {name: a, unit: km, datatype: float64}
                # - {name: b, unit: '%', datatype: float64}
                a b
                1 50
                """);
        String job = ROWS.replace("points.csv", "points.ecsv").replaceAll("labels.*", "");

        assertThatThrownBy(() -> prepared(job, OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("job.toml line 5: " + table + ": column a is in km, the parameter is in mag");

        Files.writeString(table, Files.readString(table).replace("unit: km", "unit: mmag"));
        run(prepared(job, OldResults.KEEP, "output.formats=['csv']"));
        assertThat(rows("rows").get(1)).startsWith("0,0.001,0.5,");
    }

    @Test
    void formatAndExtensionMayChangeInAResume() throws Exception {
        Files.writeString(temp.resolve("points.out"), "a,b,name,night\n1,2,x,3\n");
        String job = ROWS.replace("points.csv\"", "points.out\"\nformat = \"csv\"");
        run(prepared(job, OldResults.KEEP, "output.formats=['csv']"));
        Files.delete(temp.resolve("out/rows/summary.json"));

        assertThat(run(prepared(ROWS.replace("points.csv", "points.out"), OldResults.RESUME, "output.formats=['csv']"))
                        .run()
                        .evaluated())
                .isZero();
        assertThat(RunReader.of(temp.resolve("out/rows")).status().finished()).isEqualTo(1);
        assertThatThrownBy(() -> prepared(job.replace("\"csv\"", "\"cvs\""), OldResults.OVERWRITE))
                .hasMessageContaining("format \"cvs\" is not one of text, csv, tsv, ecsv");
        assertThatThrownBy(() -> prepared(job.replace("format = \"csv\"", "extension = 1.5"), OldResults.OVERWRITE))
                .hasMessageContaining("points.extension is 1.5, it must be the name or the number of a table");
    }

    @Test
    void aMissingTableIsNamed() {
        assertThatThrownBy(() -> prepared(ROWS, OldResults.KEEP))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("job.toml line 5: ")
                .hasMessageContaining("points.csv does not exist");
    }

    @Test
    void tasksOfTheModelCarryItsLabels() throws Exception {
        Written written = run(prepared(TASKS, OldResults.KEEP, "output.formats=[\"csv\"]"));

        assertThat(rows("letters"))
                .containsExactly(
                        "index,letter,place,upper,code,status",
                        "0,q,0,Q,113.5,ok",
                        "1,u,1,U,117.5,ok",
                        "2,a,2,A,97.5,ok",
                        "3,x,3,,,skipped",
                        "4,i,4,I,105.5,ok",
                        "5,e,5,E,101.5,ok");
        assertThat(written.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(temp.resolve("out/letters/failures.ecsv")))
                .contains("x 3 skipped \"there is no x here\"");
    }

    @Test
    void aModelWithoutTasksIsReportedWithTheNextStep() {
        assertThatThrownBy(() -> prepared(TASKS.replace("quaxie", ""), OldResults.KEEP))
                .hasMessageContaining("job.toml line 7: model listing lists 0 tasks");
        assertThatThrownBy(() -> prepared(
                        ROWS.replace("[points]", "[tasks]").replaceAll("file.*|labels.*", ""), OldResults.KEEP))
                .hasMessageContaining("model sample lists no tasks; give it the rows of a table");
    }

    @Test
    void aRunIsResumedAndReadWithoutItsJobFile() throws Exception {
        run(prepared(TASKS, OldResults.KEEP));
        Files.delete(temp.resolve("out/letters/summary.json"));
        Files.delete(temp.resolve("job.toml"));

        RunStatus status = RunReader.of(temp.resolve("out/letters")).status();
        assertThat(status.finished()).isEqualTo(6);
        RunReader.of(temp.resolve("out/letters")).writeTable(temp.resolve("so-far.ecsv"));
        assertThat(temp.resolve("so-far.ecsv"))
                .hasSameBinaryContentAs(temp.resolve("out/letters").resolve("results.ecsv"));

        Written again = run(prepared(TASKS, OldResults.RESUME));
        assertThat(again.run().evaluated()).isZero();
        assertThatThrownBy(() -> prepared(TASKS.replace("quaxie", "quaxi"), OldResults.RESUME))
                .hasMessageContaining("model.options.word was quaxie, it is quaxi");
    }

    @Test
    void timingsOfAnotherRunDetermineTheOrder() throws Exception {
        run(prepared(TASKS, OldResults.KEEP));
        JobRun measured = prepared(TASKS, OldResults.OVERWRITE);
        measured.costsFrom(temp.resolve("out/letters"));

        assertThat(run(measured).exitCode()).isEqualTo(ExitCode.OK);
        try (JobRun other = prepared(TASKS.replace("quaxie", "qu"), OldResults.OVERWRITE)) {
            assertThatThrownBy(() -> other.costsFrom(temp.resolve("out/letters")))
                    .hasMessageContaining("this run has 2 points; name a run of the same points");
            assertThatThrownBy(() -> other.costsFrom(temp)).hasMessageContaining("there is no timings.fits");
        }
    }
}
