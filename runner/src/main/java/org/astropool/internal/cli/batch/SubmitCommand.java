package org.astropool.internal.cli.batch;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.astropool.internal.batch.BatchLimits;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.batch.BatchRequest;
import org.astropool.internal.batch.BatchScript;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.JobState;
import org.astropool.internal.batch.ShellWord;
import org.astropool.internal.batch.SiteSettings;
import org.astropool.internal.cli.options.BatchTimeConverter;
import org.astropool.internal.cli.options.JobArguments;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.Setting;
import org.astropool.internal.job.run.JobRun;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.model.FileDigest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Submits a job to the batch system. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Submits a job file to Slurm, PBS or LSF; the job goes on in further allocations until it is complete.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool submit job.toml --nodes 4 --time 2h",
            "  astropool submit job.toml --nodes 4 --time 01:00:00 --max-core-hours 500 --account p1234",
            "  astropool submit job.toml --time 2h -- --qos=long --constraint=amd    options of sbatch",
            "  astropool submit job.toml --script-only                               writes the script and stops",
            "  astropool status DIR; astropool cancel DIR",
            "",
            "Other options are passed on to sbatch, qsub or bsub. What is always the same at a site is in",
            "~/.config/astropool/site.toml (docs/clusters.md)."
        })
public final class SubmitCommand implements Callable<Integer> {
    /** Variables of astropool that a job needs as its user has them. */
    private static final List<String> OURS = List.of(
            "ASTROPOOL_CLASS_PATH",
            "ASTROPOOL_DATA",
            "ASTROPOOL_JAVA",
            "ASTROPOOL_JAVA_OPTS",
            "ASTROPOOL_LEASE",
            "ASTROPOOL_MPI_LIBRARY",
            "ASTROPOOL_PYTHON");

    private static final String JAVA_HOME = "JAVA_HOME";
    private static final Duration DEFAULT_TIME = Duration.ofHours(1);

    @Mixin
    private JobArguments arguments;

    /** Which batch system. */
    static final class Systems {
        @Option(names = "--slurm", description = "The batch system. Default: the one whose commands are found.")
        private boolean slurm;

        @Option(names = "--pbs")
        private boolean pbs;

        @Option(names = "--lsf")
        private boolean lsf;

        String name() {
            return slurm ? "slurm" : pbs ? "pbs" : lsf ? "lsf" : "";
        }
    }

    @ArgGroup
    private @Nullable Systems systems;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, with one rank on each. Default: 1.")
    private @Nullable Integer nodes;

    @Option(
            names = "--time",
            paramLabel = "T",
            converter = BatchTimeConverter.class,
            description =
                    "How long a job may run: \"90 min\", 2h, 01:00:00, 1-12:00:00; a number alone is minutes, as in"
                            + " Slurm. Default: 1 h.")
    private @Nullable Duration time;

    @Option(names = "--account", paramLabel = "A", description = "The account that pays; the project of LSF.")
    private @Nullable String account;

    @Option(
            names = {"--partition", "--queue"},
            paramLabel = "P",
            description = "The partition of Slurm; the queue of PBS and LSF.")
    private @Nullable String partition;

    @Option(names = "--cores-per-node", paramLabel = "N", description = "Which PBS has to be told.")
    private @Nullable Integer coresPerNode;

    @Option(
            names = "--max-core-hours",
            paramLabel = "H",
            description = "Stop, resumable, before all jobs together have used more core-hours.")
    private @Nullable Double maxCoreHours;

    @Option(names = "--max-starts", paramLabel = "N", description = "Stop, resumable, after so many starts.")
    private @Nullable Integer maxStarts;

    @Option(
            names = "--notify",
            paramLabel = "COMMAND",
            description = "A command of the shell for the end, with ASTROPOOL_DIRECTORY, ASTROPOOL_JOB_NAME,"
                    + " ASTROPOOL_EXIT_CODE and ASTROPOOL_REASON in its environment.")
    private String notify = "";

    @Option(
            names = "--join",
            description = "More nodes for a run that is running with --pool hazelcast on two or more nodes: its output"
                    + " directory takes the place of JOB.toml.")
    private boolean join;

    @Option(
            names = "--array",
            paramLabel = "N",
            description = "With --join: N independent jobs of one node each, as an array.")
    private @Nullable Integer array;

    @Option(names = "--script-only", description = "Write the script and do not submit it.")
    private boolean scriptOnly;

