package org.astropool.internal.job.result;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.astropool.internal.job.plan.PointPages;
import org.astropool.task.Outcome;
import org.jspecify.annotations.Nullable;

/** How long each point took, and where. Filled by one thread. */
public final class Timings {
    private static final double SLOW = 20;
    private static final double LEAST_SLOW = 1;

    private final PointPages layout;
    private final @Nullable Page[] pages;
    private final List<String> hostNames = new ArrayList<>();
    private final Map<String, Integer> hostNumbers = new HashMap<>();

    /** @param hosts the number of a name, from 1; 0 for a point that was not evaluated */
    private record Page(double[] seconds, int[] hosts, short[] attempts) {}

    Timings(int points) {
        this.layout = new PointPages(points, 1);
        this.pages = new Page[layout.count()];
    }

    void set(int point, Outcome.Execution execution) {
        Page page = pages[layout.page(point)];
        if (page == null) {
            int size = layout.size();
            page = new Page(new double[size], new int[size], new short[size]);
            pages[layout.page(point)] = page;
        }
        int place = layout.place(point);
        page.seconds[place] = execution.seconds();
        page.hosts[place] = execution.worker() < 0 ? 0 : numberOf(execution.host());
        page.attempts[place] = (short) Math.min(execution.attempt(), Short.MAX_VALUE);
    }

    /** Seconds of the execution whose outcome is used; for a point of a batch, its share of the batch. */
    public double seconds(int point) {
        Page page = pages[layout.page(point)];
        return page == null ? 0 : page.seconds[layout.place(point)];
    }

    private int numberOf(String host) {
        return hostNumbers.computeIfAbsent(host, name -> {
            hostNames.add(name);
            return hostNames.size();
        });
    }

    private int hostNumber(int point) {
        Page page = pages[layout.page(point)];
        return page == null ? 0 : page.hosts[layout.place(point)];
    }

    /** Whether an execution of the point finished. */
    public boolean isEvaluated(int point) {
        return hostNumber(point) > 0;
    }

    /** The points for which {@link #isEvaluated} is true, in order. */
    IntStream evaluated() {
        return points().filter(this::isEvaluated);
    }

    /** Name of the host where the point was evaluated; "" when it was not. */
    public String host(int point) {
        int number = hostNumber(point);
        return number > 0 ? hostNames.get(number - 1) : "";
    }

    /** From 1; 0 for a point that was not evaluated. */
    public int attempt(int point) {
        Page page = pages[layout.page(point)];
        return page == null ? 0 : page.attempts[layout.place(point)];
    }

    /** The median of the seconds per point; 0 when there is none. */
    public double median() {
        double[] sorted =
                points().mapToDouble(this::seconds).filter(s -> s > 0).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** Points that took 20 times the median, and longer than a second: a timeout may be useful for them. */
    public int[] slowPoints() {
        double limit = Math.max(LEAST_SLOW, SLOW * median());
        return points().filter(point -> seconds(point) > limit).toArray();
    }

    /** Sum of all attempts. */
    public long attempts() {
        return points().mapToLong(this::attempt).sum();
    }

    /** The points of all allocated pages. */
    private IntStream points() {
        return IntStream.range(0, pages.length)
                .filter(page -> pages[page] != null)
                .flatMap(page -> IntStream.range(layout.first(page), layout.first(page + 1)));
    }
}
