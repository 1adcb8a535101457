package org.astropool.internal.engine;

/** Supplies the indices 0 to total - 1, of which nothing but their end travels. */
final class IndexFeeder implements OutcomeIterator.Feeder {
    private final Driver driver;
    private final int call;
    private final long total;
    private final int batch;
    private long fed;

    IndexFeeder(Driver driver, int call, long total, int batch) {
        this.driver = driver;
        this.call = call;
        this.total = total;
        this.batch = batch;
    }

    @Override
    public void feed(long end) {
        fed = Math.min(total, (end + batch - 1) / batch * batch);
        long until = fed;
        driver.execute(() -> {
            driver.supply(call, until);
            if (until == total) {
                driver.endOfInputs(call);
            }
        });
    }

    @Override
    public long fed() {
        return fed;
    }

    @Override
    public long fedBytes() {
        return 0;
    }

    @Override
    public boolean isAtEnd() {
        return fed == total;
    }
}
