/**
 * Carriers: opaque byte frames between numbered peers, and reports of lost peers. Each carrier has a package below this
 * one; none depends on the protocol or on another carrier. How one is opened is in {@code internal.carrier}.
 *
 * <p>Transports are used on one {@link org.astropool.internal.transport.CommunicationThread} per process, by
 * {@link org.astropool.internal.transport.Agent agents} that never block. Depends on the JDK and slf4j only.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport;
