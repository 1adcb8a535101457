package org.astropool.internal.transport;

/** A carrier whose frames pass through an {@link ChannelMultiplexer}. */
public abstract class MultiplexedCarrier implements Carrier {

    protected abstract ChannelMultiplexer exchange();

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
