package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.Test;
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

    /** The first start withdraws the failures, and those that fail again are not evaluated a third time. */
    @Test
    void failedPointsAreEvaluatedOnceMoreHoweverManyStartsThatTakes() throws Exception {
        Leftovers jobs = new Leftovers();
        Path evaluations = temp.resolve("evaluations");
        Path done = temp.resolve("done");
        Path settings = temp.resolve("settings");
        Path job = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "retries"
                [model]
                command = ["sh", "-c", ". $ASTROPOOL_JOB_DIRECTORY/settings; printf . >>$ASTROPOOL_JOB_DIRECTORY/evaluations; sleep $time; [ $${1%.*} -ge $bad ] && echo $1", "sh", "{x}"]
                outputs = { y = {} }
                [grid]
                x = { from = 0, to = 99, count = 100 }
                [run]
                allow_failures = "100%"
                """);
        Command astropool = with("pbs", Command.astropool());
        Files.writeString(settings, "time=0 bad=60");
        astropool
                .and("run", job.toString(), "--workers", "4")
                .run(new Leftovers()) // the folders of the points that failed
                .with(0);
        Files.delete(evaluations);

        Files.writeString(settings, "time=0.1 bad=10");
        astropool
                .and("submit", job.toString(), "--pbs", "--cores-per-node", "2", "--time", "20 min")
                .and("--pool", "threads", "--threads", "1", "--retry-failed", "--notify", "echo end >'" + done + "'")
                .run(jobs)
                .with(0);
        BatchJobs.afterEvaluations(
                evaluations, 20, with("pbs", Command.of(List.of("qsig", "-s", "SIGUSR1", "1.server"))));
        try {
            BatchJobs.await(done);
        } finally {
            System.out.println(BatchJobs.logs(temp.resolve("out/retries")));
        }
        assertThat(Files.size(evaluations)).isEqualTo(60 + 2); // each start tries the first point
        JsonObject status = BatchJobs.status(astropool, temp.resolve("out/retries"));
        assertThat(status.getInt("failed")).isEqualTo(10);
        assertThat(status.getInt("ok")).isEqualTo(90);
        assertThat(status.getObject("batch").getArray("starts")).hasSize(2);
    }

    private Command with(String system, Command command) throws Exception {
        Files.createDirectories(temp.resolve("jobs"));
        return command.with("PATH", STAND_INS.resolve(system) + ":" + System.getenv("PATH"))
                .with("BATCH_JOBS", temp.resolve("jobs").toString());
    }
}
