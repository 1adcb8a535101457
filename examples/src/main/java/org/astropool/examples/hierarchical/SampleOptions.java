package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;

/** The options that say which supernovae are fitted, and in which universe; shared by the models of this package. */
final class SampleOptions {
    private static final String SAMPLE = "sample";
    private static final String DATA = "data";
    private static final String TABLE = "table";
    private static final String SUPERNOVAE = "supernovae";

    private SampleOptions() {}

    /** The declarations. */
    static List<ModelOption> all() {
        List<ModelOption> options = new ArrayList<>();
        options.add(new ModelOption(
                SAMPLE,
                ModelOption.Type.STRING,
                "jla",
                SampleKind.labels(),
                "which supernovae: those of JLA, or a table of csp-supernovae"));
        options.add(new ModelOption(
                DATA, ModelOption.Type.PATH, "../data", List.of(), "the folder that holds the data sets' folders"));
        options.add(new ModelOption(
                TABLE, ModelOption.Type.PATH, "", List.of(), "for light-curves: the table that csp-supernovae wrote"));
        options.add(new ModelOption(
                SUPERNOVAE,
                ModelOption.Type.STRING,
                "",
                List.of(),
                "only these, by name, between commas or blanks; all where it is empty"));
        options.addAll(UniverseOptions.all());
        return options;
    }

    /** @throws OptionException when the options do not go together */
    static SampleKind kind(ModelOptions options) {
        SampleKind kind = SampleKind.of(options.string(SAMPLE));
        if (kind == SampleKind.LIGHT_CURVES && options.string(TABLE).isEmpty()) {
            throw new OptionException(TABLE, TABLE + " must be given when " + SAMPLE + " is light-curves");
        }
        return kind;
    }

    static List<Path> files(ModelOptions options) {
        return List.of(
                switch (kind(options)) {
                    case JLA -> JlaSample.file(options.path(DATA));
                    case LIGHT_CURVES -> options.path(TABLE);
                });
    }

    /** The names in the option {@code supernovae}; empty for all. */
    static List<String> chosen(ModelOptions options) {
        return Stream.of(options.string(SUPERNOVAE).split("[,\\s]+"))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** @throws DataFileException when the file is missing or malformed, or has not a supernova that is asked for */
    static Sample read(ModelOptions options) throws IOException {
        Path file = files(options).get(0);
        Sample sample = switch (kind(options)) {
            case JLA -> JlaSample.read(file);
            case LIGHT_CURVES -> LightCurveSample.read(file);
        };
        try {
            return chosen(options).isEmpty() ? sample : sample.only(chosen(options));
        } catch (IllegalArgumentException e) {
            throw new DataFileException(file, e.getMessage() + "; see the option " + SUPERNOVAE);
        }
    }
}
