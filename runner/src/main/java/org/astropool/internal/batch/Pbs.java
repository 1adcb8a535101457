package org.astropool.internal.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.astropool.internal.batch.BatchTool.Answer;
import org.astropool.internal.batch.JobState.Phase;
import org.astropool.internal.job.JobException;

/** OpenPBS, PBS Pro. */
final class Pbs extends BatchSystem {
    private static final Set<String> WAITING = Set.of("Q", "H", "W", "T");
    private static final Set<String> RUNNING = Set.of("R", "E", "S", "U", "B");

    Pbs() {
        super("pbs", "qsub");
    }

    @Override
    List<String> directives(BatchRequest request, Path log) throws JobException {
        if (request.coresPerNode().isEmpty()) {
            throw new JobException("PBS needs the number of cores of a node: give --cores-per-node N, or set"
                    + " cores_per_node in site.toml");
        }
        int cores = request.coresPerNode().getAsInt();
        List<String> options = new ArrayList<>(List.of(
                "-N " + request.name(),
                "-j oe",
                "-o /dev/null",
                "-r y",
                "-l walltime=" + request.clock(),
                "-l select=" + request.nodes() + ":ncpus=" + cores + ":mpiprocs=1",
                "-l place=scatter" + (request.wholeNodes() ? ":excl" : "")));
        if (request.copies() > 0) {
            options.add("-J 1-" + request.copies());
        }
        request.account().ifPresent(account -> options.add("-A " + quoted(account)));
        request.partition().ifPresent(queue -> options.add("-q " + quoted(queue)));
        for (List<String> line : request.optionLines()) {
            options.add(String.join(" ", line.stream().map(Pbs::quoted).toList()));
        }
        return options.stream().map(option -> "#PBS " + option).toList();
    }

    private static String quoted(String word) {
        return word.matches("[^\\s\"']+") ? word : '"' + word.replace("\"", "\\\"") + '"';
    }

    @Override
    public String logName() {
        return "batch-%j.log";
    }

    @Override
    String byHand(String script) {
        return "qsub " + script;
    }

    @Override
    public String submit(Path script, Optional<String> after) throws JobException {
        List<String> words = new ArrayList<>(List.of("qsub"));
        if (after.isPresent()) {
            words.addAll(List.of("-W", "depend=afterany:" + checked(after.get())));
        }
        words.add(script.toString());
        return checked(
                ask(words).out().lines().reduce("", (before, line) -> line).strip());
    }

    @Override
    public Map<String, JobState> states(List<String> jobs, Path script) throws JobException {
        Map<String, JobState> states = new HashMap<>();
        for (String job : jobs) {
            Answer answer = BatchTool.run(List.of("qstat", "-f", checked(job)));
            if (answer.isOk()) {
                // a tab continues the line before
                String text = answer.out().replace("\n\t", "");
                String state = attribute(text, "job_state");
                if (isSubmittedWith(script, attribute(text, "Submit_arguments"))) {
                    states.put(job, state(state, attribute(text, "comment")));
                }
            } else if (!answer.err().matches("(?s).*(Unknown Job|has finished).*")) {
                successful(answer, List.of("qstat"));
            }
        }
        return states;
    }

    /** The script is the last of the arguments. It may have blanks in its name, and other names by symbolic links. */
    static boolean isSubmittedWith(Path script, String arguments) {
        for (int at = arguments.indexOf('/'); at >= 0; at = arguments.indexOf('/', at + 1)) {
            if (isScript(script, arguments.substring(at))) {
                return true;
            }
        }
        return false;
    }

    private static String attribute(String text, String name) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(name + " = "))
                .map(line -> line.substring(name.length() + 3))
                .findFirst()
                .orElse("");
    }

    private static JobState state(String letter, String comment) {
        Phase phase = WAITING.contains(letter) ? Phase.WAITING : RUNNING.contains(letter) ? Phase.RUNNING : Phase.ENDED;
        String word = switch (letter) {
            case "Q" -> "queued";
            case "H" -> "held";
            case "W" -> "waiting";
            case "R" -> "running";
            case "S", "U" -> "suspended";
            case "E" -> "exiting";
            default -> letter;
        };
        String reason = letter.equals("H") && comment.isEmpty() ? "it waits for the job before it" : comment;
        return new JobState(phase, word, phase == Phase.WAITING ? reason : "", Optional.empty());
    }

    @Override
    public void cancel(String job) throws JobException {
        ask(List.of("qdel", checked(job)));
    }

    @Override
    public void warn(String job) throws JobException {
        ask(List.of("qsig", "-s", "SIGUSR1", checked(job)));
    }
}
