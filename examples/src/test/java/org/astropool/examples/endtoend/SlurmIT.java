package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.examples.CountedSurvey;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The script of docs/clusters.md, submitted to a Slurm of two nodes on this machine. */
class SlurmIT {
    private static final Path MINI_SLURM = Path.of("src/test/sh/mini-slurm.sh").toAbsolutePath();
    private static final Path NODE_WITH_A_NAME =
            Path.of("src/test/sh/two-nodes").toAbsolutePath();

    @TempDir
    private static Path temp;

    /** Of both nodes. */
    private static final int CORES = 4;

    private static Results serial;
    private static Leftovers daemons;

    @BeforeAll
    static void start() throws Exception {
        Needs.root("make network namespaces");
        Needs.program("sbatch", "slurm-wlm");
        Needs.program("munged", "munge");
        serial = SupernovaGrid.serially(temp);
        daemons = new Leftovers();
        miniSlurm("start").with(0);
    }

    @AfterAll
    static void stop() throws Exception {
        if (daemons != null) {
            Ended stopped = miniSlurm("stop");
            daemons.assertNone(stopped);
        }
    }

    private static Ended miniSlurm(String what) throws IOException, InterruptedException {
        String path = NODE_WITH_A_NAME + ":" + System.getenv("PATH") + ":/usr/sbin";
        return Command.of(List.of(MINI_SLURM.toString(), what, slurm().toString()))
                .with("PATH", path)
                .run(daemons);
    }

    @ParameterizedTest
    @MethodSource("org.astropool.internal.transport.mpi.Mpiexec#all")
    void bothNodesEvaluateTheSameGrid(Mpiexec mpiexec) throws Exception {
        Path output = temp.resolve(mpiexec.requireInstalled().toString());
        Path log = temp.resolve(mpiexec + ".log");
        List<String> words =
                new ArrayList<>(List.of("sbatch", "--wait", "--output=" + log, "scripts/cluster/slurm.sh"));
        words.addAll(List.of(SupernovaGrid.arguments(output)));
        words.addAll(List.of("--master-evaluates", "yes")); // the master is alone on its node
        Command sbatch = Command.of(words)
                .with(mpiexec.environment())
                .with("SLURM_CONF", slurm().resolve("slurm.conf").toString())
                .with("ASTROPOOL_MPIEXEC", mpiexec.toString());

        Results results;
        try {
            results = SupernovaGrid.run(sbatch, output);
        } finally {
            System.out.println(Files.exists(log) ? Files.readString(log) : "no " + log);
        }

        SupernovaGrid.assertSameFrom(results, serial, InetAddress.getLocalHost().getHostName(), "n2");
    }

    /** Also from a folder outside of the checkout: Slurm knows where the script was. */
    @Test
    void modelThatImportsMpi4pyWorksInTheTemplateSubmittedFromAnotherFolder() throws Exception {
        Mpiexec.OPEN_MPI.requireInstalled();
        Needs.mpi4py();
        Path folder = Files.createDirectories(temp.resolve("another folder"));
        Path output = folder.resolve("out");
        Path log = folder.resolve("log");

        Command.of(List.of("sbatch", "--wait", "--output=" + log, "--chdir=" + folder))
                .and(Command.CHECKOUT.resolve("scripts/cluster/slurm.sh").toString())
                .and(ModelWithMpiIT.job(folder).toString(), "--out", output.toString())
                .with(Mpiexec.OPEN_MPI.environment())
                .with("SLURM_CONF", slurm().resolve("slurm.conf").toString())
                .with("ASTROPOOL_MPIEXEC", Mpiexec.OPEN_MPI.toString())
                .run()
                .with(0);

        ModelWithMpiIT.assertIsAlone(output);
        assertThat(log).content().contains("points ok");
    }

    /** Ranks that srun starts without MPI find each other over Hazelcast. */
    @Test
    void srunWithoutMpiEvaluatesTheSameGridOverHazelcast() throws Exception {
        Path output = temp.resolve("srun");

        Results results = SupernovaGrid.run(
                srun(Command.astropool("run")
                        .and(SupernovaGrid.arguments(output))
                        .and("--pool", "hazelcast")),
                output);

        SupernovaGrid.assertSameFrom(results, serial, InetAddress.getLocalHost().getHostName(), "n2");
        assertThat(output.resolve("journal/worker.secret")).doesNotExist();
        assertThat(output.resolve("journal/worker.address")).doesNotExist();
    }

