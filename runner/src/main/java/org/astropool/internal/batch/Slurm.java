package org.astropool.internal.batch;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.astropool.internal.batch.BatchTool.Answer;
import org.astropool.internal.batch.JobState.Phase;
import org.astropool.internal.job.JobException;

/** Slurm. */
final class Slurm extends BatchSystem {
    private static final Set<String> WAITING = Set.of(
            "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT");
    private static final Set<String> RUNNING =
            Set.of("RUNNING", "COMPLETING", "STAGE_OUT", "SIGNALING", "SUSPENDED", "STOPPED", "RESIZING");

    private static final int FIELDS = 5;
    private static final Pattern OPTION = Pattern.compile("^#SBATCH (?:--([a-z-]+)|-([A-Za-z]))");
    /** The long names of options that have a short name and a variable. */
    private static final Map<String, String> LONG_NAMES = Map.of(
            "A", "account",
            "a", "array",
            "C", "constraint",
            "G", "gpus",
            "J", "job-name",
            "M", "clusters",
            "O", "overcommit",
            "p", "partition",
            "q", "qos",
            "t", "time");
    /** The variables of options that have other names, without the prefix. */
    private static final Map<String, List<String>> VARIABLES = Map.of(
            "time", List.of("TIMELIMIT"),
            "array", List.of("ARRAY_INX"),
            "requeue", List.of("REQUEUE", "NO_REQUEUE"),
            "mem", List.of("MEM_PER_NODE", "MEM_PER_CPU", "MEM_PER_GPU"));

    /** What the reasons of squeue(1) mean for the user. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("Priority", "other jobs are before it"),
            entry("Resources", "its nodes are not free yet"),
            entry("BeginTime", "it may begin later, for instance after it was requeued"),
            entry("Dependency", "it waits for the job before it"),
            entry("DependencyNeverSatisfied", "the job it waits for did not end as needed; cancel and submit again"),
            entry("JobHeldUser", "you have held it: scontrol release"),
            entry("JobHeldAdmin", "an administrator has held it, or its start failed: ask your site"),
            entry(
                    "ReqNodeNotAvail",
                    "nodes are down or reserved, for instance for maintenance; a shorter --time may fit before"),
            entry("PartitionTimeLimit", "--time is longer than its partition allows; cancel and submit with less"),
            entry(
                    "PartitionNodeLimit",
                    "--nodes is more than its partition allows or has up; cancel and submit with less"),
            entry("PartitionDown", "its partition is down: ask your site"),
            entry("PartitionInactive", "its partition takes no jobs at present: ask your site"),
            entry("NodeDown", "a node that it needs is down"),
            entry("Reservation", "it waits for its reservation"),
            entry("BadConstraints", "no node has what it asks for; cancel and submit with other options"),
            entry("InvalidAccount", "its account is not valid here; cancel and submit with another --account"),
            entry("InvalidQOS", "its QOS is not valid here; cancel and submit with another --qos"),
            entry("Licenses", "a licence that it needs is not free"),
            entry("Cleaning", "its last start is still being cleaned up"));

    /** What the states of jobs that have ended mean for the user. */
    private static final Map<String, String> ENDINGS = Map.of(
            "CANCELLED", "ended by scancel",
            "TIMEOUT", "its time was over before the run had ended",
            "OUT_OF_MEMORY", "it needed more memory than it had; use fewer --threads, or ask for more",
            "NODE_FAIL", "one of its nodes has failed",
            "BOOT_FAIL", "one of its nodes did not start",
            "PREEMPTED", "ended in favour of another job",
            "FAILED", "its script has failed or was killed");

    Slurm() {
        super("slurm", "sbatch");
    }

