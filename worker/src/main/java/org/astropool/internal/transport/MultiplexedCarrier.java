package org.astropool.internal.transport;

/** A carrier whose frames pass through an {@link ChannelMultiplexer}. */
public abstract class MultiplexedCarrier implements Carrier {

    protected abstract ChannelMultiplexer multiplexer();

    @Override
    public int rank() {
        return multiplexer().rank();
    }

    /** How many processes there are, or were expected, at the start. */
    @Override
    public int size() {
        return multiplexer().size();
    }

    @Override
    public CommunicationThread thread() {
        return multiplexer().thread();
    }

    @Override
    public Transport openNext() {
        return multiplexer().openNext();
    }
}
