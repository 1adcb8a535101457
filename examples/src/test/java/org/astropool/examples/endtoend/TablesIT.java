package org.astropool.examples.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of a run open in astropy, and without it. */
class TablesIT {
    /** The one that has Debian's astropy. */
    static final String PYTHON = "/usr/bin/python3";

    private static final Path STRINGS_READER =
            Path.of("src/test/resources/org/astropool/examples/endtoend/read_strings.py");
    private static final Path READER = Path.of("src/test/resources/org/astropool/examples/endtoend/read_run.py");

    @TempDir
    private Path temp;

    /** With a point that is ok, one that failed and one of -infinity; all have a NaN. */
    @Test
    void astropyReadsEveryFormatWithUnitsAndMetadata() throws Exception {
        Needs.astropy();
        Path job = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "tables"
                seed = 7
                [model]
                name = "troublesome"
                fixed = { x = 1.5 }
                [grid]
                trouble = { values = [0, 1, 4] }
                [run]
                allow_failures = 1
                [output]
                directory = "."
                formats = ["ecsv", "fits", "csv", "votable"]
                """);
        Command.astropool("run", job.toString(), "--class-path", Command.TEST_MODELS.toString())
                .run()
                .with(0);

        Command.of(List.of(PYTHON, READER.toAbsolutePath().toString(), temp.toString()))
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts/python").toString())
                .run()
                .with(0);
    }

    /** Cells, labels and descriptions with each character at which a reader might end a line, and many others. */
    @Test
    void astropyReadsStringsWithEveryKindOfCharacterInEveryFormat() throws Exception {
        Needs.astropy();
        Files.copy(STRINGS_READER, temp.resolve("strings.py"));
        Path job = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "strings"
                [model]
                program = ["%s", "strings.py"]
                [parameters]
                number = { label = "a\\u0085b\\u2028c\\u000Bd\\u00FC" }
                [grid]
                number = { from = 0.0, to = 399.0, count = 400 }
                [output]
                directory = "out"
                formats = ["ecsv", "fits", "csv", "votable"]
                """.formatted(PYTHON));
        Command.astropool("run", job.toString()).run().with(0);

        Command.of(List.of(
                        PYTHON,
                        temp.resolve("strings.py").toString(),
                        temp.resolve("out").toString()))
                .with("PYTHONPATH", Command.CHECKOUT.resolve("scripts/python").toString())
                .run()
                .with(0);
    }
}
