package org.astropool.task;

import java.io.Serializable;

/**
 * A {@link Runnable} that can be sent to a worker. A lambda for a parameter of this type is serializable without a
 * cast.
 */
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {}
