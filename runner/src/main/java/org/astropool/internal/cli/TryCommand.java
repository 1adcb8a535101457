package org.astropool.internal.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.options.JobArguments;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.plan.TrialEvaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Evaluates one point of a job in this process, and shows all input and output of a program.",
        footerHeading = "%nExamples:%n",
        footer = {"  astropool try job.toml", "  astropool try job.toml --point omega_m=0.3,w=-1"})
final class TryCommand implements Callable<Integer> {

    @Mixin
    private JobArguments arguments;

    @Option(
            names = "--point",
            paramLabel = "NAME=VALUE,...",
            hideParamSyntax = true,
            split = ",",
            description =
                    "Values of parameters, for instance omega_m=0.3,w=-1. The others have the first value of the grid or"
                            + " their fixed value.")
    private List<String> point = new ArrayList<>();

    @Override
    public Integer call() throws JobException {
        Job job = arguments.read(List.of(), System.getenv());
        PrintStream out = System.out;
        TrialEvaluation trial = TrialEvaluation.of(job, point(), (what, text) -> print(out, what, text));
        trial.parameters().forEach((name, value) -> out.println("parameter " + name + " = " + value));
        out.println(String.format(Locale.ROOT, "took %.6f s", trial.seconds()));
        trial.outputs().forEach((name, value) -> out.println("output " + name + " = " + value));
        if (trial.failure().isPresent()) {
            out.println("the point failed: " + trial.failure().get());
            if (!trial.lastWords().isEmpty()) {
                out.println(trial.lastWords().indent(2).stripTrailing());
            }
            return ExitCode.FAILURES.code();
        }
        return ExitCode.OK.code();
    }

    private static void print(PrintStream out, String what, String text) {
        if (text.contains("\n")) {
            out.println(what + ":");
            out.println(text.indent(2).stripTrailing());
        } else {
            out.println(what + ": " + text);
        }
    }

    private Map<String, Double> point() throws JobException {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String each : point) {
            String[] parts = each.split("=", 2);
            try {
                values.put(parts[0].strip(), Double.valueOf(parts[1]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new JobException("--point " + each + " is not of the form name=number");
            }
        }
        return values;
    }
}
