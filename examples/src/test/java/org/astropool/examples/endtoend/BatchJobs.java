package org.astropool.examples.endtoend;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.astropool.examples.endtoend.Command.Ended;

/** What tests do with jobs of a batch system. Stateless. */
final class BatchJobs {
    private BatchJobs() {}

    /** Settings of a site, for ASTROPOOL_SITE. */
    static Path site(Path folder, String settings) throws Exception {
        return Files.writeString(Files.createDirectories(folder).resolve("site.toml"), settings);
    }

    /** A command line of the batch system, as the user types it, once a run has evaluated so many points. */
    static void afterEvaluations(Survey survey, long count, Command line) throws Exception {
        afterEvaluations(survey.evaluationsFile(), count, line);
    }

    /** The same with a file that grows by a byte with each evaluation. */
    static void afterEvaluations(Path file, long count, Command line) throws Exception {
        line.after(
                        "bash",
                        "-c",
                        "until (($(stat --format=%s \"$0\" 2>/dev/null || echo 0) >= " + count
                                + ")); do sleep 0.05; done; exec \"$@\"",
                        file.toString())
                .run()
                .with(0);
    }

    /** Waits for a file, such as the one that the command of --notify writes. */
    static String await(Path file) throws Exception {
        Command.of(List.of("bash", "-c", "until [[ -s $0 ]]; do sleep 0.05; done", file.toString()))
                .run()
                .with(0);
        return Files.readString(file);
    }

    static JsonObject status(Command astropool, Path directory) throws Exception {
        Ended ended =
                astropool.and("status", "--json", directory.toString()).run().with(0);
        return JsonParser.object().from(ended.out());
    }

    /** The logs of all jobs of a run. */
    static String logs(Path directory) throws Exception {
        StringBuilder text = new StringBuilder();
        try (var files = Files.newDirectoryStream(directory, "batch-*.log")) {
            for (Path file : files) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
