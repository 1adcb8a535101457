package org.astropool.internal.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.astropool.internal.model.FileDigest;
import org.astropool.internal.model.ModelFiles;
import org.jspecify.annotations.Nullable;

/**
 * The files that make up a program, as far as its command line shows: the program itself, and each word, or part of a
 * word, that names a file in the folder of the job, in the working directory, or anywhere by its absolute path; of
 * scripts also the programs and scripts that they name, and the modules of Python that they import from their own
 * folder, the working directory or PYTHONPATH. For one thread.
 *
 * <p>A script may name files that it writes, so only programs and scripts among the words of a script count, not data.
 */
final class ProgramFiles {
    /**
     * Programs that only run others and do not affect results, or that belong to the system and change with its
     * updates.
     */
    private static final Pattern INTERPRETER =
            Pattern.compile("(python|pypy|perl|ruby|lua|tclsh|node|octave|julia|php)[0-9.]*"
                    + "|octave-cli|Rscript|R|java|matlab|gnuplot|awk|gawk|mawk|sed|bash|sh|dash|ksh|zsh|csh|tcsh"
                    + "|busybox|env|nice|ionice|timeout|nohup|setsid|stdbuf|taskset|numactl|time|mpiexec|mpirun|srun"
                    + "|orterun");

    private static final Pattern SCRIPT =
            Pattern.compile(".*\\.(py|sh|bash|pl|rb|lua|tcl|js|m|jl|R|r|php|awk|gp|jar|so)", Pattern.CASE_INSENSITIVE);
    /** The characters that may separate the name of a file from other text within words and scripts. */
    private static final Pattern BETWEEN = Pattern.compile("[\\s'\"=;|&<>(),:`$\\[\\]{}]+");

    private static final Pattern IMPORT = Pattern.compile(
            "^[ \\t]*(?:from[ \\t]+([.\\w]+)[ \\t]+import[ \\t]+(.+)|import[ \\t]+(.+))$", Pattern.MULTILINE);

    private static final String PYTHON = ".py";
    /** The package of astropool, which belongs to the release; that is compared separately. */
    private static final String OURS = "astropool";

    private static final String MODULE_OF_OURS = "_serve.py";

    private static final String CODE = "file ";
    static final String DATA = "data file ";
    /** A file that has changed since then may be one that the program writes. */
    private static final long SETTLED_MILLIS = 60_000;

    private static final List<String> KERNEL = List.of("/proc/", "/sys/", "/dev/");
    private static final List<String> SYSTEM = List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/");
    private static final long LARGEST_SCRIPT = 1 << 20;
    private static final int MAGIC_BYTES = 4;
    private static final int MOST_SHELL = 1 << 16;
    private static final int MOST_FILES = 10_000;

    private final ProgramSpec spec;
    private final Set<Path> places = new LinkedHashSet<>();
    private final Set<Path> modules = new LinkedHashSet<>();
    private final boolean withImports;
    private final @Nullable String path;
    private final Map<String, Path> found = new TreeMap<>();
    private final Deque<Path> unread = new ArrayDeque<>();

    private ProgramFiles(ProgramSpec spec, boolean withImports) {
        Map<String, String> environment = ProgramEnvironment.of(spec, System.getenv());
        this.spec = spec;
        this.withImports = withImports;
        this.path = environment.get("PATH");
        if (!spec.directory().isEmpty()) {
            places.add(Path.of(spec.directory()));
        }
        places.add(Path.of(spec.folder()));
        addModules(environment.get("PYTHONPATH"));
    }

    private void addModules(@Nullable String list) {
        for (String folder : (list == null ? "" : list).split(":")) {
            if (!folder.isEmpty()) {
                places.forEach(place -> modules.add(place.resolve(folder).normalize()));
            }
        }
    }

    /**
     * Digests by name: for files in the folder of the job their path in it, for others the whole path.
     *
     * @param withImports whether modules of Python are looked for in scripts; not where the program says what it
     *     imports
     * @throws UncheckedIOException when one cannot be read
     */
    static SortedMap<String, String> digests(ProgramSpec spec, boolean withImports) {
        ProgramFiles files = new ProgramFiles(spec, withImports);
        files.find();
        SortedMap<String, String> digests = new TreeMap<>();
        files.found.forEach((name, file) -> digests.put(name, FileDigest.of(file)));
        return digests;
    }

