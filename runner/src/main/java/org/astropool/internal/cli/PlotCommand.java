package org.astropool.internal.cli;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.astropool.internal.contour.ContourLine;
import org.astropool.internal.figure.FigureFormat;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.RunPoints;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.model.Models;
import org.astropool.internal.plot.ContourArea;
import org.astropool.internal.plot.DrawnMarginal;
import org.astropool.internal.plot.Plot;
import org.astropool.internal.plot.PlotKind;
import org.astropool.internal.plot.PlotRequest;
import org.astropool.internal.plot.PlotRequest.NamedPoint;
import org.astropool.internal.plot.PlotRun;
import org.astropool.internal.plot.Plots;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plot",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Draws a run, even while it is running or after it was interrupted: contours of a grid or of a"
                + " chain, marginals, traces, durations, failures.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool plot out/pantheon-wcdm",
            "  astropool plot out/jla --params omega_m,alpha,beta --out jla.pdf",
            "  astropool plot out/grid out/chain --label grid --label chain --out a.png",
            "  astropool plot out/sim --truth w=-1 --point \"Planck:omega_m=0.315,w=-1\"",
            "",
            "Replaces FILE. An existing FILE is left as it is if the figure cannot be drawn."
        })
final class PlotCommand implements Callable<Integer> {
    private static final double NARROWEST_MM = 30;
    private static final double WIDEST_MM = 1000;

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description =
                    "The output directories of runs. Contours and marginals of several are drawn over each" + " other.")
    private List<Path> directories = List.of();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "${COMPLETION-CANDIDATES}. Default: contour, corner or marginal, by the number of parameters;"
                    + " trace for a maximum; timeline for other runs.",
            completionCandidates = Kinds.class)
    private @Nullable String kind;

    @Option(
            names = "--params",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "NAME,...",
            description = "The parameters, in order, for instance omega_m,w. Default: all that vary.")
    private List<String> parameters = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file; svg, pdf or png, by the extension of its name. Default: KIND.svg in DIR.")
    private @Nullable Path out;

    @Option(
            names = "--width",
            paramLabel = "WIDTH",
            description = "The width: one or two columns of a journal (88, 180 mm), or a number of mm.")
    private @Nullable String width;

    @Option(
            names = "--truth",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "NAME=VALUE,...",
            description = "Values that are marked by lines, for instance omega_m=0.3,w=-1.")
    private List<String> truth = List.of();

    @Option(
            names = "--point",
            paramLabel = "LABEL:NAME=VALUE,...",
            description = "A point that is marked, such as a published value. May be repeated.")
    private List<String> points = List.of();

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            description = "The name of a DIR in the legend; one for each DIR. Default: the name of its job.")
    private List<String> labels = List.of();

    /** The names of the kinds. */
    private static final class Kinds extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Kinds() {
            for (PlotKind one : PlotKind.values()) {
                add(one.label());
            }
        }
    }

    @Option(
            names = "--json",
            description = "Print one JSON document and nothing else: the file, and the area and the enclosed mass of"
                    + " each contour.")
    private boolean json;

    @Option(names = "--data", description = "With --json: also the points of the contours and marginals.")
    private boolean data;

    @Override
    public Integer call() throws JobException {
        System.setProperty("java.awt.headless", "true");
        if (data && !json) {
            throw new JobException("--data is printed with --json; add it");
        }
        PlotRequest request = request();
        if (!labels.isEmpty() && labels.size() != directories.size()) {
            throw new JobException("there are " + labels.size() + " --label for " + directories.size()
                    + " directories; give one for each, or none");
        }
        Optional<FigureFormat> format = out == null ? Optional.of(FigureFormat.SVG) : FigureFormat.ofFile(out);
        if (format.isEmpty()) {
            throw new JobException("--out " + out + ": the ending of the name gives the format, one of "
                    + String.join(", ", FigureFormat.endings()));
        }
        List<PlotRun> runs = runs();
        Path file = out != null
                ? out
                : directories.get(0).resolve(Plots.kind(runs.get(0), request).label() + ".svg");
        if (Files.isDirectory(file)) {
            throw new JobException("--out " + file + " is a directory; name a file");
        }
        Plot plot = Plots.draw(runs, request);
        try {
            AtomicFile.write(file.toAbsolutePath(), stream -> format.get().write(plot.drawing(), stream));
        } catch (IOException e) {
            throw new JobException(file + " cannot be written: " + e + "; choose another place with --out");
        }
        Messages messages = new Messages(System.err);
        plot.doubts().forEach(messages::say);
        if (json) {
            System.out.print(json(plot, file));
        } else {
            messages.say("the " + plot.kind().label() + " plot is in " + file);
        }
        return ExitCode.OK.code();
    }

    private String json(Plot plot, Path file) {
        List<Map<String, Object>> contours = new ArrayList<>();
        for (ContourArea contour : plot.contours()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("run", contour.run());
            fields.put("x", contour.x());
            fields.put("y", contour.y());
            fields.put("mass", contour.mass());
            fields.put("enclosed", contour.enclosed());
            fields.put("area", contour.area());
            if (data) {
                fields.put("lines", lines(contour.lines()));
                fields.put("rings", lines(contour.rings()));
            }
            contours.add(fields);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", file.toString());
        fields.put("kind", plot.kind().label());
        fields.put("contours", contours);
        if (data) {
            fields.put(
                    "marginals",
                    plot.marginals().stream().map(PlotCommand::marginal).toList());
        }
        return JsonWriter.indent("  ").string().value(fields).done() + "\n";
    }

    private static List<Map<String, Object>> lines(List<ContourLine> lines) {
        return lines.stream()
                .map(line ->
                        Map.<String, Object>of("x", numbers(line.x()), "y", numbers(line.y()), "closed", line.closed()))
                .toList();
    }

    private static Map<String, Object> marginal(DrawnMarginal marginal) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("run", marginal.run());
        fields.put("parameter", marginal.parameter());
        fields.put("label", marginal.label());
        fields.put("x", numbers(marginal.density().x()));
        fields.put("density", numbers(marginal.density().values()));
        return fields;
    }

    /** Those that JSON cannot represent become null. */
    private static List<@Nullable Double> numbers(double[] values) {
        List<@Nullable Double> numbers = new ArrayList<>();
        for (double value : values) {
            numbers.add(Double.isFinite(value) ? value : null);
        }
        return numbers;
    }

    private List<PlotRun> runs() throws JobException {
        List<RunPoints> contents = new ArrayList<>();
        for (Path directory : directories) {
            contents.add(RunReader.of(directory).runPoints());
        }
        return PlotRun.named(contents, labels);
    }

    private PlotRequest request() throws JobException {
        List<NamedPoint> named = new ArrayList<>();
        for (String point : points) {
            int equals = point.indexOf('=');
            int colon = equals < 0 ? -1 : point.lastIndexOf(':', equals);
            if (colon < 1) {
                throw new JobException("--point " + point
                        + " has not the form LABEL:NAME=VALUE,...; for example \"Planck 2018:omega_m=0.315,w=-1\"");
            }
            named.add(new NamedPoint(
                    point.substring(0, colon),
                    values("--point", List.of(point.substring(colon + 1).split(",")))));
        }
        return new PlotRequest(
                kindOf(), parameters.stream().map(String::strip).toList(), values("--truth", truth), named, widthMm());
    }

    private Optional<PlotKind> kindOf() throws JobException {
        if (kind == null) {
            return Optional.empty();
        }
        for (PlotKind one : PlotKind.values()) {
            if (one.label().equalsIgnoreCase(kind)) {
                return Optional.of(one);
            }
        }
        Kinds known = new Kinds();
        throw new JobException(
                "there is no --kind " + kind + Models.hint(kind, known, "the kinds are " + String.join(", ", known)));
    }

    private static Map<String, Double> values(String option, List<String> texts) throws JobException {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            try {
                double value = Double.parseDouble(text.substring(equals + 1).strip());
                if (equals > 0 && Double.isFinite(value)) {
                    values.put(text.substring(0, equals).strip(), value);
                    continue;
                }
            } catch (NumberFormatException e) {
                // reported below
            }
            throw new JobException(option + ": \"" + text + "\" is not NAME=VALUE with a finite number");
        }
        return values;
    }

    private OptionalDouble widthMm() throws JobException {
        if (width == null) {
            return OptionalDouble.empty();
        }
        switch (width.toLowerCase(Locale.ROOT)) {
            case "one":
                return OptionalDouble.of(Plots.ONE_COLUMN_MM);
            case "two":
                return OptionalDouble.of(Plots.TWO_COLUMNS_MM);
            default:
                try {
                    double mm = Double.parseDouble(width.replaceFirst("mm$", "").strip());
                    if (mm >= NARROWEST_MM && mm <= WIDEST_MM) {
                        return OptionalDouble.of(mm);
                    }
                } catch (NumberFormatException e) {
                    // reported below
                }
                throw new JobException("--width " + width + " is neither one, two, nor a number of mm from "
                        + (int) NARROWEST_MM + " to " + (int) WIDEST_MM);
        }
    }
}