    @Option(names = "--out", paramLabel = "DIR", description = "The output directory, instead of the job file's.")
    private @Nullable Path out;

    @Option(names = "--resume", description = "Evaluate only the points without a result from an earlier run.")
    private boolean resume;

    @Option(names = "--retry-failed", description = "Like --resume, and evaluate failed points again.")
    private boolean retryFailed;

    @Option(names = "--accept-model-changes", description = "With --resume: as for astropool run.")
    private boolean acceptModelChanges;

    @Option(names = "--overwrite", description = "Remove the results of an earlier run when the job starts.")
    private boolean overwrite;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random streams, instead of the job file's.")
    private @Nullable Long seed;

    @Option(names = "--pool", paramLabel = "POOL", description = "As for astropool run, for instance hazelcast.")
    private @Nullable String pool;

    @Option(names = "--threads", paramLabel = "N", description = "Evaluation threads in each rank.")
    private @Nullable Integer threads;

    @Option(names = "--master-evaluates", paramLabel = "auto|yes|no", description = "Whether rank 0 also evaluates.")
    private @Nullable String masterEvaluates;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Unmatched
    private List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws JobException {
        checkOptions();
        Map<String, String> environment = System.getenv();
        SiteSettings site = SiteSettings.read(environment);
        BatchSystem system = system(site);
        if (join) {
            return join(site, system);
        }
        UsedVariables variables = new UsedVariables(environment);
        Job job = arguments.read(settings(), variables);
        byte[] text = jobFile();
        OutputDirectory directory = new OutputDirectory(job.output().directory().toAbsolutePath());
        OptionalInt complete = JobRun.check(job, oldResults(), acceptModelChanges);
        if (complete.isPresent()) {
            BatchMessages.say("the run in " + directory.path() + " is complete; nothing was submitted");
            return complete.getAsInt();
        }
        String script = script(job, site, system, directory, variables).text();
        Optional<BatchRecord> earlier = BatchRecord.readIfPresent(directory.batchRecord());
        checkThatNothingRuns(directory, earlier);
        BatchRecord record = new BatchRecord(
                system.name(),
                job.name(),
                arguments.file().toAbsolutePath().normalize(),
                FileDigest.of(arguments.file().toAbsolutePath()),
                new BatchLimits(
                        maxCoreHours == null ? OptionalDouble.empty() : OptionalDouble.of(maxCoreHours),
                        maxStarts == null ? OptionalInt.empty() : OptionalInt.of(maxStarts)),
                site.requeues().orElse(true),
                overwrite,
                notify,
                List.of(),
                List.of(),
                List.of(),
                false,
                Optional.empty());
        directory.create();
        try {
            AtomicFile.write(directory.submittedJob(), file -> file.write(text));
            AtomicFile.write(directory.batchScript(), file -> file.write(script.getBytes(StandardCharsets.UTF_8)));
            Files.setPosixFilePermissions(directory.batchScript(), PosixFilePermissions.fromString("rwxr-xr-x"));
            record.write(directory.batchRecord());
        } catch (IOException e) {
            throw new JobException("nothing was submitted, since the script cannot be written into " + directory.path()
                    + ": " + e.getMessage() + "; free disk space or choose another --out");
        }
        if (scriptOnly) {
            BatchMessages.say("submit it with: " + system.submitCommand()
                    + (system.name().equals("lsf") ? " < " : " ")
                    + ShellWord.of(directory.batchScript().toString()));
            print(directory, directory.batchScript(), "");
            return ExitCode.OK.code();
        }
        submit(system, directory, earlier);
        return ExitCode.OK.code();
    }

    private void submit(BatchSystem system, OutputDirectory directory, Optional<BatchRecord> earlier)
            throws JobException {
        String id;
        try {
            id = system.submit(directory.batchScript(), Optional.empty());
        } catch (JobException e) {
            restore(directory.batchRecord(), earlier);
            throw new JobException("nothing was submitted: " + e.getMessage());
        }
        try {
            BatchRecord.update(directory.batchRecord(), written -> written.withJob(id));
        } catch (IOException e) {
            BatchMessages.say("the number of the job cannot be recorded (" + e.getMessage()
                    + "), so that status and cancel know it only when it has started");
        }
        BatchMessages.say("job " + id + " was submitted; follow it with: astropool status " + word(directory));
        print(directory, directory.batchScript(), id);
    }

    /** As it is to be typed. */
    private static String word(OutputDirectory directory) {
        return ShellWord.of(directory.path().toString());
    }

