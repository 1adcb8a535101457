package org.astropool.internal.job.forecast;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a plan is wanted for.
 *
 * @param coresPerNode cores that are paid for each node
 * @param workersPerNode points that a node evaluates at the same time
 * @param workersOfMaster how many of these are left on the node of the master, where there are several nodes
 * @param startSeconds from the start of the job to the first point
 * @param limitSeconds the time in which the run has to end; with {@link #nodes}, the time limit of an allocation
 * @param mostCoreHours the budget
 * @param nodes the number of nodes that is given, and not to be chosen
 * @param workers for which the table is wanted; empty for some numbers of whole nodes
 */
public record Request(
        int coresPerNode,
        int workersPerNode,
        int workersOfMaster,
        double startSeconds,
        OptionalDouble limitSeconds,
        OptionalDouble mostCoreHours,
        OptionalInt nodes,
        List<Integer> workers) {

    public Request {
        workers = List.copyOf(workers);
    }

    /** Workers of so many nodes. */
    int workersOn(int count) {
        long several = (count - 1L) * workersPerNode + workersOfMaster;
        return count == 1 ? workersPerNode : (int) Math.max(1, Math.min(Integer.MAX_VALUE, several));
    }

    /** Nodes for so many workers. */
    int nodesFor(int count) {
        long others = ((long) count - workersOfMaster + workersPerNode - 1) / workersPerNode;
        return count <= workersPerNode ? 1 : (int) Math.min(Integer.MAX_VALUE, 1 + others);
    }
}
