package org.astropool.internal.cli.graph;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.astropool.internal.figure.FigureFormat;
import org.astropool.internal.graph.GraphFigure;
import org.astropool.internal.graph.MermaidGraph;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.AtomicFile.Content;
import org.astropool.internal.job.JobException;
import org.astropool.internal.model.ModelException;
import org.astropool.internal.model.Models;
import org.astropool.task.Model;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code astropool models} that draw the graph of a model. */
public final class GraphOptions {
    private static final List<String> MERMAID = List.of("mermaid", "mmd");

    @Option(names = "--graph", required = true, paramLabel = "NAME", description = "Draw the graph of this model.")
    private String name = "";

    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "An option of the model, on which its graph may depend. May be repeated. Default: that of the"
                    + " model, else the first choice, else an empty value.")
    private List<String> given = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "mermaid, svg, pdf or png. Default: by the extension of FILE, else mermaid.")
    private @Nullable String format;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to FILE instead of standard output.")
    private @Nullable Path out;

    /**
     * Draws the graph.
     *
     * @param loader finds the model
     * @param messages gets the name of the file
     * @throws JobException when there is no such model or it declares no graph, or the graph cannot be written
     */
    public void draw(ClassLoader loader, Consumer<String> messages) throws JobException {
        System.setProperty("java.awt.headless", "true");
        Content content = content(graph(loader));
        if (out == null) {
            try {
                content.writeTo(System.out);
                System.out.flush();
            } catch (IOException e) {
                throw new JobException("the graph cannot be written to standard output: " + e.getMessage());
            }
            return;
        }
        if (Files.isDirectory(out)) {
            throw new JobException("--out " + out + " is a directory; name a file");
        }
        try {
            AtomicFile.write(out.toAbsolutePath(), content);
        } catch (IOException e) {
            throw new JobException(out + " cannot be written: " + e + "; choose another place with --out");
        }
        messages.accept("the graph of " + name + " is in " + out);
    }

    private Content content(ModelGraph graph) throws JobException {
        Optional<FigureFormat> figure = figureFormat();
        return figure.isEmpty()
                ? stream -> stream.write(MermaidGraph.of(graph).getBytes(StandardCharsets.UTF_8))
                : stream -> figure.get().write(GraphFigure.of(graph, "The model " + name + " as a graph"), stream);
    }

    /** Empty for Mermaid. */
    private Optional<FigureFormat> figureFormat() throws JobException {
        String ending = ending();
        if (MERMAID.contains(ending)) {
            return Optional.empty();
        }
        Optional<FigureFormat> figure = FigureFormat.ofFile(Path.of("graph." + ending));
        if (figure.isEmpty()) {
            throw new JobException(
                    format != null
                            ? "there is no --format " + format + "; the formats are mermaid, svg, pdf, png"
                            : "--out " + out + ": the ending of the name gives the format, one of .mmd, "
                                    + String.join(", ", FigureFormat.endings()) + "; or give --format");
        }
        return figure;
    }

    private String ending() {
        if (format != null) {
            return format.toLowerCase(Locale.ROOT);
        }
        String name = out == null ? MERMAID.get(0) : String.valueOf(out.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private ModelGraph graph(ClassLoader loader) throws JobException {
        try {
            Model model = Models.find(name, loader);
            return model.graph(ModelOptions.of(model, options(model)))
                    .orElseThrow(() -> new JobException(
                            "the model " + name + " declares no graph; models that do: " + withGraph(loader)));
        } catch (ModelException e) {
            throw new JobException(String.valueOf(e.getMessage()));
        } catch (OptionException e) {
            throw new JobException(e.getMessage() + "; set options of the model with --option NAME=VALUE");
        }
    }

    private static String withGraph(ClassLoader loader) {
        List<String> names = Models.all(loader).stream()
                .filter(model -> {
                    try {
                        return model.graph(ModelOptions.of(model, defaults(model)))
                                .isPresent();
                    } catch (OptionException e) {
                        return false;
                    }
                })
                .map(Model::name)
                .toList();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /** For options that must be given: the graph hardly depends on the names of files. */
    private static Map<String, Object> defaults(Model model) {
        Map<String, Object> values = new HashMap<>();
        for (ModelOption option : model.options()) {
            if (option.defaultValue() == null) {
                values.put(
                        option.name(),
                        option.choices().isEmpty()
                                ? empty(option)
                                : option.choices().get(0));
            }
        }
        return values;
    }

    private static Object empty(ModelOption option) {
        return switch (option.type()) {
            case STRING, PATH -> "";
            case INTEGER -> 0L;
            case NUMBER -> 0.0;
            case BOOLEAN -> false;
        };
    }

    private Map<String, Object> options(Model model) throws JobException {
        Map<String, Object> values = defaults(model);
        for (String text : given) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new JobException("--option: \"" + text + "\" is not NAME=VALUE");
            }
            String key = text.substring(0, equals).strip();
            String value = text.substring(equals + 1).strip();
            values.put(
                    key,
                    model.options().stream()
                            .filter(option -> option.name().equals(key))
                            .findFirst()
                            .map(option -> parsed(option, value))
                            .orElse(value));
        }
        return values;
    }

    /** Text that is not of the type stays text, which the check of the options reports. */
    private static Object parsed(ModelOption option, String value) {
        try {
            return switch (option.type()) {
                case STRING, PATH -> value;
                case INTEGER -> Long.valueOf(value);
                case NUMBER -> Double.valueOf(value);
                case BOOLEAN -> value.equals("true") || value.equals("false") ? (Object) Boolean.valueOf(value) : value;
            };
        } catch (NumberFormatException e) {
            return value;
        }
    }
}