    /** The record must not name a submission that did not take place. */
    private static void restore(Path file, Optional<BatchRecord> earlier) {
        try {
            if (earlier.isPresent()) {
                earlier.get().write(file);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            BatchMessages.say(file + " cannot be restored: " + e.getMessage());
        }
    }

    private void print(OutputDirectory directory, Path script, String id) {
        if (json) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("job", id.isEmpty() ? null : id);
            fields.put("directory", directory.path().toString());
            fields.put("script", script.toString());
            System.out.println(JsonWriter.indent("  ").string().value(fields).done());
        } else {
            System.out.println(id.isEmpty() ? script : id);
        }
    }

    /** Submits workers for a run that is running. */
    private int join(SiteSettings site, BatchSystem system) throws JobException {
        OutputDirectory directory =
                new OutputDirectory(arguments.file().toAbsolutePath().normalize());
        if (!Files.exists(directory.workerAddress())) {
            throw new JobException("no run can be joined in " + directory.path() + ": there is no "
                    + directory.workerAddress()
                    + ". It has to be running, submitted with --pool hazelcast and --nodes 2 or"
                    + " more; without MPI no further options are needed");
        }
        Optional<BatchRecord> record = BatchRecord.readIfPresent(directory.batchRecord());
        boolean single = array != null || (nodes == null ? site.nodes().orElse(1) : nodes) == 1;
        List<String> words = new ArrayList<>();
        if (threads != null) {
            words.addAll(List.of("--threads", threads.toString()));
        }
        words.addAll(arguments.classPathOptions());
        BatchScript script = new BatchScript(
                BatchScript.Kind.JOIN,
                system,
                request(record.map(BatchRecord::name).orElse("join"), site),
                directory.path(),
                InstalledLauncher.path(),
                single ? List.of(BatchScript.NO_LAUNCHER) : Launchers.words(launcher(site), system, "hazelcast"),
                words,
                Path.of("").toAbsolutePath(),
                site.setupLines(),
                exported(site, new UsedVariables(Map.of())),
                site.tmpdir().orElse("/tmp"));
        String text = script.text();
        try {
            AtomicFile.write(directory.joinScript(), file -> file.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new JobException(
                    "nothing was submitted, since " + directory.joinScript() + " cannot be written: " + e.getMessage());
        }
        String id = scriptOnly ? "" : system.submit(directory.joinScript(), Optional.empty());
        if (!id.isEmpty() && record.isPresent()) {
            try {
                BatchRecord.update(directory.batchRecord(), written -> written.withJoined(id));
            } catch (IOException e) {
                BatchMessages.say("the number of the job cannot be recorded: " + e.getMessage());
            }
        }
        print(directory, directory.joinScript(), id);
        return ExitCode.OK.code();
    }

    private void checkOptions() throws JobException {
        if (array != null && (!join || nodes != null)) {
            throw new JobException("--array needs --join, and takes the place of --nodes: its jobs have one node each");
        }
        if (join && (resume || retryFailed || overwrite || out != null || seed != null || !notify.isEmpty())) {
            throw new JobException(
                    "--join only adds workers to a run: --resume, --overwrite, --out, --seed and --notify are"
                            + " for jobs that run a job file");
        }
        atLeastOne("--array", array);
        if (overwrite && (resume || retryFailed)) {
            throw new JobException(
                    "--overwrite and --resume are mutually exclusive: the first removes the results that the"
                            + " second continues");
        }
        if (acceptModelChanges && !resume && !retryFailed) {
            throw new JobException("--accept-model-changes needs --resume or --retry-failed");
        }
        atLeastOne("--nodes", nodes);
        atLeastOne("--max-starts", maxStarts);
        atLeastOne("--cores-per-node", coresPerNode);
        atLeastOne("--threads", threads);
        if (maxCoreHours != null && !(maxCoreHours > 0)) {
            throw new JobException("--max-core-hours is " + maxCoreHours + ", it must be more than 0");
        }
        if (out != null && out.toString().isBlank()) {
            throw new JobException("--out is empty; name a folder, or leave the option out");
        }
    }

    private static void atLeastOne(String option, @Nullable Integer number) throws JobException {
        if (number != null && number < 1) {
            throw new JobException(option + " is " + number + ", it must be at least 1");
        }
    }

    private BatchSystem system(SiteSettings site) throws JobException {
        if (systems != null) {
            return BatchSystem.of(systems.name());
        }
        if (site.scheduler().isPresent()) {
            return BatchSystem.of(site.scheduler().get());
        }
        return BatchSystem.found()
                .orElseThrow(() ->
                        new JobException("there is no batch system here: neither sbatch (Slurm) nor qsub (PBS) nor"
                                + " bsub (LSF) is on the PATH. Log in to a node from which jobs can be submitted, or write a"
                                + " script for another machine with --script-only and --slurm, --pbs or --lsf"));
    }

    private byte[] jobFile() throws JobException {
        try {
            return Files.readAllBytes(arguments.file());
        } catch (IOException e) {
            throw new JobException("job file " + arguments.file() + " cannot be read: " + e);
        }
    }

    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        if (seed != null) {
            settings.add(new Setting("--seed", "job.seed", seed.toString()));
        }
        if (out != null) {
            settings.add(Setting.ofString(
                    "--out", "output.directory", out.toAbsolutePath().toString()));
        }
        return settings;
    }

