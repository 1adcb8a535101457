package org.astropool.internal.launch;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How this process was started.
 *
 * @param launcher who started it
 * @param rank from 0
 * @param size how many ranks were started together
 * @param ranksHere how many of them on this node; 1 when unknown
 * @param loss what the launcher does when a rank is lost
 * @param words what the launcher has put before the arguments of {@code main}
 */
public record Launch(Launcher launcher, int rank, int size, int ranksHere, Loss loss, List<String> words) {
    private static final int MPJ_WORDS = 3;
    private static final String MULTICORE = "smpdev";
    private static final Set<String> MPJ_DEVICES = Set.of(MULTICORE, "niodev", "hybdev");
    private static final Pattern MPJ_SIZE = Pattern.compile("(?:.*#Number of Processes;)?(\\d+)(?:;.*)?");

    /**
     * The words are there once, in {@code main}, and mean the whole rank: multicore mode has a class loader for each.
     */
    private static volatile List<String> wordsOfThisRank = List.of();

    private Launch(Launcher launcher, int rank, int size, int ranksHere, Loss loss) {
        this(launcher, rank, size, ranksHere, loss, List.of());
    }

    /** What becomes of the other ranks when one is lost. */
    public enum Loss {
        ENDS_THE_JOB,
        MAY_END_THE_JOB,
        ENDS_NOTHING
    }

    /** Who starts processes. */
    public enum Launcher {
        /** A shell, a program: nobody who starts ranks. */
        NONE("no launcher"),
        OPEN_MPI("mpiexec of Open MPI"),
        HYDRA("mpiexec of MPICH or a relative"),
        PMIX("a launcher with PMIx"),
        /** srun without an MPI plugin: ranks that cannot find each other by MPI. */
        SRUN_WITHOUT_MPI("srun without MPI"),
        /** Tells a rank who it is by the arguments of its {@code main}. */
        MPJ("mpjrun of MPJ Express");

        private final String description;

        Launcher(String description) {
            this.description = description;
        }

        /** For people. */
        public String description() {
            return description;
        }
    }

    /**
     * How this process, or in MPJ's multicore mode this rank, was started.
     *
     * @param arguments those of {@code main}; they may be left out by whoever does not have them, when they were given
     *     once
     */
    public static Launch ofThisProcess(String... arguments) {
        if (arguments.length >= MPJ_WORDS && MPJ_DEVICES.contains(arguments[MPJ_WORDS - 1])) {
            wordsOfThisRank = List.of(arguments).subList(0, MPJ_WORDS);
        }
        return wordsOfThisRank.isEmpty() ? of(System.getenv()) : ofMpj(wordsOfThisRank);
    }

    private static Launch ofMpj(List<String> words) {
        Matcher sizes = MPJ_SIZE.matcher(words.get(1));
        int size = sizes.matches() ? Integer.parseInt(sizes.group(1)) : 1;
        boolean multicore = words.get(MPJ_WORDS - 1).equals(MULTICORE);
        return new Launch(
                Launcher.MPJ, Integer.parseInt(words.get(0)), size, multicore ? size : 1, Loss.ENDS_THE_JOB, words);
    }

    /** Reads the environment of a process. */
    public static Launch of(Map<String, String> environment) {
        if (environment.containsKey("OMPI_COMM_WORLD_SIZE")) {
            return new Launch(
                    Launcher.OPEN_MPI,
                    number(environment, "OMPI_COMM_WORLD_RANK", 0),
                    number(environment, "OMPI_COMM_WORLD_SIZE", 1),
                    number(environment, "OMPI_COMM_WORLD_LOCAL_SIZE", 1),
                    isSet(environment, "OMPI_MCA_orte_enable_recovery") ? Loss.ENDS_NOTHING : Loss.ENDS_THE_JOB);
        }
        if (environment.containsKey("PMI_RANK")) {
            return new Launch(
                    Launcher.HYDRA,
                    number(environment, "PMI_RANK", 0),
                    number(environment, "PMI_SIZE", stepTasks(environment)),
                    number(environment, "MPI_LOCALNRANKS", tasksHere(environment)),
                    lossUnderSrun(environment));
        }
        if (environment.containsKey("PMIX_RANK")) {
            return new Launch(
                    Launcher.PMIX,
                    number(environment, "PMIX_RANK", 0),
                    stepTasks(environment),
                    tasksHere(environment),
                    lossUnderSrun(environment));
        }
        // sbatch sets SLURM_PROCID for its script as well, but only srun's tasks have a step with several tasks
        if (environment.containsKey("SLURM_STEP_ID") && stepTasks(environment) > 1) {
            return new Launch(
                    Launcher.SRUN_WITHOUT_MPI,
                    number(environment, "SLURM_PROCID", 0),
                    stepTasks(environment),
                    tasksHere(environment),
                    lossUnderSrun(environment));
        }
        return new Launch(Launcher.NONE, 0, 1, 1, Loss.ENDS_THE_JOB);
    }

    /**
     * What srun does depends on its option -K, its site and its MPI plugin. Ranks under the mpiexec of MPICH, which
     * srun has only started the daemons of, have the variables of both.
     */
    private static Loss lossUnderSrun(Map<String, String> environment) {
        boolean srun = environment.containsKey("SLURM_STEP_ID") && !environment.containsKey("MPI_LOCALNRANKS");
        return srun && !isSet(environment, "SLURM_KILL_BAD_EXIT") ? Loss.MAY_END_THE_JOB : Loss.ENDS_THE_JOB;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return Set.of("1", "true", "yes")
                .contains(environment.getOrDefault(name, "").toLowerCase(Locale.ROOT));
    }

    /** Whether there may be ranks on other nodes. */
    public boolean mayHaveSeveralNodes() {
        return ranksHere < size;
    }

    /** Whether the ranks can find each other by MPI. */
    public boolean isMpi() {
        return launcher == Launcher.OPEN_MPI || launcher == Launcher.HYDRA || launcher == Launcher.PMIX;
    }

    /** The carrier by which the ranks can find each other: mpi, mpj, or "". */
    public String carrier() {
        return isMpi() ? "mpi" : launcher == Launcher.MPJ ? "mpj" : "";
    }

    /** Whether the ranks are threads of one process: nobody may end that while others work. */
    public boolean sharesItsProcess() {
        return words.contains(MULTICORE);
    }

    private static int stepTasks(Map<String, String> environment) {
        return number(environment, "SLURM_STEP_NUM_TASKS", 1);
    }

    private static int tasksHere(Map<String, String> environment) {
        return number(environment, "SLURM_STEP_NUM_NODES", 0) == 1 ? stepTasks(environment) : 1;
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        @Nullable String text = environment.get(name);
        try {
            return text == null ? otherwise : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return otherwise; // a foreign variable is no reason to fail; MPI itself tells rank and size later
        }
    }
}
