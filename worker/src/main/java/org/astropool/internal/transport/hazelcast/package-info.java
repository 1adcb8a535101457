/**
 * Frames between a master and workers that come and go, over Hazelcast: the master is a cluster of one member, which
 * nobody can join, and the workers are its clients. So only the master listens, and workers need not reach each other.
 *
 * <p>Hazelcast's Community Edition knows no authentication. So a worker and the master prove to each other that they
 * have the run's {@link org.astropool.internal.transport.hazelcast.Secret}, and every frame carries an HMAC of a key
 * that both have derived for this session and direction, and its number. What fails the test is dropped. Nothing is
 * encrypted: the network has to be one where others may read along.
 *
 * <p>Frames are published to topics as byte arrays, one topic for each worker and direction: Hazelcast keeps the order
 * of a topic. No Java object is ever deserialized. Depends on {@link org.astropool.internal.transport} and, optionally,
 * Hazelcast.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.hazelcast;
