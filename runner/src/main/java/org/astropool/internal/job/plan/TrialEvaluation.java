package org.astropool.internal.job.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.program.BrokenProgramException;
import org.astropool.internal.program.CoProcessModel;
import org.astropool.internal.program.CommandModel;
import org.astropool.internal.program.ProgramTrace;
import org.astropool.internal.text.ThrowableText;
import org.astropool.task.Evaluator;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;
import org.astropool.task.RandomStreams;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * One point of a job, evaluated in this process, without a pool.
 *
 * @param parameters all of them, by name
 * @param outputs by name; empty when there is a failure
 * @param failure why the point failed
 * @param lastWords of a program, or a stack trace; "" for none
 */
public record TrialEvaluation(
        Map<String, Double> parameters,
        Map<String, Object> outputs,
        double seconds,
        Optional<String> failure,
        String lastWords) {
    private static final double NANOS = 1e-9;
    /** A program that still runs after this time can at least be started. */
    private static final long PATIENCE_SECONDS = 10;

    /**
     * Evaluates a point.
     *
     * @param point values of parameters, which replace those of the first point of the grid
     * @param trace receives what is sent to and received from a program: direction and text
     * @throws JobException when there is no such parameter
     */
    public static TrialEvaluation of(Job job, Map<String, Double> point, BiConsumer<String, String> trace)
            throws JobException {
        EvaluationSpec spec = EvaluationSpec.of(job, ProgramUse.TRY);
        Map<String, Double> parameters = firstPoint(spec);
        for (Map.Entry<String, Double> given : point.entrySet()) {
            if (parameters.replace(given.getKey(), given.getValue()) == null) {
                throw new JobException("--point: the model " + spec.model().name() + " has no parameter \""
                        + given.getKey() + "\"; it has " + String.join(", ", parameters.keySet()));
            }
        }
        long begin = System.nanoTime();
        OutputRow row = new OutputRow(spec.outputs());
        try (Evaluator evaluator = evaluator(spec, trace::accept)) {
            evaluator.prepare();
            begin = System.nanoTime();
            evaluate(evaluator, parameters, row, spec.seed());
            return of(spec, parameters, row, seconds(begin));
        } catch (Throwable e) { // of the model's code, which may throw anything
            boolean isProgram = e instanceof ProgramException;
            String why = e instanceof SkippedException
                    ? "skipped: " + e.getMessage()
                    : isProgram ? ThrowableText.message(e) : ThrowableText.describe(e);
            String lastWords = e instanceof ProgramException program ? program.lastWords() : "";
            return new TrialEvaluation(parameters, Map.of(), seconds(begin), Optional.of(why), lastWords);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) * NANOS;
    }

    private static TrialEvaluation of(
            EvaluationSpec spec, Map<String, Double> parameters, OutputRow row, double seconds) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        String failure = row.problem();
        if (failure == null) {
            List<Output> declared = spec.outputs();
            for (int i = 0; i < declared.size(); i++) {
                outputs.put(declared.get(i).name(), row.value(i));
            }
            if (outputs.get(Output.LOG_LIKELIHOOD) instanceof Double number && !(number < Double.POSITIVE_INFINITY)) {
                failure = Output.LOG_LIKELIHOOD + " is " + number;
            }
        }
        return new TrialEvaluation(parameters, outputs, seconds, Optional.ofNullable(failure), row.lastWords());
    }

    private static Map<String, Double> firstPoint(EvaluationSpec spec) {
        double[] coordinates = spec.points() instanceof ProposedPoints
                ? drawnFromThePriors(spec)
                : spec.points().point(0);
        Map<String, Double> point = new LinkedHashMap<>();
        List<String> axes = spec.points().names();
        for (Parameter parameter : spec.parameters()) {
            int axis = axes.indexOf(parameter.name());
            point.put(
                    parameter.name(),
                    axis >= 0 ? coordinates[axis] : spec.fixed().getOrDefault(parameter.name(), Double.NaN));
        }
        return point;
    }

    private static double[] drawnFromThePriors(EvaluationSpec spec) {
        return spec.points().names().stream()
                .mapToDouble(name -> spec.prior(name).orElseThrow().draw(RandomStreams.stream(spec.seed(), 0)))
                .toArray();
    }

    private static Evaluator evaluator(EvaluationSpec spec, ProgramTrace trace) throws Exception {
        if (spec.model() instanceof CoProcessModel program) {
            return program.withoutLogs().evaluator(trace);
        }
        return spec.model() instanceof CommandModel command
                ? command.evaluator(trace)
                : spec.model().prepare(spec.options());
    }

    private static void evaluate(Evaluator evaluator, Map<String, Double> point, OutputRow row, long seed)
            throws Exception {
        double[] values =
                point.values().stream().mapToDouble(Double::doubleValue).toArray();
        evaluator.evaluate(values, row, new FirstPoint(seed));
    }

    private static Evaluator evaluatorForTrial(EvaluationSpec spec) throws Exception {
        if (spec.model() instanceof CoProcessModel program) {
            return program.evaluatorForTrial();
        }
        return spec.model() instanceof CommandModel command
                ? command.evaluatorForTrial()
                : evaluator(spec, ProgramTrace.NONE);
    }

    /** @throws JobException when the program cannot be started, or does not answer as it should */
    public static void checkFirst(EvaluationSpec spec, Job job) throws JobException {
        FutureTask<@Nullable Void> trial = new FutureTask<>(() -> {
            try (Evaluator evaluator = evaluatorForTrial(spec)) {
                evaluator.prepare();
                evaluate(evaluator, firstPoint(spec), new OutputRow(spec.outputs()), spec.seed());
            }
            return null;
        });
        Thread thread = new Thread(trial, "astropool-first-point");
        thread.setDaemon(true);
        thread.start();
        try {
            trial.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            thread.interrupt(); // which ends the program
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BrokenProgramException broken) {
                throw new JobException(Programs.problem(
                        job.model().program().orElseThrow(),
                        job.origin(),
                        new ProgramException(
                                broken.kind(), "at the first point: " + broken.getMessage(), broken.lastWords())));
            }
            // any other failure concerns this point only, and will be in the results
        }
    }

    private record FirstPoint(long seed) implements TaskContext {
        @Override
        public long index() {
            return 0;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public int worker() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return RandomStreams.stream(seed, 0);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
