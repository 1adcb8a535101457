/**
 * Frames between a master and workers that may join and leave at any time, over Hazelcast. The master is a cluster of
 * one member, which no other member can join, and the workers are its clients. So only the master listens, and workers
 * need not reach each other.
 *
 * <p>A connection begins with a {@link org.astropool.internal.transport.hazelcast.Handshake} in which both sides prove
 * that they know the {@link org.astropool.internal.transport.hazelcast.Secret} of the run. After it, everything is
 * encrypted and authenticated (docs/security.md). Frames are byte arrays that are published to topics, one topic for
 * each worker and direction, because Hazelcast keeps the order of a topic. No Java object is ever deserialized.
 *
 * <p>Depends on {@link org.astropool.internal.transport} and, optionally, Hazelcast.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.hazelcast;
