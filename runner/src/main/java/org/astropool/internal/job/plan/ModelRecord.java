package org.astropool.internal.job.plan;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.astropool.internal.model.ModelFiles;
import org.astropool.internal.program.ProgramModel;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;

/**
 * What a model consists of when a run begins, so that a resume does not continue with another one. Immutable.
 *
 * @param parts digests of files, and versions, by descriptive names
 * @param accepted changes of the model since the run began that the user has accepted
 */
public record ModelRecord(SortedMap<String, String> parts, List<String> accepted) {
    /**
     * The interpreter changes with updates of the system and contains no code of the user: a change is reported, but
     * not refused.
     */
    private static final String INTERPRETER = "interpreter ";
    /**
     * Named on a command line, or read by the program. A file that did not exist before may have been written by the
     * program.
     */
    private static final String DATA = "data file ";

    private static final String CLASS_PATH = "ASTROPOOL_CLASS_PATH";

    /** Of a run that is only read. */
    public static final ModelRecord NONE = new ModelRecord(new TreeMap<>(), List.of());

    public ModelRecord {
        accepted = List.copyOf(accepted);
    }

    /**
     * Reads all of the model's files.
     *
     * @throws java.io.UncheckedIOException when one cannot be read
     */
    static ModelRecord of(Model model, ModelOptions options, List<String> classPath) {
        SortedMap<String, String> parts = new TreeMap<>();
        if (model instanceof ProgramModel program) {
            parts.putAll(program.digests());
            parts.putAll(program.interpreters());
            parts.putAll(program.declaration().files());
            if (!program.declaration().version().isEmpty()) {
                parts.put("version", program.declaration().version());
            }
        } else {
            List<String> classes = new ArrayList<>(classPath);
            Optional.ofNullable(System.getenv(CLASS_PATH)).stream()
                    .flatMap(entries -> List.of(entries.split(File.pathSeparator)).stream())
                    .filter(entry -> !entry.isEmpty() && !entry.endsWith("*"))
                    .forEach(classes::add);
            parts.putAll(ofClasses(model, options, classes));
        }
        return new ModelRecord(parts, List.of());
    }

    /** Of a model on the class path: its data files, and jars and folders of classes. */
    static SortedMap<String, String> ofClasses(Model model, ModelOptions options, List<String> classPath) {
        return ModelFiles.of(
                model.dataFiles(options), classPath.stream().map(Path::of).toList());
    }

    /** The differences between the model at the beginning of the run and now, except those of the interpreter. */
    public List<String> changesSince(Map<String, String> recorded) {
        List<String> changes = new ArrayList<>();
        for (String name : names(recorded)) {
            boolean isNewData = name.startsWith(DATA) && !recorded.containsKey(name);
            if (!name.startsWith(INTERPRETER) && !isNewData) {
                addChange(name, recorded, changes);
            }
        }
        return changes;
    }

    /** The differences of the interpreter. */
    public List<String> interpreterChangesSince(Map<String, String> recorded) {
        List<String> changes = new ArrayList<>();
        for (String name : names(recorded)) {
            if (name.startsWith(INTERPRETER)) {
                addChange(name, recorded, changes);
            }
        }
        return changes;
    }

    private TreeSet<String> names(Map<String, String> recorded) {
        TreeSet<String> names = new TreeSet<>(recorded.keySet());
        names.addAll(parts.keySet());
        return names;
    }

    private void addChange(String name, Map<String, String> recorded, List<String> changes) {
        String was = recorded.getOrDefault(name, "not part of it");
        String is = parts.getOrDefault(name, "not part of it");
        if (!was.equals(is)) {
            changes.add(ModelFiles.difference(name, was, is));
        }
    }

    /** Everything that the results depend on, as text. */
    List<String> identity() {
        return parts.entrySet().stream()
                .filter(part -> !part.getKey().startsWith(INTERPRETER))
                .map(part -> part.getKey() + " " + part.getValue())
                .toList();
    }

    /** The same with more accepted changes. */
    public ModelRecord accepting(List<String> more) {
        List<String> all = new ArrayList<>(accepted);
        more.stream().filter(change -> !all.contains(change)).forEach(all::add);
        return new ModelRecord(parts, all);
    }
}
