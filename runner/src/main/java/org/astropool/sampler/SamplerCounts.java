package org.astropool.sampler;

/**
 * Counts of the moves and evaluations of a sampler.
 *
 * @param proposed proposed moves of single walkers
 * @param accepted accepted moves
 * @param outsidePrior moves that were rejected without an evaluation
 * @param evaluated evaluations, including those of starts
 * @param failed evaluations that failed; each is a rejected move, or a start that was drawn again
 */
public record SamplerCounts(long proposed, long accepted, long outsidePrior, long evaluated, long failed) {

    SamplerCounts plus(SamplerCounts more) {
        return new SamplerCounts(
                proposed + more.proposed,
                accepted + more.accepted,
                outsidePrior + more.outsidePrior,
                evaluated + more.evaluated,
                failed + more.failed);
    }
}
