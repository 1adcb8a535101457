/**
 * The master of a script in Python: reads what the script asks for, has the pool evaluate it, and sends back what comes
 * of it (docs/python-protocol.md).
 *
 * <p>Depends on {@code pool}, {@code task}, {@code internal.python} and {@code internal.worker} for the name of the
 * host, and on nanojson. Does not depend on commands.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.script;
