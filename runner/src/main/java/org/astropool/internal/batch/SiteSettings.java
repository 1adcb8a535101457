package org.astropool.internal.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Section;
import org.astropool.internal.job.config.TomlDocument;

/**
 * What is always the same at a site: the files {@code site.toml} of the system and of the user. The user's beats the
 * system's, key by key. Immutable.
 *
 * @param files that were read, the user's first
 * @param launcher of ranks, maybe with options; "none" for a single process
 * @param modules for {@code module load}
 * @param setup more lines of the shell
 * @param options of the command that submits
 * @param requeues whether a job is run again, where that is possible, rather than followed by another one
 */
public record SiteSettings(
        List<Path> files,
        Optional<String> scheduler,
        Optional<String> account,
        Optional<String> partition,
        Optional<Integer> nodes,
        Optional<Duration> time,
        Optional<Integer> coresPerNode,
        Optional<Boolean> wholeNodes,
        Optional<String> launcher,
        Optional<List<String>> modules,
        Optional<List<String>> setup,
        Optional<List<String>> options,
        Optional<String> tmpdir,
        Optional<Boolean> requeues) {

    /** For messages and the documentation of keys. */
    public static final String FILE = "astropool/site.toml";

    /** Defines the command, which a shell that is no login shell has only from the shell that submitted the job. */
    private static final String MODULE = """
            if ! type module >/dev/null 2>&1; then
                for file in /etc/profile.d/*mod*.sh; do
                    # shellcheck source=/dev/null
                    [[ ! -r $file ]] || . "$file"
                done
            fi""";

    private static final SiteSettings NONE = new SiteSettings(
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final Path SYSTEM = Path.of("/etc");
    private static final String SYSTEM_VARIABLE = "ASTROPOOL_SITE";

    /**
     * The files that are looked for, the user's first.
     *
     * @param environment which may name other places: {@code XDG_CONFIG_HOME}, and {@code ASTROPOOL_SITE} for the file
     *     of the system
     */
    public static List<Path> places(Map<String, String> environment) {
        List<Path> places = new ArrayList<>();
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (!config.isEmpty()) {
            places.add(Path.of(config).resolve(FILE));
        } else if (!home.isEmpty()) {
            places.add(Path.of(home).resolve(".config").resolve(FILE));
        }
        String system = environment.getOrDefault(SYSTEM_VARIABLE, "");
        places.add(system.isEmpty() ? SYSTEM.resolve(FILE) : Path.of(system));
        return places;
    }

    /**
     * @throws JobException with all problems of a file; and when {@code ASTROPOOL_SITE} names one that does not exist
     */
    public static SiteSettings read(Map<String, String> environment) throws JobException {
        SiteSettings settings = NONE;
        for (Path file : places(environment)) {
            if (Files.exists(file) || file.toString().equals(environment.get(SYSTEM_VARIABLE))) {
                settings = settings.or(read(file, environment));
            }
        }
        return settings;
    }

    private static SiteSettings read(Path file, Map<String, String> environment) throws JobException {
        TomlDocument document = TomlDocument.read("site file", file, List.of(), environment);
        List<String> problems = new ArrayList<>();
        Section root = new Section(document.root(), List.of(), document.origin(), problems);
        SiteSettings settings = new SiteSettings(
                List.of(file),
                root.string("scheduler").filter(name -> isScheduler(root, name)),
                root.string("account").filter(text -> !text.isBlank()), // a variable may be empty
                root.string("partition").filter(text -> !text.isBlank()),
                root.count("nodes", 1),
                root.string("time").flatMap(text -> time(root, text)),
                root.count("cores_per_node", 1),
                root.flag("whole_nodes"),
                root.string("launcher").filter(text -> !text.isBlank()),
                root.strings("modules"),
                root.strings("setup"),
                root.strings("options"),
                root.string("tmpdir").filter(text -> !text.isBlank()),
                root.flag("requeue"));
        root.rejectUnknownKeys();
        if (!problems.isEmpty()) {
            throw new JobException(problems.stream()
                    .map(problem -> file.toAbsolutePath().getParent() + "/" + problem)
                    .toList());
        }
        return settings;
    }

    private static boolean isScheduler(Section root, String name) {
        try {
            BatchSystem.of(name);
            return true;
        } catch (JobException e) {
            root.problem("scheduler", "scheduler: " + e.getMessage());
            return false;
        }
    }

    private static Optional<Duration> time(Section root, String text) {
        try {
            return Optional.of(BatchTime.parse(text));
        } catch (IllegalArgumentException e) {
            root.problem("time", "time: " + e.getMessage());
            return Optional.empty();
        }
    }

    private SiteSettings or(SiteSettings other) {
        List<Path> all = new ArrayList<>(files);
        all.addAll(other.files);
        return new SiteSettings(
                List.copyOf(all),
                scheduler.or(other::scheduler),
                account.or(other::account),
                partition.or(other::partition),
                nodes.or(other::nodes),
                time.or(other::time),
                coresPerNode.or(other::coresPerNode),
                wholeNodes.or(other::wholeNodes),
                launcher.or(other::launcher),
                modules.or(other::modules),
                setup.or(other::setup),
                options.or(other::options),
                tmpdir.or(other::tmpdir),
                requeues.or(other::requeues));
    }

    /** The lines of the shell that prepare a job: modules, then the others. */
    public List<String> setupLines() {
        List<String> lines = new ArrayList<>();
        modules.filter(names -> !names.isEmpty()).ifPresent(names -> {
            lines.add(MODULE);
            lines.add("module load "
                    + String.join(" ", names.stream().map(ShellWord::of).toList()));
        });
        setup.ifPresent(lines::addAll);
        return lines;
    }

    /** The keys that are given, for people. */
    public Map<String, String> described() {
        Map<String, String> described = new LinkedHashMap<>();
        scheduler.ifPresent(value -> described.put("scheduler", value));
        account.ifPresent(value -> described.put("account", value));
        partition.ifPresent(value -> described.put("partition", value));
        nodes.ifPresent(value -> described.put("nodes", value.toString()));
        time.ifPresent(value -> described.put("time", value.toMinutes() + " min"));
        coresPerNode.ifPresent(value -> described.put("cores_per_node", value.toString()));
        wholeNodes.ifPresent(value -> described.put("whole_nodes", value.toString()));
        launcher.ifPresent(value -> described.put("launcher", value));
        modules.ifPresent(value -> described.put("modules", String.join(", ", value)));
        setup.ifPresent(value -> described.put("setup", String.join("; ", value)));
        options.ifPresent(value -> described.put("options", String.join(" ", value)));
        tmpdir.ifPresent(value -> described.put("tmpdir", value));
        requeues.ifPresent(value -> described.put("requeue", value.toString()));
        return described;
    }
}