    @Test
    void aRankThatIsKilledUnderSrunCostsOnlyItsPoints() throws Exception {
        Survey survey = Survey.of(temp.resolve("lost"), 1_000).taking(0.01);
        Running running = srun(survey.by(Command.astropool("run")).and("--pool", "hazelcast"))
                .start();
        survey.awaitEvaluations(100, running);

        rank(2, survey.output()).destroyForcibly();

        Ended ended = running.end();
        survey.assertComplete();
        assertThat(ended.err()).contains("is lost");
        assertThat(survey.evaluations() - survey.points()).isBetween(0L, 40L);
    }

    /** The script runs in rank 0, a worker process is killed, and the workers are on both nodes. */
    @Test
    void aScriptInPythonHasTheResultsOfOneMachine() throws Exception {
        Needs.assume(Files.exists(Path.of("/usr/lib/python3/dist-packages/emcee")), "no emcee; install python3-emcee");
        String script = Path.of("src/test/resources/programs/same_anywhere.py")
                .toAbsolutePath()
                .toString();
        Command command = Command.astropool("python", "--python", TablesIT.PYTHON);

        Ended here = command.and(
                        "--pool", "threads", script, temp.resolve("here").toString())
                .run();
        Ended ended = srun(command.and(
                        "--pool", "hazelcast", script, temp.resolve("there").toString()))
                .run();

        assertThat(ended.code()).as(ended.err()).isEqualTo(here.code()).isEqualTo(3); // that of the script
        assertThat(ended.out()).isEqualTo(here.out());
        assertThat(ended.err()).contains("3 workers", "Hazelcast");
        assertThat(temp.resolve("there")).exists();
    }

    /** Each point is a job step of two ranks, which the pool starts by srun. */
    @Test
    void pointsThatAreParallelProgramsGiveTheNumbersOfJava() throws Exception {
        Mpiexec.OPEN_MPI.requireInstalled();
        Needs.program("mpicc.openmpi", "libopenmpi-dev");
        Path external = Command.CHECKOUT.resolve("examples/external");
        Path programs = Files.createDirectories(temp.resolve("programs"));
        for (String file : List.of("Makefile", "supernova-mpi.toml", "supernova-mpi.c", "supernova.c", "supernova.h")) {
            if (Files.exists(external.resolve(file))) {
                Files.copy(external.resolve(file), programs.resolve(file));
            }
        }
        Command.of(List.of("make", "-B", "-C", programs.toString(), "mpi", "MPICC=mpicc.openmpi"))
                .run()
                .with(0);
        String data = PublishedData.folder().toAbsolutePath().toString();
        Path java = temp.resolve("java-5x5");
        Command.astropool(
                        "run",
                        Command.CHECKOUT
                                .resolve("examples/jobs/pantheon2018-binned-wcdm.toml")
                                .toString())
                .and("--out", java.toString())
                .and("--set", "grid.omega_m={from=0.1,to=0.5,count=5}")
                .and("--set", "grid.w={from=-1.6,to=-0.8,count=5}")
                .with("ASTROPOOL_DATA", data)
                .run()
                .with(0);
        Path output = temp.resolve("steps");

        Command.astropool("run", programs.resolve("supernova-mpi.toml").toString(), "--out", output.toString())
                .and("--set", "model.environment={SLURM_MPI_TYPE=\"pmix\"}")
                .after("salloc", "--quiet", "--nodes=2", "--ntasks=4")
                .with(Mpiexec.OPEN_MPI.environment())
                .with("ASTROPOOL_DATA", data)
                .with("SLURM_CONF", slurm().resolve("slurm.conf").toString())
                .run()
                .with(0);

        assertThat(logLikelihoods(output)).hasSize(25).containsExactly(logLikelihoods(java), within(1e-9));
    }

