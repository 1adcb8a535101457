package org.astropool.internal.job.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.astropool.internal.design.DesignPoints;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.model.FileDigest;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.astropool.task.ModelOption;
import org.astropool.task.Output;
import org.astropool.task.Points;
import org.astropool.task.TaskList;

/** SHA-256 digests of everything that a result depends on. */
public final class Digests {
    private Digests() {}

    /**
     * Of the job without [output] and [run], and without paths: two folders with the same data give the same results.
     */
    public static String of(EvaluationSpec spec) {
        if (spec.model() instanceof RecordedModel recorded) {
            return recorded.jobDigest();
        }
        StringBuilder text = new StringBuilder();
        text.append("name ").append(spec.name()).append('\n');
        text.append("seed ").append(spec.seed()).append('\n');
        text.append("model ").append(spec.model().name()).append('\n');
        appendOptions(spec, text);
        Programs.identity(spec.model())
                .forEach(line -> text.append("program ").append(line).append('\n'));
        return ofPoints(spec, text);
    }

    /**
     * The same without the model except for its parameters and outputs: results of models with the same digest can be
     * in one journal.
     */
    public static String ofPoints(EvaluationSpec spec) {
        StringBuilder text = new StringBuilder();
        text.append("name ").append(spec.name()).append('\n');
        text.append("seed ").append(spec.seed()).append('\n');
        spec.parameters()
                .forEach(parameter ->
                        text.append("model parameter ").append(parameter.name()).append('\n'));
        for (Output output : spec.outputs()) {
            text.append("output ").append(output.name()).append(' ').append(output.type());
            text.append(' ').append(output.length()).append('\n');
        }
        return ofPoints(spec, text);
    }

    private static String ofPoints(EvaluationSpec spec, StringBuilder text) {
        new TreeMap<>(spec.fixed())
                .forEach((key, value) -> text.append("fixed ")
                        .append(key)
                        .append(' ')
                        .append(value)
                        .append('\n'));
        new TreeMap<>(spec.notes())
                .forEach((key, note) -> text.append("parameter ")
                        .append(key)
                        .append(' ')
                        .append(note)
                        .append('\n'));
        if (spec.points() instanceof Grid grid) {
            append(grid, text);
        } else if (spec.points() instanceof ProposedPoints proposals) {
            text.append("search ").append(proposals.identity()).append('\n');
        } else if (spec.points() instanceof DesignPoints design) {
            text.append("design ").append(design.identity()).append('\n');
        } else {
            append(spec.points(), spec.labels(), text);
        }
        return HexFormat.of().formatHex(sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static void append(Grid grid, StringBuilder text) {
        for (Axis axis : grid.axes()) {
            text.append("axis ")
                    .append(axis.name())
                    .append(' ')
                    .append(axis.spacing())
                    .append(' ');
            text.append(Arrays.toString(axis.values())).append('\n');
        }
    }

    private static void append(Points points, Optional<TaskList> labels, StringBuilder text) {
        text.append("points ").append(points.names()).append('\n');
        double[] point = new double[points.names().size()];
        for (int i = 0; i < points.size(); i++) {
            points.point(i, point);
            text.append(Arrays.toString(point));
            if (labels.isPresent()) {
                text.append(labels.get().values(i));
            }
            text.append('\n');
        }
    }

    /** Of the data files that the model reads, in its order. */
    public static List<DataFile> dataFiles(EvaluationSpec spec) {
        return spec.model() instanceof RecordedModel recorded
                ? recorded.files()
                : spec.model().dataFiles(spec.options()).stream()
                        .map(file -> new DataFile(String.valueOf(file.getFileName()), of(file)))
                        .toList();
    }

    /** Of the model's options, without paths, and of all parts of the model. */
    public static String ofModel(EvaluationSpec spec) {
        StringBuilder text = new StringBuilder();
        appendOptions(spec, text);
        spec.modelRecord().identity().forEach(line -> text.append(line).append('\n'));
        return HexFormat.of().formatHex(sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Of the model's options, without paths, and of the data files that it reads: for the header of a journal. */
    public static String ofOptionsAndData(EvaluationSpec spec) {
        return ofOptionsAndData(spec, dataFiles(spec));
    }

    /** @param files {@link #dataFiles} of it */
    public static String ofOptionsAndData(EvaluationSpec spec, List<DataFile> files) {
        StringBuilder text = new StringBuilder();
        appendOptions(spec, text);
        for (DataFile file : files) {
            text.append("data ").append(file.sha256()).append('\n');
        }
        return HexFormat.of().formatHex(sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static void appendOptions(EvaluationSpec spec, StringBuilder text) {
        Map<String, Object> options = new TreeMap<>(spec.options().asMap());
        for (ModelOption option : spec.model().options()) {
            if (option.type() == ModelOption.Type.PATH) {
                options.remove(option.name());
            }
        }
        options.forEach((key, value) ->
                text.append("option ").append(key).append(' ').append(value).append('\n'));
    }

    /** Of the digests of some files, in their order. */
    public static String of(List<DataFile> files) {
        String digests = files.stream().map(DataFile::sha256).collect(Collectors.joining("\n"));
        return HexFormat.of().formatHex(sha256().digest(digests.getBytes(StandardCharsets.UTF_8)));
    }

    public static String of(Path file) {
        try {
            JsonFile.checkRegular(file);
        } catch (IOException e) {
            throw new UncheckedIOException("data file " + e.getMessage(), e);
        }
        return FileDigest.of(file);
    }

    private static MessageDigest sha256() {
        return FileDigest.sha256();
    }
}
