package org.astropool.internal.transport.mpi;

/** A call of MPI did not return MPI_SUCCESS. */
final class MpiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MpiException(String message) {
        super(message);
    }
}
