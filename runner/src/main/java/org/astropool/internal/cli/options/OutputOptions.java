package org.astropool.internal.cli.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The output directory of a run, and its seed. */
public final class OutputOptions {
    @Option(names = "--out", paramLabel = "DIR", description = "The output directory, instead of the job file's.")
    private @Nullable Path out;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random streams, instead of the job file's.")
    private @Nullable Long seed;

    /**
     * The keys of the job file that these options replace.
     *
     * @throws JobException when --out is empty
     */
    public List<Setting> settings() throws JobException {
        List<Setting> all = new ArrayList<>();
        if (seed != null) {
            all.add(new Setting("--seed", "job.seed", seed.toString()));
        }
        if (out != null) {
            if (out.toString().isBlank()) {
                throw new JobException("--out is empty; name a folder, or leave the option out");
            }
            all.add(Setting.ofString(
                    "--out", "output.directory", out.toAbsolutePath().toString()));
        }
        return all;
    }

    /** Whether none of them is given. */
    boolean areDefault() {
        return out == null && seed == null;
    }

    /** The seed as words of a command. */
    List<String> seed() {
        return seed == null ? List.of() : List.of("--seed", seed.toString());
    }
}
