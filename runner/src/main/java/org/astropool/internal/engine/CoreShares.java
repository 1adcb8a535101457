package org.astropool.internal.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares out the processors of each host among the processes that may run on them: processors of the affinity mask /
 * processes on the host with that mask, at least one. A launcher that binds ranks gives each its own mask; one that
 * does not gives all the same, and then nobody must start a node's worth of threads.
 */
final class CoreShares {

    /** By host and affinity. */
    private final Map<List<String>, Integer> processes = new HashMap<>();

    private final Map<List<String>, Integer> processors = new HashMap<>();

    /** @param count processors that the process may use, by its own count */
    void add(String host, String affinity, int count) {
        processes.merge(List.of(host, affinity), 1, Integer::sum);
        processors.merge(List.of(host, affinity), usable(affinity, count), Math::max);
    }

    /** Processors that the processes may use together; those of different masks are taken to be different. */
    int total() {
        return processors.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Threads for one of the processes that were added, or for one that came later and alone.
     *
     * @param processors that it may use, by its own count
     */
    int of(String host, String affinity, int processors) {
        return Math.max(1, usable(affinity, processors) / processes.getOrDefault(List.of(host, affinity), 1));
    }

    private static int usable(String affinity, int processors) {
        return Math.min(processors, affinity.isEmpty() ? processors : processors(affinity));
    }

    /** Counts a kernel's list of processors ("0-3,8"). */
    private static int processors(String affinity) {
        int count = 0;
        for (String range : affinity.split(",", -1)) {
            String[] ends = range.strip().split("-", -1);
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }
}
