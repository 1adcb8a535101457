package org.astropool.internal.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.internal.batch.BatchTool.Answer;
import org.astropool.internal.batch.JobState.Phase;
import org.astropool.internal.job.JobException;

/** IBM Spectrum LSF. */
final class Lsf extends BatchSystem {
    private static final Pattern SUBMITTED = Pattern.compile("Job <([0-9]+)> is submitted");
    private static final Set<String> WAITING = Set.of("PEND", "PSUSP", "WAIT", "PROV");
    private static final Set<String> RUNNING = Set.of("RUN", "USUSP", "SSUSP", "UNKWN");
    private static final int FIELDS = 4;

    Lsf() {
        super("lsf", "bsub");
    }

    @Override
    List<String> directives(BatchRequest request, Path log) throws JobException {
        long minutes = Math.max(1, (request.time().toSeconds() + 59) / 60);
        List<String> options = new ArrayList<>(List.of(
                "-J "
                        + (request.copies() > 0
                                ? '"' + request.name() + "[1-" + request.copies() + "]\""
                                : request.name()),
                "-o /dev/null",
                "-r",
                String.format(Locale.ROOT, "-W %d:%02d", minutes / 60, minutes % 60),
                "-n " + request.nodes(),
                "-R \"span[ptile=1]\""));
        if (request.wholeNodes()) {
            options.add("-x");
        }
        if (request.isWarned()) {
            options.add("-wa USR1 -wt 2");
        }
        request.account().ifPresent(project -> options.add("-P " + quoted(project)));
        request.partition().ifPresent(queue -> options.add("-q " + quoted(queue)));
        for (List<String> line : request.optionLines()) {
            options.add(String.join(" ", line.stream().map(Lsf::quoted).toList()));
        }
        return options.stream().map(option -> "#BSUB " + option).toList();
    }

    private static String quoted(String word) {
        return word.matches("[^\\s\"'<>\\[\\]()|&;]+") ? word : '"' + word.replace("\"", "\\\"") + '"';
    }

    @Override
    public String logName() {
        return "batch-%j.log";
    }

    @Override
    String byHand(String script) {
        return "bsub < " + script;
    }

    @Override
    public String submit(Path script, Optional<String> after) throws JobException {
        List<String> words = new ArrayList<>(List.of("bsub"));
        if (after.isPresent()) {
            words.addAll(List.of("-w", "ended(" + checked(after.get()) + ")"));
        }
        Answer answer = successful(BatchTool.run(words, Optional.of(script), name -> false), words);
        Matcher submitted = SUBMITTED.matcher(answer.out());
        if (!submitted.find()) {
            throw new JobException("bsub did not say which job it has submitted: " + answer.message());
        }
        return submitted.group(1);
    }

    @Override
    public Map<String, JobState> states(List<String> jobs, Path script) throws JobException {
        Map<String, JobState> states = new HashMap<>();
        for (String job : jobs) {
            Answer answer = BatchTool.run(List.of(
                    "bjobs", "-a", "-noheader", "-o", "jobid stat job_name pend_reason delimiter='|'", checked(job)));
            if (answer.isOk()) {
                String[] fields = answer.out().split("\\|", FIELDS);
                // The script comes from standard input, so that LSF does not know its name: it has that of the job.
                if (fields.length == FIELDS && fields[2].strip().startsWith(BatchScript.JOB_PREFIX)) {
                    states.put(job, state(fields[1].strip(), fields[3].strip()));
                }
            } else if (!answer.message().contains("not found")) {
                successful(answer, List.of("bjobs"));
            }
        }
        return states;
    }

    private static JobState state(String word, String reason) {
        Phase phase = WAITING.contains(word) ? Phase.WAITING : RUNNING.contains(word) ? Phase.RUNNING : Phase.ENDED;
        return new JobState(phase, word, phase == Phase.WAITING && !reason.equals("-") ? reason : "", Optional.empty());
    }

    @Override
    public void cancel(String job) throws JobException {
        ask(List.of("bkill", checked(job)));
    }

    @Override
    public void warn(String job) throws JobException {
        ask(List.of("bkill", "-s", "USR1", checked(job)));
    }
}
