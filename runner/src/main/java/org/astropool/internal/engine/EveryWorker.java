package org.astropool.internal.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.astropool.internal.protocol.Serialization;
import org.astropool.pool.PoolException;
import org.astropool.task.Outcome;

/**
 * Collects one outcome from each worker.
 *
 * @param <R> type of the results
 */
final class EveryWorker<R> implements Call.Sink {
    private final Serialization serialization;
    private final CompletableFuture<List<Call.Arrival>> complete = new CompletableFuture<>();
    private final List<Call.Arrival> arrivals = new ArrayList<>(); // of the communication thread
    private int expected = Integer.MAX_VALUE;

    EveryWorker(Serialization serialization) {
        this.serialization = serialization;
    }

    void expect(int workers) {
        expected = workers;
        check();
    }

    @Override
    public void arrived(Call.Arrival arrival) {
        arrivals.add(arrival);
        check();
    }

    private void check() {
        if (arrivals.size() >= expected) {
            complete.complete(List.copyOf(arrivals));
        }
    }

    @Override
    public void ended() {}

    @Override
    public void failed(PoolException cause) {
        complete.completeExceptionally(cause);
    }

    List<Outcome<R>> await() {
        try {
            return complete.join().stream()
                    .map(arrival -> new OutcomeReader<R>(arrival, serialization).next())
                    .sorted(Comparator.comparingLong(Outcome::index))
                    .toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PoolException cause ? cause : e;
        }
    }
}
