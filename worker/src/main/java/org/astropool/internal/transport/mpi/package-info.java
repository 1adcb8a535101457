/**
 * Frames between the ranks of an MPI job: Open MPI, the MPICH family and the standard ABI of MPI 5, through JNA and
 * without a line of C.
 *
 * <p>Only Improbe, Mrecv, Isend and Test are used, and only on the one communication thread of the process, from Init
 * to Finalize. Depends on {@link org.astropool.internal.transport}, JNA and slf4j. JNA is optional: nothing outside
 * {@link org.astropool.internal.transport.mpi.MpiProvider} is loaded before JNA was found.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.mpi;
