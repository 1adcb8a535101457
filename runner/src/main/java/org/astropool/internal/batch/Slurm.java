package org.astropool.internal.batch;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    Slurm() {
        super("slurm", "sbatch");
    }

    @Override
    List<String> directives(BatchRequest request, Path log) throws JobException {
        List<String> options = new ArrayList<>();
        options.add("--job-name=" + request.name());
        if (!request.has("-o", "--output")) {
            String folder = log.resolveSibling("").toString().replace("%", "%%");
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
        String answer = ask(words).out();
        String last = answer.lines().reduce("", (before, line) -> line); // plugins of a site may print before it
        return checked(last.split(";", -1)[0].strip());
    }

    @Override
    public Optional<String> requeue(String job) throws JobException {
        Answer answer = BatchTool.run(List.of("scontrol", "requeue", checked(job)));
        return answer.isOk() ? Optional.empty() : Optional.of(answer.message());
    }

    @Override
    public Map<String, JobState> states(List<String> jobs, Path script) throws JobException {
        Map<String, JobState> states = new HashMap<>();
        List<String> wanted = new ArrayList<>();
        for (String job : jobs) {
            wanted.add(checked(job));
        }
        if (wanted.isEmpty()) {
            return states;
        }
        Answer answer = BatchTool.run(List.of(
                "squeue",
                "--noheader",
                "--states=all",
                "--jobs=" + String.join(",", wanted),
                "--format=%i|%T|%r|%S|%o"));
        if (!answer.isOk()) {
            if (answer.err().contains("Invalid job id")) {
                return states;
            }
            successful(answer, List.of("squeue"));
        }
        for (String line : answer.out().split("\n", -1)) {
            String[] fields = line.split("\\|", FIELDS);
            if (fields.length == FIELDS && isOf(script, fields[FIELDS - 1])) {
                states.put(fields[0].strip(), state(fields[1].strip(), fields[2].strip(), fields[3].strip()));
            }
        }
        return states;
    }

    private static boolean isOf(Path script, String command) {
        return command.strip().equals(script.toString());
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
        return Optional.of(ask(words).message());
    }
}
