package org.astropool.maximizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.astropool.pool.PoolException;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.PointEvaluator;
import org.astropool.sampler.SamplerException;

/**
 * Finds the point of the highest likelihood or posterior by concurrent searches from several starts, each within the
 * ranges of the priors. Parameters with an unbounded normal prior are kept within 30 of its standard deviations.
 *
 * <p>Each search is a sequence of evaluations that depends only on its start; evaluation {@code k} of start {@code s}
 * has the number {@code s * evaluationLimit + k}. So the result does not depend on the progress of the other searches.
 * Searches avoid points whose evaluation fails and points with likelihood zero.
 *
 * <p>Thread-safe. Needs the library hipparchus-optim.
 */
public final class Maximizer {
    private final JointPrior prior;
    private final PointEvaluator evaluator;
    private final MaximizerOptions options;

    /**
     * Creates a maximizer; nothing is evaluated yet.
     *
     * @param evaluator is called by one thread per start
     * @throws IllegalArgumentException when a given position does not fit the prior
     */
    public Maximizer(JointPrior prior, PointEvaluator evaluator, MaximizerOptions options) {
        double[][] positions = options.positions().orElse(null);
        for (int start = 0; positions != null && start < positions.length; start++) {
            prior.checkLength("start " + start, positions[start]);
            if (!(prior.logDensity(positions[start]) > Double.NEGATIVE_INFINITY)) {
                throw new IllegalArgumentException("start " + start + " has no prior probability: "
                        + prior.outside(positions[start]) + "; give another");
            }
        }
        this.prior = prior;
        this.evaluator = evaluator;
        this.options = options;
    }

    /**
     * Searches from all starts.
     *
     * @throws SamplerException when no start has a finite value
     * @throws PoolException when the thread is interrupted
     * @throws RuntimeException whatever the evaluator throws
     */
    public Maximum maximize() {
        List<LocalMaximum> searches = searchFromAllStarts();
        LocalMaximum best = searches.get(0);
        for (LocalMaximum search : searches) {
            best = search.value() > best.value() ? search : best;
        }
        if (best.value() == Double.NEGATIVE_INFINITY) {
            int evaluations =
                    searches.stream().mapToInt(LocalMaximum::evaluations).sum();
            int failed = searches.stream().mapToInt(LocalMaximum::failed).sum();
            throw new SamplerException(
                    "no start has a finite " + options.target().name().toLowerCase(Locale.ROOT)
                            + ": of " + evaluations + " points " + failed + " failed, at the others it is zero."
                            + " Give positions where it is above zero, or narrower priors");
        }
        return new Maximum(best, searches);
    }

    /**
     * The covariance of the parameters where the density is like a normal distribution, from its curvature at the
     * maximum; the square roots of its diagonal are the errors of the parameters. Takes about {@code 2 d^2 + 10 d}
     * evaluations for d parameters, in a few calls of the evaluator; their numbers begin at {@code starts *
     * evaluationLimit}.
     *
     * @return in the units of the parameters; empty when the maximum lies on the edge of a prior, or is flat
     */
    public Optional<double[][]> covariance(Maximum maximum) {
        long firstNumber = (long) options.starts() * options.evaluationLimit();
        return new Curvature(prior, evaluator, options.target(), maximum.best(), firstNumber).covariance();
    }

    private List<LocalMaximum> searchFromAllStarts() {
        ExecutorService threads = Executors.newFixedThreadPool(options.starts(), task -> {
            Thread thread = new Thread(task, "maximizer");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<LocalMaximum> running = new ExecutorCompletionService<>(threads);
            for (int start = 0; start < options.starts(); start++) {
                LocalSearch search = new LocalSearch(prior, evaluator, options, start);
                Future<LocalMaximum> unused = running.submit(search::run);
            }
            List<LocalMaximum> finished = new ArrayList<>();
            while (finished.size() < options.starts()) {
                finished.add(running.take().get());
            }
            finished.sort(Comparator.comparingInt(LocalMaximum::start));
            return finished;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PoolException(PoolException.Reason.CLOSED, "interrupted while searching for a maximum", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow(); // interrupts the others when one has failed
        }
    }
}