    @Override
    List<String> directives(BatchRequest request, Path log) throws JobException {
        List<String> options = new ArrayList<>();
        options.add("--job-name=" + request.name());
        if (!request.has("-o", "--output")) {
            String folder = log.resolveSibling("").toString().replace("%", "%%");
            if (folder.contains("\\")) {
                throw new JobException(
                        "the name of a folder contains a backslash, which Slurm does not allow in the name"
                                + " of a log: " + folder + "; choose another --out");
            }
            options.add("--output=" + quoted(folder + "/" + log.getFileName()));
        }
        options.addAll(List.of(
                "--open-mode=append",
                "--requeue",
                "--time=" + request.clock(),
                "--nodes=" + request.nodes(),
                "--ntasks-per-node=1"));
        if (request.wholeNodes()) {
            options.addAll(List.of("--exclusive", "--mem=0"));
        }
        if (request.copies() > 0) {
            options.add("--array=1-" + request.copies());
        }
        if (request.isWarned()) {
            options.add("--signal=B:USR1@60");
        }
        request.account().ifPresent(account -> options.add("--account=" + quoted(account)));
        request.partition().ifPresent(partition -> options.add("--partition=" + quoted(partition)));
        for (List<String> line : request.optionLines()) {
            options.add(String.join(" ", line.stream().map(Slurm::quoted).toList()));
        }
        return options.stream().map(option -> "#SBATCH " + option).toList();
    }

    /** As sbatch reads words. */
    private static String quoted(String word) {
        return word.matches("[^\\s\"'\\\\#]+") ? word : '"' + word.replaceAll("[\\\\\"]", "\\\\$0") + '"';
    }

    @Override
    public String logName() {
        return "batch-%j.log";
    }

    @Override
    String byHand(String script) {
        return "sbatch " + script;
    }

    @Override
    public String launcherWithoutMpi() {
        return "srun --mpi=none";
    }

    @Override
    public String submit(Path script, Optional<String> after) throws JobException {
        List<String> words = new ArrayList<>(List.of("sbatch", "--parsable"));
        if (after.isPresent()) {
            words.add("--dependency=afterany:" + checked(after.get()));
        }
        words.add(script.toString());
        Predicate<String> unwanted = isOverruledBy(script);
        String answer = successful(BatchTool.run(words, Optional.empty(), unwanted), words)
                .out();
        String last = answer.lines().reduce("", (before, line) -> line); // plugins of a site may print before it
        return checked(last.split(";", -1)[0].strip());
    }

    /**
     * The variables that the submission of a script must not see. Those of sbatch overrule lines of the script, so that
     * the options of {@code astropool submit} would have no effect. Those of a job in which the script is submitted
     * would be inherited by the new job, where srun takes them for options.
     */
    private static Predicate<String> isOverruledBy(Path script) throws JobException {
        Set<String> overruled;
        try (Stream<String> lines = Files.lines(script)) {
            overruled = variables(lines);
        } catch (IOException | UncheckedIOException e) {
            throw new JobException(script + " cannot be read: " + e.getMessage());
        }
        boolean isInJob = System.getenv("SLURM_JOB_ID") != null;
        return name -> (name.startsWith("SBATCH_") && overruled.contains(name.substring("SBATCH_".length())))
                || (isInJob && name.startsWith("SLURM_") && !name.equals("SLURM_CONF"));
    }

    /** The variables of sbatch, without their prefix, that stand for the options in the lines of a script. */
    static Set<String> variables(Stream<String> lines) {
        Set<String> variables = new HashSet<>();
        lines.map(OPTION::matcher).filter(Matcher::find).forEach(option -> {
            String name = option.group(1) != null
                    ? option.group(1)
                    : LONG_NAMES.getOrDefault(option.group(2), option.group(2));
            variables.addAll(VARIABLES.getOrDefault(
                    name, List.of(name.toUpperCase(Locale.ROOT).replace('-', '_'))));
        });
        return variables;
    }

    @Override
    public Optional<String> requeue(String job) throws JobException {
        Answer answer = BatchTool.run(List.of("scontrol", "requeue", checked(job)));
        return answer.isOk() ? Optional.empty() : Optional.of(answer.message());
    }

    @Override
    public Map<String, JobState> states(List<String> jobs, Path script) throws JobException {
        return states(List.of(new JobsOfScript(jobs, script))).get(0);
    }

