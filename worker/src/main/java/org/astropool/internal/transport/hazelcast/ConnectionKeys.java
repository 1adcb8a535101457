package org.astropool.internal.transport.hazelcast;

/**
 * What both sides of one connection derive from the run's secret and a nonce of each side, 32 bytes each. The arrays
 * are not copied and must not be changed.
 *
 * @param workerProof shows the master that the worker knows the secret
 * @param masterProof shows the worker that the master knows the secret
 * @param toMaster the key of the records that the worker sends
 * @param toWorker the key of the records that the master sends
 */
record ConnectionKeys(byte[] workerProof, byte[] masterProof, byte[] toMaster, byte[] toWorker) {}