    /** The second job begins where the first one has ended, and evaluates nothing again. */
    @Test
    void aSubmittedJobGoesOnInTheNextAllocation() throws Exception {
        Survey survey = Survey.of(temp.resolve("goes on"), 1_000).taking(0.01);
        // Slurm lets a job wait that it runs again, so that this one is followed by another one
        Command astropool = batch("requeue = false");
        Path done = temp.resolve("goes on/done");
        Ended submitted = survey.jobOf(astropool.and("submit"))
                .and("--nodes", "2", "--time", "00:10:00", "--notify", "echo $ASTROPOOL_REASON >'" + done + "'")
                .run(daemons)
                .with(0);
        String first = submitted.out().strip();

        BatchJobs.afterEvaluations(survey, 100, slurm("scancel", "--batch", "--signal=USR1", first));

        try {
            assertThat(BatchJobs.await(done)).contains("the run is complete");
        } finally {
            System.out.println(BatchJobs.logs(survey.output()));
        }
        survey.assertSameResults();
        assertThat(survey.evaluations()).isEqualTo(survey.points());
        JsonObject batch = BatchJobs.status(astropool, survey.output()).getObject("batch");
        assertThat(batch.getString("end")).isEqualTo("the run is complete");
        assertThat(batch.getArray("jobs")).hasSize(2);
        assertThat(batch.getArray("starts")).hasSize(2);
        double accounted = 0;
        for (Object job : batch.getArray("jobs")) {
            accounted += CORES * seconds(String.valueOf(job));
        }
        assertThat(batch.getDouble("core_hours") * 3600).isCloseTo(accounted, within(2.0 * CORES * 2));
        assertThat(slurm(
                                "sbatch",
                                "--test-only",
                                survey.output().resolve("submit.sh").toString())
                        .run()
                        .with(0)
                        .err())
                .contains("to start at");
    }

    /** The first one lacks a variable that the model needs. */
    @Test
    void nodesThatJoinARunningJobTakePartInItIfTheyCan() throws Exception {
        Survey survey = Survey.of(temp.resolve("joined"), 1_000).taking(0.03);
        Command astropool = batch("whole_nodes = false").with("ASTROPOOL_MPIEXEC", ""); // that of the site
        Path done = temp.resolve("joined/done");
        survey.jobOf(astropool.and("submit"))
                .and("--nodes", "2", "--time", "10", "--pool", "hazelcast", "--master-evaluates", "yes")
                .and("--notify", "echo $ASTROPOOL_REASON >'" + done + "'", "--cpus-per-task=1", "--mem=100")
                .run(daemons)
                .with(0);

        Command join = astropool
                .and("submit", "--join", survey.output().toString(), "--time", "10", "--mem=100")
                .and("--threads", "1", "--class-path", Command.TEST_MODELS.toString());
        BatchJobs.afterEvaluations(survey, 50, join);
        join.and("--array", "1")
                .with(CountedSurvey.VARIABLE, survey.evaluationsFile().toString())
                .run(daemons)
                .with(0);

        try {
            assertThat(BatchJobs.await(done)).contains("the run is complete");
        } finally {
            System.out.println(BatchJobs.logs(survey.output()));
        }
        survey.assertSameResults();
        assertThat(survey.evaluations()).isEqualTo(survey.points());
        JsonObject batch = BatchJobs.status(astropool, survey.output()).getObject("batch");
        assertThat(batch.getArray("joined")).hasSize(2);
        assertThat(survey.results().summary().getArray("workers").stream()
                        .map(worker -> ((JsonObject) worker).getLong("evaluated"))
                        .sorted()
                        .toList())
                .hasSize(4)
                .startsWith(0L)
                .element(1, as(LONG))
                .isPositive();
    }

    @Test
    void aJobThatWaitsSaysWhyAndCanBeCancelled() throws Exception {
        Survey survey = Survey.of(temp.resolve("waits, with blanks"), 1_000);
        Command astropool = batch("options = [\"--hold\"]");
        Ended refused = survey.jobOf(astropool.and("submit"))
                .and("--partition", "paid", "--account", "wrong")
                .run();
        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("nothing was submitted", "sbatch", "Invalid account");

        // Variables of the user: options of submit beat the former; the latter would hide the job.
        String job = survey.jobOf(astropool.and("submit"))
                .with("SBATCH_TIMELIMIT", "7")
                .run()
                .with(0)
                .out()
                .strip();
        Path link = Files.createSymbolicLink(temp.resolve("link"), survey.output());

        assertThat(slurm("squeue", "--noheader", "--jobs=" + job, "--format=%l")
                        .run()
                        .with(0)
                        .out()
                        .strip())
                .isEqualTo("1:00:00");
        assertThat(astropool
                        .and("status", link.toString())
                        .with("SQUEUE_PARTITION", "paid")
                        .run()
                        .with(0)
                        .out())
                .contains(job + " PENDING (JobHeldUser: you have held it");
        assertThat(survey.jobOf(astropool.and("submit")).run().with(2).err())
                .contains("job " + job, "astropool cancel");
        astropool.and("cancel", link.toString()).run().with(0);
        assertThat(astropool
                        .and(
                                "status",
                                "--all",
                                temp.resolve("waits, with blanks").toString())
                        .run()
                        .with(0)
                        .out())
                .contains("not started", job + " ended: cancelled");
    }

