package org.astropool.internal.program;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts commands in front of a command line that make it a process group or a set of ranks. Stateless. */
public final class ProgramLine {
    static final String SETSID = "setsid";

    /** Whether programs can be made leaders of process groups here. */
    static final boolean HAS_GROUPS = onPath(SETSID, System.getenv("PATH")).isPresent();

    private static final String DEFAULT_MPIEXEC = "mpiexec";

    private ProgramLine() {}

    /**
     * The command line.
     *
     * @param words of the program, its parameters filled in
     * @param environment of the program
     * @throws BrokenProgramException when the program does not exist
     */
    static List<String> of(ProgramSpec spec, List<String> words, Map<String, String> environment)
            throws BrokenProgramException {
        List<String> line = new ArrayList<>(group());
        line.addAll(withinGroup(spec, words, environment));
        return line;
    }

    /** What makes a program the leader of a group. */
    public static List<String> group() {
        return HAS_GROUPS ? List.of(SETSID) : List.of();
    }

    /** The same for a program that is in a process group already. */
    static List<String> withinGroup(ProgramSpec spec, List<String> words, Map<String, String> environment)
            throws BrokenProgramException {
        List<String> line = new ArrayList<>();
        if (spec.ranks() > 1) {
            line.addAll(launcher(spec, environment));
        }
        line.add(program(words.get(0), spec, environment));
        line.addAll(words.subList(1, words.size()));
        return line;
    }

    private static List<String> launcher(ProgramSpec spec, Map<String, String> environment) {
        String ranks = String.valueOf(spec.ranks());
        boolean slurm = environment.containsKey("SLURM_JOB_ID")
                && onPath("srun", environment.get("PATH")).isPresent();
        if (slurm) {
            List<String> srun = new ArrayList<>(List.of("srun", "--exact"));
            srun.add("--overlap"); // else it would wait for the cores of the step that the pool itself is
            srun.addAll(List.of("--nodes=1", "--ntasks=" + ranks, "--cpus-per-task=" + spec.cores()));
            srun.addAll(List.of("--quiet", "--kill-on-bad-exit=1"));
            String node = environment.get("SLURMD_NODENAME");
            if (node != null) {
                srun.add("--nodelist=" + node); // that of the slot
            }
            return srun;
        }
        // --bind-to none: each of several launchers would bind its ranks to the first cores
        String mpiexec = environment.getOrDefault("ASTROPOOL_MPIEXEC", DEFAULT_MPIEXEC);
        boolean isName = mpiexec.isBlank()
                || Files.exists(Path.of(mpiexec)) // maybe with blanks
                || onPath(mpiexec, environment.get("PATH")).isPresent();
        List<String> line = new ArrayList<>(
                isName ? List.of(mpiexec) : List.of(mpiexec.strip().split("\\s+")));
        line.addAll(List.of("--bind-to", "none", "-n", ranks));
        return line;
    }

    /**
     * The file of the program; a bare word could be a built-in command of the shell.
     *
     * @throws BrokenProgramException when it does not exist
     */
    private static String program(String word, ProgramSpec spec, Map<String, String> environment)
            throws BrokenProgramException {
        if (word.indexOf('/') >= 0) {
            Path file = Path.of(spec.folder()).resolve(word).normalize();
            if (!Files.isExecutable(file) || Files.isDirectory(file)) {
                throw new BrokenProgramException(
                        "the program " + file + (Files.exists(file) ? " cannot be executed" : " does not exist")
                                + " (a first word with a slash is relative to the job file)",
                        "");
            }
            return file.toString();
        }
        Optional<Path> found = onPath(word, environment.get("PATH"));
        if (found.isEmpty()) {
            String near = Files.exists(Path.of(spec.folder()).resolve(word))
                    ? "; write ./" + word + " for the one beside the job file"
                    : "";
            throw new BrokenProgramException("there is no program \"" + word + "\" on the PATH" + near, "");
        }
        return found.get().toString();
    }

    static Optional<Path> onPath(String name, @Nullable String path) {
        for (String folder : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator)) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
