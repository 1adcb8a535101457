package org.astropool.internal.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.internal.cli.graph.GraphOptions;
import org.astropool.internal.cli.options.ClassPath;
import org.astropool.internal.job.JobException;
import org.astropool.internal.model.Models;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Lists the available models: their options, parameters and outputs. With --graph, draws a model as"
                        + " a graph of its variables.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool models",
            "  astropool models --class-path my-model.jar",
            "  astropool models --graph supernova-hierarchical --out graph.svg"
        })
final class ModelsCommand implements Callable<Integer> {

    @Mixin
    private ClassPath classPath;

    @ArgGroup(exclusive = false)
    private @Nullable GraphOptions graph;

    @Override
    public Integer call() throws JobException {
        ClassLoader loader = Models.loader(classPath.entries(), ModelsCommand.class.getClassLoader());
        if (graph != null) {
            graph.draw(loader, new Messages(System.err)::say);
            return 0;
        }
        List<Model> models = Models.all(loader);
        if (models.isEmpty()) {
            throw new JobException("there are no models on the class path; add a jar with models with --class-path");
        }
        models.forEach(model -> print(model, System.out));
        return 0;
    }

    private static void print(Model model, PrintStream out) {
        out.println(model.name() + ": " + model.description());
        TextTable options = new TextTable();
        for (ModelOption option : model.options()) {
            options.row("  option", option.name(), type(option), option.description());
        }
        out.print(options);
        try {
            print(model, ModelOptions.of(model, Map.of()), out);
        } catch (OptionException e) {
            out.println("  its parameters and outputs depend on options that have no default");
        }
        out.println();
    }

    private static void print(Model model, ModelOptions options, PrintStream out) {
        TextTable table = new TextTable();
        for (Parameter parameter : model.parameters(options)) {
            table.row("  parameter", parameter.name(), parameter.unit(), parameter.description());
        }
        for (Output output : model.outputs(options)) {
            table.row("  output", output.name(), output.unit(), output.description());
        }
        out.print(table);
    }

    private static String type(ModelOption option) {
        if (!option.choices().isEmpty()) {
            return String.join(" | ", option.choices());
        }
        String type = option.type().name().toLowerCase(Locale.ROOT);
        return option.defaultValue() == null ? type + ", must be given" : type + ", default " + option.defaultValue();
    }
}
