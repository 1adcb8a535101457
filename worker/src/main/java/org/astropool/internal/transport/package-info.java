/**
 * Carriers: opaque byte frames between numbered peers, and word of a peer that was lost. One package below this one for
 * each carrier; none knows the protocol or another carrier.
 *
 * <p>Everything that talks to a carrier runs on one {@link org.astropool.internal.transport.CommunicationThread} as an
 * {@link org.astropool.internal.transport.Agent}; nothing there ever blocks. Depends on the JDK and slf4j alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport;
