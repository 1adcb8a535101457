/**
 * The native environment of this process: prevents that it is read, by the start of a process, while a native library
 * changes it.
 *
 * <p>Depends on the JDK only.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.system;
