/**
 * Frames between the ranks of an MPI job, through JNA and without C code: Open MPI, the MPICH family and the standard
 * ABI of MPI 5.
 *
 * <p>Between MPI_Init and MPI_Finalize, MPI is called by one thread at a time; if the library does not support that, by
 * the communication thread only. Depends on {@link org.astropool.internal.transport}, {@code internal.system}, JNA and
 * slf4j. JNA is optional: only {@link org.astropool.internal.transport.mpi.MpiProvider} is loaded before JNA was found.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.mpi;
