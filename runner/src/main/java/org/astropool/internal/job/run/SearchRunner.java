package org.astropool.internal.job.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.plan.ProposedPoints;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.run.Termination.Cause;
import org.astropool.internal.job.search.RunningSearch;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolException;
import org.astropool.pool.ProgressListener.Progress;
import org.astropool.pool.TaskRounds;
import org.astropool.sampler.PointEvaluator;
import org.astropool.sampler.SamplerException;
import org.astropool.task.Outcome;
import org.astropool.task.Parameter;
import org.jspecify.annotations.Nullable;

/** Runs searches on a pool. Points that already have an outcome are not evaluated again. */
final class SearchRunner implements PointEvaluator {
    private static final double NANOS = 1e-9;
    private static final long UNKNOWN = -1;

    private final EvaluationResult result;
    private final ProposedPoints proposals;
    private final double[] fixedPoint;
    private final int[] parameterOfName;
    private final @Nullable TaskRounds<double[], Object> rounds;
    private final long failureLimit;
    private final long mostEvaluations;
    private long evaluated;
    private boolean allFailed;

    /** Thrown for points without an outcome when no more points are evaluated. */
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final @Nullable Termination why;

        StoppedException(@Nullable Termination why) {
            super("the search was stopped", null, false, false);
            this.why = why;
        }
    }

    private SearchRunner(
            EvaluationResult result,
            @Nullable TaskRounds<double[], Object> rounds,
            long failureLimit,
            long mostEvaluations) {
        EvaluationSpec spec = result.spec();
        List<String> names = spec.parameters().stream().map(Parameter::name).toList();
        this.result = result;
        this.proposals = (ProposedPoints) spec.points();
        this.fixedPoint = names.stream()
                .mapToDouble(name -> spec.fixed().getOrDefault(name, Double.NaN))
                .toArray();
        this.parameterOfName =
                proposals.names().stream().mapToInt(names::indexOf).toArray();
        this.rounds = rounds;
        this.failureLimit = failureLimit;
        this.mostEvaluations = mostEvaluations;
        this.allFailed = result.count(PointStatus.OK) == 0;
    }

    /** Runs the search, and uses the outcomes that the result already has. */
    static EvaluationRun run(Pool pool, EvaluationResult result, RunningSearch search, RunControls controls) {
        return run(pool, result, search, controls, Long.MAX_VALUE);
    }

    /**
     * The same for a pilot.
     *
     * @param mostEvaluations no more are started when the result has so many
     */
    static EvaluationRun run(
            Pool pool, EvaluationResult result, RunningSearch search, RunControls controls, long mostEvaluations) {
        long start = System.nanoTime();
        Optional<Termination> end = Optional.empty();
        try (TaskRounds<double[], Object> rounds = pool.rounds(
                result.spec().pointFunction(),
                controls.callOptions(
                        result.spec().seed(),
                        new Progress(result.evaluated(), result.count(PointStatus.FAILED), UNKNOWN)))) {
            SearchRunner runner = new SearchRunner(
                    result, rounds, EvaluationRunner.failureLimit(controls.settings(), pool.slots()), mostEvaluations);
            search.run(runner);
        } catch (StoppedException e) {
            end = Optional.of(e.why == null ? controls.stop().whyIncomplete() : e.why);
        } catch (SamplerException e) {
            end = Optional.of(new Termination(Cause.ALL_FAILED, String.valueOf(e.getMessage())));
        } catch (PoolException e) {
            end = Optional.of(EvaluationRunner.earlyEnd(e));
        }
        double seconds = (System.nanoTime() - start) * NANOS;
        return new EvaluationRun(result, pool.carrier(), pool.workers(), seconds, end, search.result());
    }

    /** The state of a search after the outcomes that the result has; also sets the proposed points. */
    static Optional<SearchResult> replay(EvaluationResult result, RunningSearch search) {
        try {
            search.run(new SearchRunner(result, null, Long.MAX_VALUE, Long.MAX_VALUE));
        } catch (StoppedException | SamplerException e) {
            // at the first point without an outcome
        }
        return search.result();
    }

    @Override
    public double[] logLikelihoods(long[] numbers, double[][] points) {
        int[] wanted = new int[numbers.length];
        int count = 0;
        synchronized (this) {
            for (int i = 0; i < numbers.length; i++) {
                proposals.set(numbers[i], points[i]);
                if (result.status((int) numbers[i]) == PointStatus.MISSING) {
                    wanted[count++] = i;
                }
            }
        }
        if (count > 0) {
            evaluate(numbers, points, Arrays.copyOf(wanted, count));
        }
        synchronized (this) {
            return Arrays.stream(numbers).mapToDouble(this::logLikelihood).toArray();
        }
    }

    private double logLikelihood(long number) {
        int point = (int) number;
        return switch (result.status(point)) {
            case OK -> result.logLikelihood(point);
            case SKIPPED -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    private void evaluate(long[] numbers, double[][] points, int[] wanted) {
        if (hasEnough()) {
            throw new StoppedException(Termination.afterPilot());
        }
        if (rounds == null) {
            throw new StoppedException(null);
        }
        long[] wantedNumbers = new long[wanted.length];
        List<double[]> inputs = new ArrayList<>(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            wantedNumbers[i] = numbers[wanted[i]];
            inputs.add(withFixedParameters(points[wanted[i]]));
        }
        List<@Nullable Outcome<Object>> outcomes = rounds.evaluate(wantedNumbers, inputs);
        synchronized (this) {
            take(outcomes);
        }
    }

    private synchronized boolean hasEnough() {
        return result.evaluated() >= mostEvaluations;
    }

    /** The point together with the fixed parameters. */
    private double[] withFixedParameters(double[] point) {
        double[] whole = fixedPoint.clone();
        for (int i = 0; i < point.length; i++) {
            whole[parameterOfName[i]] = point[i];
        }
        return whole;
    }

    private void take(List<@Nullable Outcome<Object>> outcomes) {
        boolean stopped = false;
        for (Outcome<Object> outcome : outcomes) {
            if (outcome == null) {
                stopped = true;
                continue;
            }
            result.add(outcome);
            evaluated++;
            allFailed &= outcome instanceof Outcome.Failed;
            if (allFailed && evaluated >= failureLimit) {
                throw new StoppedException(new Termination(
                        Cause.ALL_FAILED,
                        "the first " + evaluated + " points all failed; the last message: "
                                + Termination.shortMessage((Outcome.Failed<?>) outcome)));
            }
        }
        if (stopped) {
            throw new StoppedException(null);
        }
    }
}