    /**
     * What differs here from what the master has found.
     *
     * @param master of {@link #digests}
     * @return text for users; empty if there is no difference
     */
    static String differences(ProgramSpec spec, boolean withImports, Map<String, String> master) {
        ProgramFiles files = new ProgramFiles(spec, withImports);
        files.find();
        Map<String, String> here = new TreeMap<>();
        files.found.forEach((name, file) -> here.put(
                name,
                name.startsWith(DATA) && isUnsettled(file) && master.containsKey(name)
                        ? master.get(name)
                        : FileDigest.of(file)));
        return ModelFiles.differences(master, here);
    }

    /** The programs and scripts among them, by name. */
    static Map<String, Path> code(ProgramSpec spec, boolean withImports) {
        ProgramFiles files = new ProgramFiles(spec, withImports);
        files.find();
        files.found.keySet().removeIf(name -> name.startsWith(DATA));
        return files.found;
    }

    private static boolean isUnsettled(Path file) {
        try {
            return System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis() < SETTLED_MILLIS;
        } catch (IOException e) {
            return false; // its digest will say why
        }
    }

    /**
     * The interpreter that runs the program, with its path and modification time: reading it would take longer than
     * starting it.
     */
    static SortedMap<String, String> interpreters(ProgramSpec spec) {
        ProgramFiles files = new ProgramFiles(spec, false);
        SortedMap<String, String> interpreters = new TreeMap<>();
        for (String word : spec.words()) {
            if (isInterpreter(word)) {
                files.program(word).ifPresent(file -> interpreters.put("interpreter " + word, identity(file)));
            }
        }
        return interpreters;
    }

    private static String identity(Path program) {
        try {
            Path real = program.toRealPath();
            return real + ", " + Files.size(real) + " bytes of " + Files.getLastModifiedTime(real);
        } catch (IOException e) {
            return program + ", which cannot be read";
        }
    }

    private static boolean isInterpreter(String word) {
        return INTERPRETER.matcher(word.substring(word.lastIndexOf('/') + 1)).matches();
    }

    private void find() {
        List<String> words = spec.words().stream()
                .map(word -> word.replace("{job}", spec.folder()))
                .toList();
        boolean runsAnother = true; // so that a bare word may be a program on the PATH
        String before = "";
        for (String word : words) {
            if (runsAnother && !isInterpreter(word)) {
                Optional<Path> program = program(word);
                // by its name: hosts may have it in other folders
                program.ifPresent(file -> add(word.indexOf('/') < 0 ? CODE + word : nameOf(CODE, file), file));
                runsAnother = program.isEmpty() && file(word).isEmpty();
            }
            if (word.startsWith("PYTHONPATH=")) { // behind env
                addModules(word.substring(word.indexOf('=') + 1));
            }
            if (before.equals("-m")) {
                addModule(Path.of(spec.folder()), roots(), word);
            }
            addNamed(word);
            for (String part : BETWEEN.split(word)) {
                addNamed(part);
                if (word.indexOf(' ') >= 0) { // a line for a shell
                    addOnPath(part);
                }
            }
            before = word;
        }
        while (!unread.isEmpty() && found.size() < MOST_FILES) {
            Path script = unread.remove();
            String text = text(script);
            if (!text.isEmpty()) {
                read(script, text);
            }
        }
    }

    private void addNamed(String word) {
        if (!isInterpreter(word)) {
            file(word).ifPresent(file -> {
                if (isProgram(file)) {
                    addCode(file);
                } else {
                    add(nameOf(DATA, file), file);
                }
            });
        }
    }

    /** A program of the user: a shell script names dozens of system programs, and words that only look like them. */
    private void addOnPath(String word) {
        if (word.indexOf('/') < 0 && !word.isEmpty() && !isInterpreter(word)) {
            ProgramLine.onPath(word, path)
                    .filter(file -> SYSTEM.stream().noneMatch(file.toString()::startsWith))
                    .ifPresent(file -> add(CODE + word, file));
        }
    }

    /** A program as the command line names it. */
    private Optional<Path> program(String word) {
        if (word.indexOf('/') >= 0) {
            return file(word);
        }
        return word.isEmpty() || word.startsWith("-") ? Optional.empty() : ProgramLine.onPath(word, path);
    }