    /** Nothing could follow: the batch system has to say what happened. */
    @Test
    void aScriptThatWasKilledIsReportedByStatus() throws Exception {
        Survey survey = Survey.of(temp.resolve("killed script"), 1_000).taking(0.1);
        Command astropool = batch("");
        String job = survey.jobOf(astropool.and("submit"))
                .and("--pool", "threads", "--time", "10 min")
                .run(daemons)
                .with(0)
                .out()
                .strip();
        BatchJobs.afterEvaluations(survey, 5, Command.of(List.of("true")));

        // what the script of another job would call
        Ended second = astropool
                .and("batch", "begin", survey.output().toString(), "--job=999", "--started=1", "--ends=2")
                .run();
        slurm("scancel", "--batch", "--signal=KILL", job).run().with(0);

        assertThat(second.code()).isEqualTo(2);
        assertThat(second.err()).contains("job " + job + " is running the run");
        slurm(
                        "bash",
                        "-c",
                        "until [[ $(squeue --noheader --states=all --jobs=$0 --format=%T) == FAILED ]]; do sleep 0.1; done",
                        job)
                .run()
                .with(0);
        assertThat(astropool
                        .and("status", survey.output().toString())
                        .run()
                        .with(0)
                        .out())
                .contains(
                        job + " ended: FAILED, its script has failed or was killed; see ",
                        "batch-" + job + ".log; astropool submit ... --resume continues the run");
    }

    private static double seconds(String job) throws Exception {
        String shown = slurm("scontrol", "show", "job", job).run().with(0).out();
        Matcher time = Pattern.compile("RunTime=(\\d+):(\\d+):(\\d+)").matcher(shown);
        assertThat(time.find()).as(shown).isTrue();
        return Integer.parseInt(time.group(1)) * 3600
                + Integer.parseInt(time.group(2)) * 60
                + Integer.parseInt(time.group(3));
    }

    private static Command slurm(String... words) {
        return Command.of(List.of(words))
                .with("SLURM_CONF", slurm().resolve("slurm.conf").toString());
    }

    /** With the settings of a site. */
    private static Command batch(String settings) throws Exception {
        Mpiexec.OPEN_MPI.requireInstalled();
        return Command.astropool()
                .with(Mpiexec.OPEN_MPI.environment())
                .with("SLURM_CONF", slurm().resolve("slurm.conf").toString())
                .with("ASTROPOOL_MPIEXEC", Mpiexec.OPEN_MPI.toString())
                .with(
                        "ASTROPOOL_SITE",
                        BatchJobs.site(Files.createTempDirectory(temp, "site"), settings)
                                .toString());
    }

    private static double[] logLikelihoods(Path output) throws IOException {
        return new Results(output)
                .rows("results.ecsv").stream()
                        .mapToDouble(row -> Double.parseDouble(row.split(" ")[3]))
                        .toArray();
    }

    private static Command srun(Command command) {
        return command.after("srun", "--mpi=none", "--nodes=2", "--ntasks=3")
                .with("SLURM_CONF", slurm().resolve("slurm.conf").toString());
    }

    /** The Java process of a rank: Slurm's daemons have started it, not the test. */
    private static ProcessHandle rank(int rank, Path output) {
        return ProcessHandle.allProcesses()
                .filter(process -> read(process, "cmdline").contains(output.toString())
                        && read(process, "cmdline").contains("org.astropool.internal.cli")
                        && read(process, "environ").contains("SLURM_PROCID=" + rank + "\0"))
                .findFirst()
                .orElseThrow();
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static Path slurm() {
        return temp.resolve("slurm");
    }
}