    private OldResults oldResults() {
        return overwrite
                ? OldResults.OVERWRITE
                : retryFailed ? OldResults.RETRY_FAILED : resume ? OldResults.RESUME : OldResults.KEEP;
    }

    private static void checkThatNothingRuns(OutputDirectory directory, Optional<BatchRecord> earlier)
            throws JobException {
        if (earlier.isPresent() && BatchSystem.of(earlier.get().system()).isInstalled()) { // else nothing can run here
            Map<String, JobState> states =
                    BatchSystem.of(earlier.get().system()).states(earlier.get().jobs(), directory.batchScript());
            for (Map.Entry<String, JobState> job : states.entrySet()) {
                if (job.getValue().isAlive()) {
                    throw new JobException("job " + job.getKey() + " of " + directory.path() + " is "
                            + job.getValue().word() + "; end it first: astropool cancel " + word(directory));
                }
            }
        }
        if (directory.isRunning()) {
            throw new JobException(
                    "a run is running in " + directory.path() + "; wait for its end, or choose another --out");
        }
    }

    private BatchScript script(
            Job job, SiteSettings site, BatchSystem system, OutputDirectory directory, UsedVariables variables)
            throws JobException {
        return new BatchScript(
                BatchScript.Kind.RUN,
                system,
                request(job.name(), site),
                directory.path(),
                InstalledLauncher.path(),
                Launchers.words(launcher(site), system, pool),
                runOptions(),
                Path.of("").toAbsolutePath(),
                site.setupLines(),
                exported(site, variables),
                site.tmpdir().orElse("/tmp"));
    }

    private static Optional<String> launcher(SiteSettings site) {
        return Optional.ofNullable(System.getenv(Launchers.VARIABLE)).or(site::launcher);
    }

    private BatchRequest request(String name, SiteSettings site) {
        List<String> allOptions = new ArrayList<>(site.options().orElse(List.of()));
        allOptions.addAll(options);
        return new BatchRequest(
                BatchScript.JOB_PREFIX + name,
                nodes == null ? site.nodes().orElse(1) : nodes,
                time == null ? site.time().orElse(DEFAULT_TIME) : time,
                Optional.ofNullable(account).or(site::account),
                Optional.ofNullable(partition).or(site::partition),
                Optional.ofNullable(coresPerNode)
                        .or(site::coresPerNode)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                site.wholeNodes().orElse(true),
                array == null ? 0 : array,
                allOptions);
    }

    private static Map<String, String> exported(SiteSettings site, UsedVariables variables) {
        Map<String, String> exported = variables.used();
        List<String> ours = new ArrayList<>(OURS);
        if (site.setupLines().isEmpty()) { // else they set it
            ours.add(JAVA_HOME);
        }
        ours.stream()
                .filter(name -> System.getenv(name) != null)
                .forEach(name -> exported.put(name, System.getenv(name)));
        return exported;
    }

    private List<String> runOptions() throws JobException {
        List<String> words = arguments.optionsForACopy();
        if (seed != null) {
            words.addAll(List.of("--seed", seed.toString()));
        }
        if (pool != null) {
            words.addAll(List.of("--pool", pool));
        }
        if (threads != null) {
            words.addAll(List.of("--threads", threads.toString()));
        }
        if (masterEvaluates != null) {
            words.addAll(List.of("--master-evaluates", masterEvaluates));
        }
        if (retryFailed) {
            words.add("--retry-failed");
        }
        if (acceptModelChanges) {
            words.add("--accept-model-changes");
        }
        return words;
    }
}
