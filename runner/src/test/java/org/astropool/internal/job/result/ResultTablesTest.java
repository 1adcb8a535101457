package org.astropool.internal.job.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.config.Job.ParameterNote;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.run.InlineEvaluation;
import org.astropool.internal.job.run.SampleModel;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.job.table.TableWriter;
import org.astropool.sampler.Prior;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StarTableFactory;
import uk.ac.starlink.table.Tables;

/** A grid with a NaN, a -infinity, a failed and a skipped point in it, written in every format and read back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResultTablesTest {
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    static Path directory;

    private EvaluationResult result;

    @BeforeAll
    void writeAllFormats() throws Exception {
        EvaluationSpec spec = new EvaluationSpec(
                "yes",
                1,
                "sample",
                List.of(),
                new SampleModel(),
                org.astropool.task.ModelOptions.of(new SampleModel(), Map.of()),
                new Grid(Axis.of("a", 1, 13, 14, 15, 16, 17)),
                Optional.empty(),
                Map.of("b", 1e10),
                Map.of("a", new ParameterNote(Optional.of("\\alpha_é"), Optional.of(new Prior.Flat(0, 20)))));
        result = InlineEvaluation.of(spec);
        ResultTables tables = new ResultTables(result);
        for (TableFormat format : TableFormat.values()) {
            TableWriter.write(tables.results(), format, directory.resolve("results." + format.label()));
        }
        TableWriter.write(tables.failures(), TableFormat.ECSV, directory.resolve("failures.ecsv"));
        TableWriter.write(tables.timings(), TableFormat.FITS, directory.resolve("timings.fits"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"results.ecsv", "results.csv", "failures.ecsv"})
    void tablesOfTextAreTheSameToTheByte(String file) throws IOException {
        assertThat(Files.readString(directory.resolve(file)))
                .isEqualTo(new String(resource("golden/" + file), StandardCharsets.UTF_8));
    }

    @Test
    void fitsDoesNotSayWhenItWasWritten() throws IOException {
        String file = Files.readString(directory.resolve("results.fits"), StandardCharsets.ISO_8859_1);

        assertThat(file).startsWith("SIMPLE  =").contains("TTYPE1  =").doesNotContain("DATE    =");
    }

    @ParameterizedTest
    @EnumSource(
            value = TableFormat.class,
            names = {"ECSV", "FITS", "VOTABLE"})
    void stilReadsTheWrittenValues(TableFormat format) throws Exception {
        StarTable table = Tables.randomTable(new StarTableFactory()
                .makeStarTable(directory.resolve("results." + format.label()).toString()));

        assertThat(table.getRowCount()).isEqualTo(6);
        assertThat(table.getColumnInfo(3).getUnitString()).isEqualTo("km/s");
        assertThat(table.getColumnInfo(3).getDescription()).isEqualTo("a times b");
        assertThat(table.getParameterByName("job").getValue()).isEqualTo("yes");
        assertThat(table.getCell(0, 4)).isEqualTo((1L << 53) + 1);
        assertThat(table.getCell(1, 4)).isNull();
        assertThat(table.getCell(4, 2)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(table.getCell(1, 10)).isEqualTo("failed");
    }

    @Test
    void astropyReadsTheWrittenValues() throws Exception {
        boolean astropy = new ProcessBuilder(PYTHON, "-c", "import astropy")
                        .redirectErrorStream(true)
                        .start()
                        .waitFor()
                == 0;
        // Where everything must run, a missing astropy is a failure.
        assumeTrue(astropy || "true".equals(System.getenv("CI")), "astropy is not installed");

        Process python = new ProcessBuilder(PYTHON, "-", directory.toString())
                .redirectErrorStream(true)
                .start();
        python.getOutputStream().write(resource("read_back.py"));
        python.getOutputStream().close();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(python.waitFor()).as(said).isZero();
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ResultTablesTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
