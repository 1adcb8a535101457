package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * PBS and LSF, which are not to be had here: commands stand in for theirs that check options as the manuals say, and
 * run scripts on this machine.
 */
class BatchIT {
    private static final Path STAND_INS = Path.of("src/test/sh/batch").toAbsolutePath();

    @TempDir
    private Path temp;

    /** In two jobs, although the job file is changed meanwhile: the copy that was submitted counts. */
    @ParameterizedTest
    @CsvSource({"pbs, 1.server, qsig -s SIGUSR1", "lsf, 1, bkill -s USR1"})
    void aSubmittedJobGoesOnInTheNextOne(String system, String first, String warn) throws Exception {
        Leftovers jobs = new Leftovers();
        Survey survey = Survey.of(temp.resolve("a job"), 500).taking(0.01);
        Path job = survey.copyOfJob("the job.toml");
        Path done = temp.resolve("done");
        Command astropool = with(system, Command.astropool());
        Ended refused = survey.jobOf(astropool.and("submit"), job)
                .and("--" + system, "--cores-per-node", "2", "--account", "wrong")
                .run();
        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("nothing was submitted", "valid");

        String id = survey.jobOf(astropool.and("submit"), job)
                .and("--" + system, "--cores-per-node", "2", "--time", "20 min", "--pool", "threads")
                .and("--notify", "echo $ASTROPOOL_REASON >'" + done + "'")
                .run(jobs)
                .with(0)
                .out()
                .strip();
        Files.writeString(job, "[job]\n");

        assertThat(id).isEqualTo(first);
        List<String> line = new ArrayList<>(List.of(warn.split(" ")));
        line.add(id);
        BatchJobs.afterEvaluations(survey, 50, with(system, Command.of(line)));
        try {
            assertThat(BatchJobs.await(done)).contains("the run is complete");
        } finally {
            System.out.println(BatchJobs.logs(survey.output()));
        }
        survey.assertSameResults();
        assertThat(survey.evaluations()).isEqualTo(survey.points());
        assertThat(BatchJobs.logs(survey.output())).contains("has changed or was removed after it was submitted");
        JsonObject batch = BatchJobs.status(astropool, survey.output()).getObject("batch");
        assertThat(batch.getArray("starts")).hasSize(2);
        assertThat(batch.getBoolean("job_file_changed")).isTrue();
    }

    private Command with(String system, Command command) throws Exception {
        Files.createDirectories(temp.resolve("jobs"));
        return command.with("PATH", STAND_INS.resolve(system) + ":" + System.getenv("PATH"))
                .with("BATCH_JOBS", temp.resolve("jobs").toString());
    }
}
