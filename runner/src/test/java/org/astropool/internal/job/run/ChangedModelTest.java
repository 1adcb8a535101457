package org.astropool.internal.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run whose model changes before it is resumed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChangedModelTest {
    private static final String HELLO =
            "echo '{\"astropool\": 1, \"parameters\": [\"a\"], \"outputs\": [\"log_likelihood\"]%s}'\n";

    @TempDir
    private Path temp;

    private Path folder() {
        return temp.resolve("job");
    }

    private Path file(String name, String text) throws Exception {
        Path file = folder().resolve(name).normalize();
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        if (text.startsWith("#!") || text.startsWith("binary")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return file;
    }

    private Job job(String model) throws Exception {
        return JobFile.read(
                file("job.toml", """
                [job]
                name = "changed"
                [model]
                %s
                [grid]
                a = { from = 0.0, to = 3.0, count = 4 }
                """.formatted(model)),
                List.of(),
                Map.of("OUTSIDE", temp.resolve("outside").toString()));
    }

    private static void begin(Job job) throws Exception {
        try (JobRun run = JobRun.prepare(job, OldResults.KEEP, Map.of())) {
            run.begin();
        }
    }

    private static void resume(Job job, boolean accepts) throws Exception {
        try (JobRun run = JobRun.prepare(job, OldResults.RESUME, accepts, Map.of())) {
            run.begin();
        }
    }

    /** A program that stays and answers nothing: it is asked for its hello alone. */
    private void programs() throws Exception {
        file("hello.sh", HELLO.formatted("") + "cat >/dev/null\n");
        file("runs.sh", "#!/bin/sh\nexec \"$(dirname \"$0\")/inner.sh\" # and log.txt\n");
        file("inner.sh", "#!/bin/sh\n" + HELLO.formatted("") + "cat >/dev/null\n");
        file(
                "declares.sh",
                HELLO.formatted(", \"files\": [\"sub/table.dat\"], \"version\": \"'$(cat version.txt)'\"")
                        + "cat >/dev/null\n");
        file("version.txt", "1");
        file("data.txt", "1 2 3\n");
        file("log.txt", "");
        file("sub/table.dat", "1 2 3\n");
        file("fit.py", "import formula, os\nfrom pkg.sub import constants\n");
        file("formula.py", "def f(x): return x\n");
        file("pkg/__init__.py", "");
        file("pkg/sub/__init__.py", "");
        file("pkg/sub/constants.py", "from . import more\n");
        file("pkg/sub/more.py", "pi = 3\n");
        file("lib/outside.py", "");
        file("away.py", "import away_module\n");
        file("../outside/away_module.py", "");
        file("imports.py", "import outside\n");
        file("bin/fit", "binary\0");
        file("my.jar", "no jar");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            program = ["sh", "hello.sh"]                           | hello.sh            | file hello.sh
            program = ["env", "X=1", "sh", "./hello.sh"]           | hello.sh            | file hello.sh
            program = ["sh", "-c", "exec sh ./hello.sh"]           | hello.sh            | file hello.sh
            program = ["./runs.sh"]                                | runs.sh             | file runs.sh
            program = ["./runs.sh"]                                | inner.sh            | file inner.sh
            program = ["sh", "hello.sh", "--data=data.txt"]        | data.txt            | data file data.txt
            program = ["sh", "hello.sh", "sub/table.dat"]          | sub/table.dat       | data file sub/table.dat
            program = ["sh", "declares.sh"]                        | sub/table.dat       | file sub/table.dat
            program = ["sh", "declares.sh"]                        | version.txt         | version
            command = ["python3", "{job}/fit.py", "{a}"]           | fit.py              | file fit.py
            command = ["python3", "{job}/fit.py", "{a}"]           | formula.py          | file formula.py
            command = ["python3", "{job}/fit.py", "{a}"]           | pkg/sub/__init__.py | file pkg/sub/__init__.py
            command = ["python3", "{job}/fit.py", "{a}"]           | pkg/sub/more.py     | file pkg/sub/more.py
            command = ["env", "PYTHONPATH=lib", "python3", "imports.py", "{a}"] | lib/outside.py | file lib/outside.py
            command = ["env", "PYTHONPATH=${OUTSIDE}", "python3", "{job}/away.py", "{a}"] | ../outside/away_module.py | module away_module.py
            command = ["python3", "-m", "pkg.sub.more", "{a}"]     | pkg/sub/more.py     | file pkg/sub/more.py
            command = ["nice", "-n", "5", "bin/fit", "{a}"]        | bin/fit             | file bin/fit
            command = ["java", "-cp", "x:my.jar", "Fit", "{a}"]    | my.jar              | file my.jar
            """)
    void changedFileOfAProgramIsNamedAndRefused(String model, String changed, String named) throws Exception {
        programs();
        Job job = job(model.startsWith("command") ? model + "\noutputs = { log_likelihood = {} }" : model);
        begin(job);
        resume(job, false);
        Files.writeString(folder().resolve("log.txt"), "more"); // belongs to nobody's formula

        resume(job, false);
        Files.writeString(
                folder().resolve(changed), "# another formula\n" + Files.readString(folder().resolve(changed)));

        if (named.equals("version")) {
            Files.writeString(folder().resolve(changed), "2");
        }
        assertThatThrownBy(() -> resume(job, false))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(named + " was ")
                .hasMessageContaining("--accept-model-changes");
        resume(job, true);
        resume(job, false); // it was accepted
    }

    @Test
    void newModuleBesideAScriptIsRefused() throws Exception {
        file("fit.py", "try:\n    import fast\nexcept ImportError:\n    pass\n");
        Job job = job("command = [\"python3\", \"fit.py\", \"{a}\"]\noutputs = { log_likelihood = {} }");
        begin(job);
        file("fast.py", "");

        assertThatThrownBy(() -> resume(job, false)).hasMessageContaining("file fast.py was not part of it");
    }

    @Test
    void fileThatTheProgramWritesIsNotReportedAsAChange() throws Exception {
        file("fit.py", "");
        Job job = job("command = [\"python3\", \"fit.py\", \"{a}\", \"out.txt\"]\noutputs = { log_likelihood = {} }");
        begin(job);
        file("out.txt", "1.5");

        resume(job, false);
    }

    @Test
    void pipeAndFolderAreNotRead() throws Exception {
        Path pipe = temp.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Job job = job("command = [\"cat\", \"" + pipe
                + "\", \"/dev/zero\", \".\", \"{a}\"]\noutputs = { log_likelihood = {} }");

        begin(job);
        resume(job, false);
    }

    @Test
    void changedClassesAreNamedAndRefused() throws Exception {
        file("classes/some/Helper.class", "one");
        Job job = job("name = \"org.astropool.internal.job.run.CountingModel\"\nclass_path = [\"classes\"]");
        begin(job);
        resume(job, false);
        file("classes/some/Helper.class", "two");

        assertThatThrownBy(() -> resume(job, false)).hasMessageContaining("class path classes/some/Helper.class was");
        resume(job, true);
    }

    @Test
    void changedWordsAreAcceptedOnRequestButOtherPointsAreNot() throws Exception {
        programs();
        begin(job("program = [\"sh\", \"hello.sh\"]"));
        Job other = job("program = [\"sh\", \"inner.sh\"]");
        Job longer = job("program = [\"sh\", \"inner.sh\"]\nfixed = { }\n[parameters]\na = { label = \"A\" }");

        assertThatThrownBy(() -> resume(other, false)).isInstanceOf(JobException.class);
        assertThatThrownBy(() -> resume(longer, true)).hasMessageContaining("parameters.a.label");
        resume(other, true);
        resume(other, false);
        assertThatThrownBy(() -> resume(job("program = [\"sh\", \"hello.sh\"]"), false))
                .hasMessageContaining("file inner.sh was");
    }

    @Test
    void acceptedChangeIsInSummaryAndTables() throws Exception {
        file("model.sh", "#!/bin/sh\n[ $1 = 0.0 ] && exit 1; echo -1\n");
        Job job = job("command = [\"./model.sh\", \"{a}\"]\noutputs = { log_likelihood = {} }");
        try (Pool pool =
                Pool.open(PoolOptions.builder().carrier(CarrierKind.SERIAL).build())) {
            run(job, OldResults.KEEP, false, pool);
            file("model.sh", "#!/bin/sh\necho -2\n");
            assertThatThrownBy(() -> run(job, OldResults.RETRY_FAILED, false, pool))
                    .hasMessageContaining("file model.sh was");
            Written written = run(job, OldResults.RETRY_FAILED, true, pool);

            assertThat(written.summary().toString()).contains("\"model_changes\":[\"file model.sh was SHA-256 ");
            assertThat(Files.readString(folder().resolve("out/changed/results.ecsv")))
                    .contains("mchange1: \"file model.sh was SHA-256 ", "\n0 0.0 -2.0 ok", "\n1 1.0 -1.0 ok");
        }
    }

    @Test
    void recordWithoutDigestsIsResumedWithAWarning() throws Exception {
        programs();
        Job job = job("program = [\"sh\", \"hello.sh\"]");
        begin(job);
        Path record = folder().resolve("out/changed/journal/job.json");
        String old = Files.readString(record).replace("\"model_digests\"", "\"outcomes_then\"");
        Files.writeString(record, old);

        try (JobRun run = JobRun.prepare(job, OldResults.RESUME, Map.of())) {
            assertThat(run.reports()).anyMatch(report -> report.contains("recorded no digests"));
        }
    }

    private static Written run(Job job, OldResults old, boolean accepts, Pool pool) throws Exception {
        try (JobRun run = JobRun.prepare(job, old, accepts, Map.of())) {
            run.begin();
            return run.write(run.evaluate(pool, new RunCancellation(), progress -> {}), "test");
        }
    }

    @Test
    void commandThatIsEditedDuringTheRunFailsItsPoints() throws Exception {
        file("model.sh", "echo $1\n[ $1 != 1.0 ] || echo '# edited' >>$2\n");
        String words = "[\"sh\", \"{job}/model.sh\", \"{a}\", \"" + folder().resolve("model.sh") + "\"]";
        Job job = job("command = " + words + "\noutputs = { log_likelihood = {} }");
        try (Pool pool =
                Pool.open(PoolOptions.builder().carrier(CarrierKind.SERIAL).build())) {
            Written written = run(job, OldResults.KEEP, false, pool);

            assertThat(written.run().result().count(PointStatus.OK)).isEqualTo(2);
            assertThat(written.run().result().failures())
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure.reason()).contains("file model.sh is SHA-256"));
        }
    }

    @Test
    void workerWithOtherDataThanTheMasterRefusesTheModel() throws Exception {
        file("classes/some/Helper.class", "one");
        EvaluationSpec spec = EvaluationSpec.of(
                job("name = \"org.astropool.internal.job.run.CountingModel\"\nclass_path = [\"classes\"]"));
        assertThat(InlineEvaluation.of(spec).count(PointStatus.OK)).isEqualTo(4);
        file("classes/some/Helper.class", "two");

        assertThat(InlineEvaluation.of(spec).failures())
                .hasSize(4)
                .allSatisfy(failure -> assertThat(failure.reason())
                        .contains("is not that of the master: class path classes/some/Helper.class is SHA-256"));
    }

    @Test
    void programThatIsEditedDuringTheRunFailsItsPoints() throws Exception {
        file(
                "model.sh",
                HELLO.formatted("") + "read -r line; echo '{\"results\": [[-1]]}'; echo '# edited' >>model.sh\n");
        Job job = job("program = [\"sh\", \"model.sh\"]"); // it ends after each point
        try (Pool pool =
                Pool.open(PoolOptions.builder().carrier(CarrierKind.SERIAL).build())) {
            Written written = run(job, OldResults.KEEP, false, pool);

            assertThat(written.run().result().count(PointStatus.OK)).isEqualTo(1);
            assertThat(written.run().result().failures())
                    .hasSize(3)
                    .filteredOn(failure -> failure.index() > 1) // at 1 the program may be about to end
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure.reason()).contains("file model.sh is SHA-256"));
        }
    }
}