    /** By one command, since squeue is a burden for the whole cluster. */
    @Override
    public List<Map<String, JobState>> states(List<JobsOfScript> all) throws JobException {
        List<Map<String, JobState>> states =
                all.stream().<Map<String, JobState>>map(jobs -> new HashMap<>()).toList();
        Set<String> wanted = new LinkedHashSet<>();
        for (JobsOfScript each : all) {
            for (String job : each.jobs()) {
                wanted.add(checked(job));
            }
        }
        if (wanted.isEmpty()) {
            return states;
        }
        List<String> words = List.of(
                "squeue",
                "--noheader",
                "--states=all",
                "--array",
                "--jobs=" + String.join(",", wanted),
                "--format=%i|%T|%r|%S|%o");
        // variables of the user may select other jobs and other formats
        Answer answer = BatchTool.run(
                words, Optional.empty(), name -> name.startsWith("SQUEUE_") || name.equals("SLURM_TIME_FORMAT"));
        if (!answer.isOk()) {
            if (answer.err().contains("Invalid job id")) {
                return states;
            }
            successful(answer, words);
        }
        for (String line : answer.out().split("\n", -1)) {
            String[] fields = line.split("\\|", FIELDS);
            if (fields.length == FIELDS) {
                String job = fields[0].strip();
                JobState state = state(fields[1].strip(), fields[2].strip(), fields[3].strip());
                for (int i = 0; i < all.size(); i++) {
                    boolean isAsked = all.get(i).jobs().contains(job)
                            || all.get(i).jobs().contains(job.replaceFirst("_.*", "")); // tasks of an array
                    if (isAsked && isScript(all.get(i).script(), fields[FIELDS - 1].strip())) {
                        states.get(i).put(job, state);
                    }
                }
            }
        }
        return states;
    }

    @Override
    public Optional<String> ending(String job) throws JobException {
        Answer answer = BatchTool.run(List.of(
                "sacct", "--allocations", "--noheader", "--parsable2", "--format=State", "--jobs=" + checked(job)));
        // without a database of jobs it fails
        String word = answer.isOk() ? answer.out().replaceFirst("(?s)[^A-Z_].*", "") : "";
        return word.isEmpty() ? Optional.empty() : Optional.of(word);
    }

    @Override
    public String explainedEnding(String word) {
        String meaning = ENDINGS.get(word);
        return meaning == null ? word : word + ", " + meaning;
    }

    private static JobState state(String word, String reason, String start) {
        Phase phase = WAITING.contains(word) ? Phase.WAITING : RUNNING.contains(word) ? Phase.RUNNING : Phase.ENDED;
        boolean waits = phase == Phase.WAITING && !reason.isEmpty() && !reason.equals("None");
        return new JobState(
                phase,
                word,
                waits ? explained(reason) : "",
                phase == Phase.WAITING ? instant(start) : Optional.empty());
    }

    private static String explained(String reason) {
        String key = reason.replaceFirst("[^A-Za-z].*", "");
        String meaning = REASONS.get(key);
        if (meaning == null && (key.startsWith("Assoc") || key.startsWith("QOS"))) {
            meaning = key.toLowerCase(Locale.ROOT).contains("minutes")
                    ? "your account or QOS has used its time, or has not enough left for this job"
                    : "a limit of your account or QOS on what runs or waits at the same time";
        }
        if (meaning == null && reason.contains("held")) { // job requeued in held state, launch failed requeued held
            meaning = "scontrol release lets it start";
        }
        return meaning == null ? reason : reason + ": " + meaning;
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(
                    LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty(); // N/A
        }
    }

    @Override
    public void cancel(String job) throws JobException {
        ask(List.of("scancel", checked(job)));
    }

    @Override
    public void warn(String job) throws JobException {
        ask(List.of("scancel", "--batch", "--signal=USR1", checked(job)));
    }

    @Override
    public Optional<String> trial(Path script) throws JobException {
        List<String> words = List.of("sbatch", "--test-only", script.toString());
        return Optional.of(successful(BatchTool.run(words, Optional.empty(), isOverruledBy(script)), words)
                .message());
    }
}
