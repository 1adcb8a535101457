package org.astropool.internal.cli.batch;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.astropool.internal.batch.FirstStart;
import org.astropool.internal.batch.SiteSettings;
import org.astropool.internal.cli.options.JobArguments;
import org.astropool.internal.cli.options.ResultOptions;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.run.JobRun;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.model.FileDigest;
import org.jspecify.annotations.Nullable;
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
                "Submits a job file to Slurm, PBS or LSF. The run continues in further allocations until it is complete.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool submit job.toml --nodes 4 --time 2h",
            "  # With limits, and an account",
            "  astropool submit job.toml --time 1h --max-core-hours 500 --account p1234",
            "  # With options of sbatch",
            "  astropool submit job.toml --time 2h -- --qos=long --constraint=amd",
            "  # Only write the script",
            "  astropool submit job.toml --script-only",
            "  # Afterwards, with the output directory",
            "  astropool status DIR",
            "  astropool cancel DIR",
            "",
            "Other options are passed on to sbatch, qsub or bsub. Settings that are the same",
            "for all jobs at a site belong in ~/.config/astropool/site.toml, see",
            "docs/clusters.md."
        })
public final class SubmitCommand implements Callable<Integer> {
    @Mixin
    private JobArguments arguments;

    @Mixin
    private AllocationOptions allocation;

    @Option(
            names = "--max-core-hours",
            paramLabel = "H",
            description = "Stop before the jobs of this submission have used more core-hours; --resume continues.")
    private @Nullable Double maxCoreHours;

    @Option(
            names = "--max-starts",
            paramLabel = "N",
            description = "Stop after this number of starts of this submission; --resume continues.")
    private @Nullable Integer maxStarts;

    @Option(
            names = "--notify",
            paramLabel = "COMMAND",
            description =
                    "A shell command that is executed at the end of the run, with ASTROPOOL_DIRECTORY, ASTROPOOL_JOB_NAME,"
                            + " ASTROPOOL_EXIT_CODE and ASTROPOOL_REASON in its environment.")
    private String notify = "";

    @Option(
            names = "--join",
            description =
                    "Add nodes to a run that is running with --pool hazelcast on two or more nodes. The output directory of"
                            + " the run takes the place of JOB.toml.")
    private boolean join;

    @Option(
            names = "--array",
            paramLabel = "N",
            description = "With --join: submit N independent jobs of one node each, as an array.")
    private @Nullable Integer array;

    @Option(names = "--script-only", description = "Write the script and do not submit it.")
    private boolean scriptOnly;

    @Mixin
    private ResultOptions results;

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
        SiteSettings site = SiteSettings.read(System.getenv());
        ScriptMaker scripts = new ScriptMaker(site, allocation.system(site));
        return join ? join(scripts) : run(scripts);
    }

    private int run(ScriptMaker scripts) throws JobException {
        OldResults old = results.oldResults();
        UsedVariables variables = new UsedVariables(System.getenv());
        Job job = arguments.read(results.settings(), variables);
        byte[] text = jobFile();
        OutputDirectory directory = new OutputDirectory(job.output().directory().toAbsolutePath());
        OptionalInt complete = JobRun.check(job, old, results.acceptsModelChanges());
        if (complete.isPresent()) {
            BatchMessages.say("the run in " + directory.path() + " is complete; nothing was submitted");
            if (json) {
                print(directory, directory.batchScript(), "");
            }
            return complete.getAsInt();
        }
        BatchRequest request = allocation.request(job.name(), scripts.site(), 0, options);
        String script = scripts.run(request, directory, pool, runOptions(), results.ofFirstStart(), variables);
        try (RunSubmission submission = new RunSubmission(scripts.system(), directory)) {
            submission.write(record(job, old, scripts), text, script);
            if (scriptOnly) {
                BatchMessages.say("submit it with: " + submission.command());
                print(directory, directory.batchScript(), "");
            } else {
                print(directory, directory.batchScript(), submission.submit());
            }
        }
        return ExitCode.OK.code();
    }

    private BatchRecord record(Job job, OldResults old, ScriptMaker scripts) {
        return new BatchRecord(
                scripts.system().name(),
                job.name(),
                arguments.file().toAbsolutePath().normalize(),
                FileDigest.of(arguments.file().toAbsolutePath()),
                new BatchLimits(
                        maxCoreHours == null ? OptionalDouble.empty() : OptionalDouble.of(maxCoreHours),
                        maxStarts == null ? OptionalInt.empty() : OptionalInt.of(maxStarts)),
                scripts.site().requeues().orElse(true),
                switch (old) {
                    case OVERWRITE -> FirstStart.OVERWRITE;
                    case RETRY_FAILED -> FirstStart.RETRY_FAILED;
                    case KEEP, RESUME -> FirstStart.CONTINUE;
                },
                notify,
                List.of(),
                List.of(),
                List.of(),
                false,
                Optional.empty());
    }

    /** Submits workers for a run that is running. */
    private int join(ScriptMaker scripts) throws JobException {
        OutputDirectory directory =
                new OutputDirectory(arguments.file().toAbsolutePath().normalize());
        JoinSubmission submission = new JoinSubmission(scripts.system(), directory);
        BatchRequest request =
                allocation.request(submission.name(), scripts.site(), array == null ? 0 : array, options);
        List<String> words = new ArrayList<>(threadOptions());
        words.addAll(arguments.classPathOptions());
        submission.write(scripts.join(request, directory, words));
        print(directory, directory.joinScript(), scriptOnly ? "" : submission.submit());
        return ExitCode.OK.code();
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

    private void checkOptions() throws JobException {
        if (array != null && (!join || allocation.hasNodes())) {
            throw new JobException("--array needs --join, and takes the place of --nodes: its jobs have one node each");
        }
        if (join && (!results.areDefault() || !notify.isEmpty())) {
            throw new JobException(
                    "--join only adds workers to a run: --resume, --overwrite, --out, --seed and --notify are"
                            + " for jobs that run a job file");
        }
        allocation.check();
        checkWords();
        AllocationOptions.atLeastOne("--array", array);
        AllocationOptions.atLeastOne("--max-starts", maxStarts);
        AllocationOptions.atLeastOne("--threads", threads);
        if (maxCoreHours != null && !(maxCoreHours > 0)) {
            throw new JobException("--max-core-hours is " + maxCoreHours + ", it must be more than 0");
        }
    }

    /** A word that can be no value of an option before it was meant for something else. */
    private void checkWords() throws JobException {
        String before = "";
        for (String word : options) {
            boolean takesNoValue = before.isEmpty() || before.contains("=") || !before.startsWith("-");
            if (!word.startsWith("-") && takesNoValue) {
                throw new JobException("\"" + word + "\" is neither an option nor the value of one; submit takes one "
                        + (join ? "output directory" : "job file") + ", before options of the batch system with values,"
                        + " such as --qos long");
            }
            before = word;
        }
    }

    private byte[] jobFile() throws JobException {
        try {
            return Files.readAllBytes(arguments.file());
        } catch (IOException e) {
            throw new JobException("job file " + arguments.file() + " cannot be read: " + e);
        }
    }

    private List<String> runOptions() throws JobException {
        List<String> words = arguments.optionsForACopy();
        words.addAll(results.ofEachStart());
        if (pool != null) {
            words.addAll(List.of("--pool", pool));
        }
        words.addAll(threadOptions());
        if (masterEvaluates != null) {
            words.addAll(List.of("--master-evaluates", masterEvaluates));
        }
        return words;
    }

    private List<String> threadOptions() {
        return threads == null ? List.of() : List.of("--threads", threads.toString());
    }
}