    /** The file that a word names: not a folder, a device or a pipe, which would be read endlessly. */
    private Optional<Path> file(String word) {
        try {
            return word.isEmpty()
                    ? Optional.empty()
                    : places.stream()
                            .map(place -> place.resolve(word).normalize())
                            .filter(Files::isRegularFile)
                            .filter(file -> KERNEL.stream().noneMatch(file.toString()::startsWith))
                            .findFirst();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void addCode(Path file) {
        add(nameOf(CODE, file), file);
    }

    private String nameOf(String kind, Path file) {
        Path folder = Path.of(spec.folder()).normalize();
        Path absolute = file.toAbsolutePath().normalize();
        return kind + (absolute.startsWith(folder) ? folder.relativize(absolute) : absolute);
    }

    private void add(String name, Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        if (isOurs(absolute) || !Files.isReadable(absolute)) { // it may be executable but not readable
            return;
        }
        if (found.putIfAbsent(name, absolute) == null) {
            unread.add(absolute);
        }
    }

    private static boolean isOurs(Path file) {
        Path folder = file.getParent();
        return folder != null && folder.endsWith(OURS) && Files.exists(folder.resolve(MODULE_OF_OURS));
    }

    /** By its first bytes: on some file systems every file is executable. */
    private static boolean isProgram(Path file) {
        if (SCRIPT.matcher(file.toString()).matches()) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String magic = new String(in.readNBytes(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
            return Files.isExecutable(file) && (magic.startsWith("#!") || magic.equals("\177ELF") || isMachO(magic));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isMachO(String magic) {
        return magic.equals("\317\372\355\376") || magic.equals("\312\376\272\276");
    }

    /** Of a script, else "". */
    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST_SCRIPT) {
                return "";
            }
            byte[] bytes = Files.readAllBytes(file);
            boolean isScript = (bytes.length > 2 && bytes[0] == '#' && bytes[1] == '!')
                    || SCRIPT.matcher(file.toString()).matches();
            for (byte each : bytes) {
                isScript &= each != 0;
            }
            return isScript ? new String(bytes, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file + " of the program cannot be read: " + e.getMessage(), e);
        }
    }

    private void read(Path script, String text) {
        Path folder = script.getParent();
        if (folder == null) {
            return;
        }
        if (isPython(script, text)) {
            if (withImports) {
                addImports(folder, text);
            }
            return;
        }
        for (String part : Set.copyOf(Arrays.asList(BETWEEN.split(text)))) {
            file(part)
                    .or(() -> beside(folder, part))
                    .filter(ProgramFiles::isProgram)
                    .filter(file -> !isInterpreter(part))
                    .ifPresent(this::addCode);
            if (text.length() < MOST_SHELL) {
                addOnPath(part);
            }
        }
    }

    /** Also {@code "$(dirname "$0")/fit"}. */
    private static Optional<Path> beside(Path folder, String name) {
        try {
            return Optional.of(folder.resolve(name.replaceFirst("^/+", "")).normalize())
                    .filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean isPython(Path script, String text) {
        return script.toString().endsWith(PYTHON)
                || (text.startsWith("#!") && text.lines().findFirst().orElse("").contains("python"));
    }

    private void addImports(Path folder, String text) {
        Set<Path> roots = roots();
        roots.add(folder);
        IMPORT.matcher(text.replace("\\\n", " ")).results().forEach(match -> {
            List<String> names = new ArrayList<>();
            String from = match.group(1);
            for (String item : (from == null ? match.group(3) : match.group(2)).split("[,;()#]")) {
                String name = item.strip().split("\\s")[0];
                names.add(from == null ? name : from + (from.endsWith(".") ? "" : ".") + name);
            }
            if (from != null) {
                names.add(from);
            }
            names.forEach(name -> addModule(folder, roots, name));
        });
    }

    /** Modules outside of the job's folder have names of their own: hosts may have them in other folders. */
    private void addModule(Path root, Path file) {
        if (Files.isRegularFile(file)) {
            boolean isInside =
                    file.normalize().startsWith(Path.of(spec.folder()).normalize());
            add(isInside ? nameOf(CODE, file) : "module " + root.relativize(file), file);
        }
    }

    private Set<Path> roots() {
        Set<Path> roots = new LinkedHashSet<>(modules);
        roots.addAll(places);
        return roots;
    }

    /** The module, and the packages that it is in. */
    private void addModule(Path folder, Set<Path> roots, String name) {
        int dots = 0;
        while (dots < name.length() && name.charAt(dots) == '.') {
            dots++;
        }
        Path parent = folder;
        for (int i = 1; i < dots && parent.getParent() != null; i++) {
            parent = parent.getParent();
        }
        String[] parts = name.substring(dots).split("\\.");
        for (Path root : dots > 0 ? Set.of(parent) : roots) {
            Path place = root;
            for (String part : parts) {
                if (!part.matches("\\w+")) {
                    break;
                }
                place = place.resolve(part);
                addModule(root, place.resolveSibling(part + PYTHON));
                addModule(root, place.resolve("__init__" + PYTHON));
            }
        }
    }
}
