package org.astropool.transport;

/** A carrier whose frames pass through an {@link Exchange}. */
public abstract class ExchangeCarrier implements Carrier {

    protected abstract Exchange exchange();

    @Override
    public int rank() {
        return exchange().rank();
    }

    /** How many processes there are, or were expected, at the start. */
    @Override
    public int size() {
        return exchange().size();
    }

    @Override
    public CommunicationThread thread() {
        return exchange().thread();
    }

    @Override
    public Transport openNext() {
        return exchange().openNext();
    }
}
