package org.astropool.internal.transport.mpi;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * MPI_COMM_WORLD, every return code checked. All methods belong to the thread that called {@link #initialize}; if that
 * returns true, the methods between it and {@link #finish} may be called by any thread, one at a time.
 */
final class Mpi {
    // Cells of the scratch memory. No implementation has a status above 32 bytes, or a string above 8192.
    private static final int FLAG = 0;
    private static final int NUMBER = 8;
    private static final int MESSAGE = 16;
    private static final int STATUS = 64;
    private static final int TEXT = 128;
    private static final int MAX_TEXT = 8192;
    /** In every implementation. */
    private static final int THREAD_SINGLE = 0;

    private final MpiAbi abi;
    private final ByteBuffer scratch =
            ByteBuffer.allocateDirect(TEXT + MAX_TEXT).order(ByteOrder.nativeOrder());
    private final long address = addressOf(scratch);

    Mpi(MpiAbi abi) {
        this.abi = abi;
    }

    static long addressOf(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /**
     * From here on a failed call returns instead of ending the process.
     *
     * @return whether other threads may call MPI, too, one at a time
     */
    boolean initialize() {
        check("MPI_Init_thread", MpiCalls.MPI_Init_thread(0, 0, abi.threadSerialized(), address + NUMBER));
        int provided = scratch.getInt(NUMBER);
        if (provided == THREAD_SINGLE) {
            throw new MpiException("this MPI library was built without support for threads (MPI_THREAD_FUNNELED)");
        }
        check("MPI_Comm_set_errhandler", MpiCalls.MPI_Comm_set_errhandler(abi.commWorld(), abi.errorsReturn()));
        return provided >= abi.threadSerialized();
    }

    /**
     * Begins a barrier of all ranks.
     *
     * @param requestAddress of a zeroed cell for the request, to be tested with {@link #isComplete}
     */
    void startBarrier(long requestAddress) {
        check("MPI_Ibarrier", MpiCalls.MPI_Ibarrier(abi.commWorld(), requestAddress));
    }

    /**
     * Begins to exchange a byte with each other rank, which is a barrier that connects all of them.
     *
     * @param bytesAddress of two bytes a rank, which must stay until the exchange is complete
     * @param requestAddress of a zeroed cell for the request, to be tested with {@link #isComplete}
     */
    void startExchangeOfAll(long bytesAddress, int ranks, long requestAddress) {
        long type = abi.byteType();
        check(
                "MPI_Ialltoall",
                MpiCalls.MPI_Ialltoall(
                        bytesAddress, 1, type, bytesAddress + ranks, 1, type, abi.commWorld(), requestAddress));
    }

    /** Named so because finalize belongs to Object. */
    void finish() {
        check("MPI_Finalize", MpiCalls.MPI_Finalize());
    }

    /** Ends this process, too, in all known implementations, but do not rely on that. */
    void abort(int exitCode) {
        check("MPI_Abort", MpiCalls.MPI_Abort(abi.commWorld(), exitCode));
    }

    int rank() {
        check("MPI_Comm_rank", MpiCalls.MPI_Comm_rank(abi.commWorld(), address + NUMBER));
        return scratch.getInt(NUMBER);
    }

    int size() {
        check("MPI_Comm_size", MpiCalls.MPI_Comm_size(abi.commWorld(), address + NUMBER));
        return scratch.getInt(NUMBER);
    }

    /** Whether a message has come. It must be taken by {@link #receive} before the next probe. */
    boolean probe() {
        scratch.putLong(MESSAGE, 0);
        check(
                "MPI_Improbe",
                MpiCalls.MPI_Improbe(
                        abi.anySource(),
                        abi.anyTag(),
                        abi.commWorld(),
                        address + FLAG,
                        address + MESSAGE,
                        address + STATUS));
        return scratch.getInt(FLAG) != 0;
    }

    int sourceOfProbed() {
        return scratch.getInt(STATUS + abi.statusSource());
    }

    int tagOfProbed() {
        return scratch.getInt(STATUS + abi.statusTag());
    }

    int bytesOfProbed() {
        check("MPI_Get_count", MpiCalls.MPI_Get_count(address + STATUS, abi.byteType(), address + NUMBER));
        return scratch.getInt(NUMBER);
    }

    /** Takes a probed message that is small: all of it has arrived, so this does not wait. */
    void receive(long buffer, int bytes) {
        check("MPI_Mrecv", MpiCalls.MPI_Mrecv(buffer, bytes, abi.byteType(), address + MESSAGE, address + STATUS));
    }

    /**
     * Begins to take the probed message, of any size.
     *
     * @param requestCell address of 8 bytes that are zero
     */
    void startReceive(long buffer, int bytes, long requestCell) {
        check("MPI_Imrecv", MpiCalls.MPI_Imrecv(buffer, bytes, abi.byteType(), address + MESSAGE, requestCell));
    }

    /** @param requestCell address of 8 bytes that are zero */
    void startSend(long buffer, int bytes, int peer, int tag, long requestCell) {
        check("MPI_Isend", MpiCalls.MPI_Isend(buffer, bytes, abi.byteType(), peer, tag, abi.commWorld(), requestCell));
    }

    boolean isComplete(long requestCell) {
        check("MPI_Test", MpiCalls.MPI_Test(requestCell, address + FLAG, address + STATUS));
        return scratch.getInt(FLAG) != 0;
    }

    private void check(String call, int code) {
        if (code != 0) {
            throw new MpiException(call + " failed: " + text(code));
        }
    }

    private String text(int code) {
        if (MpiCalls.MPI_Error_string(code, address + TEXT, address + NUMBER) != 0) {
            return "error " + code;
        }
        byte[] text = new byte[scratch.getInt(NUMBER)];
        scratch.get(TEXT, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
