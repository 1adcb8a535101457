package org.astropool.internal.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.JobException;

/**
 * The script of a batch job, made from the resources {@code submit.sh} and that of its batch system.
 *
 * @param kind what it does
 * @param directory of the results
 * @param astropool the launcher script
 * @param launcher of the ranks, with its options; "none" for one process
 * @param options of {@code astropool run}
 * @param firstOptions more options of its first start
 * @param folder the working directory
 * @param setup lines of the shell
 * @param variables that the job needs, with their values
 * @param tmpdir a folder that is local to each node
 */
public record BatchScript(
        Kind kind,
        BatchSystem system,
        BatchRequest request,
        Path directory,
        String astropool,
        List<String> launcher,
        List<String> options,
        List<String> firstOptions,
        Path folder,
        List<String> setup,
        Map<String, String> variables,
        String tmpdir) {

    /** What a script does. */
    public enum Kind {
        /** Runs a job file. */
        RUN("submit.sh"),
        /** Lends workers to a run. */
        JOIN("join.sh");

        private final String file;

        Kind(String file) {
            this.file = file;
        }
    }

    /** With which the names of all jobs begin. */
    public static final String JOB_PREFIX = "ap-";

    /** Instead of a launcher. */
    public static final String NO_LAUNCHER = "none";

    private static final int LONGEST_LINE = 110;

    /** @throws JobException when something is missing, or a path cannot be written into a script */
    public String text() throws JobException {
        if ((directory + "" + folder).contains("\n")) {
            throw new JobException("the name of a folder contains a line break, which scripts of batch systems do not"
                    + " allow: " + directory + "; choose another --out");
        }
        List<String> directives = system.directives(request, directory.resolve(system.logName()));
        for (String line : directives) {
            if (line.contains("\n") || line.contains("\r")) {
                throw new JobException("a line break in an option cannot be written into a script: " + line);
            }
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put("SYSTEM", systemLines()); // first, since it has placeholders
        values.put("NAME", request.name().substring(JOB_PREFIX.length()));
        values.put("BY_HAND", system.byHand(kind.file));
        values.put("DIRECTIVES", String.join("\n", directives));
        values.put("DIRECTORY", ShellWord.of(directory.toString()));
        values.put("ASTROPOOL", ShellWord.of(astropool));
        values.put(
                "LAUNCHER", isLaunched() ? "launcher=(" + ShellWord.of(launcher) + ")" : "# no launcher: one process");
        values.put("OPTIONS", optionLines());
        values.put(
                "FIRST",
                firstOptions.isEmpty() ? "" : "\n[[ -z $first ]] || run+=(" + ShellWord.of(firstOptions) + ")");
        values.put("FOLDER", ShellWord.of(folder.toString()));
        values.put("SETUP", setupLines());
        values.put("TMPDIR", ShellWord.of(tmpdir));
        values.put("SECONDS", String.valueOf(request.time().toSeconds()));
        values.put("START", start());
        return filled(resource(kind.file), values);
    }

    private boolean isLaunched() {
        return !launcher.equals(List.of(NO_LAUNCHER));
    }

    private String systemLines() {
        String lines = resource(system.name() + ".sh").stripTrailing();
        return lines + "\n";
    }

    private String optionLines() {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String option : options) {
            String word = ShellWord.of(option);
            boolean breaks = option.startsWith("--") && length + word.length() > LONGEST_LINE / 2;
            lines.append(breaks ? "\n    " : " ").append(word);
            length = breaks ? word.length() : length + word.length();
        }
        return lines.toString();
    }

    private String setupLines() {
        List<String> lines = new ArrayList<>();
        if (!setup.isEmpty()) {
            lines.add("set +u # modules and environments may use variables that are not set");
            lines.addAll(setup);
            lines.add("set -u");
        }
        variables.forEach((name, value) -> lines.add("export " + name + "=" + ShellWord.of(value)));
        if (isLaunched() && !system.name().equals("slurm")) {
            StringBuilder names = new StringBuilder();
            variables.keySet().forEach(name -> names.append(' ').append(name));
            lines.add(resource("open-mpi.sh").stripTrailing().replace("@NAMES@", names));
        }
        return String.join("\n", lines);
    }

    private String start() {
        if (kind == Kind.JOIN) {
            return (isLaunched() ? "\"${launcher[@]}\" " : "")
                    + "\"$astropool\" worker --join \"$(<\"$address\")\" --secret-file \"$directory/journal/worker.secret\""
                    + (options.isEmpty() ? "" : " " + ShellWord.of(options));
        }
        return isLaunched()
                ? "ASTROPOOL_MPIEXEC=${launcher[0]} \"$astropool-mpiexec\" \"${launcher[@]:1}\" \"$astropool\" \"${run[@]}\""
                : "\"$astropool\" \"${run[@]}\"";
    }

    /** In one pass, so that values that look like placeholders are left alone. */
    private static String filled(String template, Map<String, String> values) {
        String text = template.replace("@SYSTEM@", values.getOrDefault("SYSTEM", ""));
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', from)) {
            int end = text.indexOf('@', at + 1);
            String value = end < 0 ? null : values.get(text.substring(at + 1, end));
            if (value == null) {
                filled.append(text, from, at + 1);
                from = at + 1;
            } else {
                filled.append(text, from, at).append(value);
                from = end + 1;
            }
        }
        return filled.append(text.substring(from)).toString();
    }

    private static String resource(String name) {
        try (InputStream in = BatchScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
