package org.astropool.task;

import java.util.List;

/** A model with its data loaded. */
@FunctionalInterface
public interface Evaluator extends AutoCloseable {

    /**
     * Evaluates one point.
     *
     * @param point values in the order of {@link Model#parameters}; not to be kept or changed
     * @param row takes the outputs; each declared output must be set
     * @throws SkippedException when the model does not apply at this point, which is no failure
     * @throws Exception any other exception fails this point
     */
    void evaluate(double[] point, OutputRow row, TaskContext context) throws Exception;

    /**
     * Evaluates a fixed block of consecutive points. When this throws, its points are evaluated one by one with
     * {@link #evaluate}.
     *
     * @param points one row per point; at most {@link Model#batchSize} of them
     * @param context the context of the first point
     */
    default void evaluateBatch(double[][] points, OutputRow[] rows, TaskContext context) throws Exception {
        for (int i = 0; i < points.length; i++) {
            evaluate(points[i], rows[i], context);
        }
    }

    /**
     * Restores what an evaluation has broken, for instance starts a program that has crashed. Called before each
     * evaluation by its thread, so it must be fast when there is nothing to do; the time does not count towards a
     * timeout.
     *
     * @throws Exception fails the points that would have been evaluated
     */
    default void prepare() throws Exception {}

    /**
     * Tells which points this thread is about to evaluate one by one, so that an evaluator that benefits from it can
     * begin with them early. Called before the first of them. Some may never come, and the next call replaces this one.
     *
     * @param points the points in order, for this thread alone. Each is made whenever it is asked for; one that cannot
     *     be provided throws an unchecked exception
     * @param firstIndex the index of the first, the others follow
     * @throws Exception fails the points
     */
    default void expect(List<double[]> points, long firstIndex) throws Exception {}

    @Override
    default void close() throws Exception {}
}
