package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.astropool.pool.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of docs/samplers.md. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SamplersPageTest {

    @Test
    void theExampleFindsMeanAndScatter() {
        JointPrior prior = JointPrior.of("mean", new Prior.Flat(-10, 10)).and("sigma", new Prior.LogFlat(0.1, 10));
        double[] data = {2.1, 3.4, 1.7, 2.9, 2.2};
        try (Pool pool = Pool.open();
                PoolEvaluator likelihood = new PoolEvaluator(
                        pool,
                        x -> Arrays.stream(data)
                                .map(value -> -0.5 * Math.pow((value - x[0]) / x[1], 2) - Math.log(x[1]))
                                .sum())) {
            EnsembleSampler sampler = new EnsembleSampler(prior, likelihood, EnsembleOptions.of(20, 42));
            LengthCheck length = new LengthCheck(50, 100);
            Chain chain = new Chain();
            do {
                chain.append(sampler.step());
            } while (!length.isMet(chain) && chain.length() < 100_000);
            ChainStatistics result = ChainStatistics.of(chain.from(BurnIn.steps(chain)));

            ParameterStatistics mean = result.parameters().get(0);
            assertThat(chain.length()).isLessThan(100_000);
            assertThat(Math.abs(mean.mean() - 2.46)).isLessThan(4 * mean.meanError());
        }
    }
}
