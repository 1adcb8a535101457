package org.astropool.internal.transport.mpi;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of MPI as they stand in its C header. Every handle and pointer is a long: for a ByteBuffer JNA looks up
 * the address at each call, which takes as long as sending a small message.
 */
final class MpiCalls {

    private MpiCalls() {}

    /** To be called once, before any other. */
    static void bind(NativeLibrary library) {
        Native.register(MpiCalls.class, library);
    }

    static native int MPI_Init_thread(long argc, long argv, int required, long provided);

    static native int MPI_Finalize();

    static native int MPI_Abort(long comm, int code);

    static native int MPI_Comm_rank(long comm, long rank);

    static native int MPI_Comm_size(long comm, long size);

    static native int MPI_Comm_set_errhandler(long comm, long handler);

    static native int MPI_Error_string(int code, long text, long length);

    static native int MPI_Improbe(int source, int tag, long comm, long flag, long message, long status);

    static native int MPI_Get_count(long status, long type, long count);

    static native int MPI_Mrecv(long buffer, int count, long type, long message, long status);

    static native int MPI_Imrecv(long buffer, int count, long type, long message, long request);

    static native int MPI_Isend(long buffer, int count, long type, int peer, int tag, long comm, long request);

    static native int MPI_Ibarrier(long comm, long request);

    static native int MPI_Ialltoall(
            long toSend, int sendCount, long sendType, long toReceive, int count, long type, long comm, long request);

    static native int MPI_Test(long request, long flag, long status);
}
