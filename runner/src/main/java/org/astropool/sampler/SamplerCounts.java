package org.astropool.sampler;

/**
 * What a sampler has done so far.
 *
 * @param proposed moves of single walkers
 * @param accepted those that were made
 * @param outsidePrior those that were rejected without an evaluation
 * @param evaluated evaluations, also of starts
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
