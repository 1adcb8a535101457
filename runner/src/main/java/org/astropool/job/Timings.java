package org.astropool.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.astropool.task.Outcome;

/** How long each point took, and where. Filled by one thread. */
public final class Timings {
    private static final double SLOW = 20;
    private static final double LEAST_SLOW = 1;

    private final double[] seconds;
    private final int[] hosts;
    private final List<String> hostNames = new ArrayList<>();
    private final short[] attempts;

    Timings(int points) {
        this.seconds = new double[points];
        this.hosts = new int[points];
        this.attempts = new short[points];
        Arrays.fill(hosts, -1);
    }

    void set(int point, Outcome.Execution execution) {
        seconds[point] = execution.seconds();
        hosts[point] = execution.worker() < 0 ? -1 : numberOf(execution.host());
        attempts[point] = (short) Math.min(execution.attempt(), Short.MAX_VALUE);
    }

    /** Seconds of the execution that counts; a point of a batch has its share of the batch. */
    public double seconds(int point) {
        return seconds[point];
    }

    private int numberOf(String host) {
        int number = hostNames.indexOf(host);
        if (number < 0) {
            number = hostNames.size();
            hostNames.add(host);
        }
        return number;
    }

    /** Whether an execution of the point came to an end. */
    public boolean isEvaluated(int point) {
        return hosts[point] >= 0;
    }

    /** Name of the host where the point was evaluated; "" when it was not. */
    public String host(int point) {
        return isEvaluated(point) ? hostNames.get(hosts[point]) : "";
    }

    /** From 1; 0 for a point that was not evaluated. */
    public int attempt(int point) {
        return attempts[point];
    }

    /** Of the seconds of a point; 0 when there is none. */
    double median() {
        double[] sorted = Arrays.stream(seconds).filter(s -> s > 0).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** Points that took 20 times the median, and longer than a second: they may deserve a timeout. */
    public int[] slowPoints() {
        double limit = Math.max(LEAST_SLOW, SLOW * median());
        return IntStream.range(0, seconds.length)
                .filter(point -> seconds[point] > limit)
                .toArray();
    }

    /** Sum of all attempts. */
    public long attempts() {
        long sum = 0;
        for (short attempt : attempts) {
            sum += attempt;
        }
        return sum;
    }
}
