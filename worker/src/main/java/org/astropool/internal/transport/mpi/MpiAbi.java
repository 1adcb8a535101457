package org.astropool.internal.transport.mpi;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The constants of one binary interface of MPI. A handle is a pointer in Open MPI, a 32-bit number in MPICH and a small
 * number in the standard ABI; a long holds each of them. A wrong constant would not be noticed, so the family follows
 * from the symbols of the library alone, never from its name or the launcher.
 *
 * @param statusSource offset of MPI_SOURCE in a status, in bytes
 * @param statusTag offset of MPI_TAG in a status, in bytes
 */
record MpiAbi(
        long commWorld,
        long byteType,
        long errorsReturn,
        int anySource,
        int anyTag,
        int threadSerialized,
        int statusSource,
        int statusTag) {

    private static final Pattern MPICH_FAMILY =
            Pattern.compile("MPICH|Intel\\(R\\) MPI|MVAPICH|CRAY", Pattern.CASE_INSENSITIVE);

    /** Empty for a library of no known family. */
    static Optional<MpiAbi> of(NativeLibrary library, String version) {
        if (library.getName().contains("mpi_abi") && has(library, "MPI_Abi_get_version")) {
            return Optional.of(new MpiAbi(0x101, 0x247, 0x143, -1, -2, 2048, 0, 4));
        }
        if (has(library, "ompi_mpi_comm_world")) {
            return Optional.of(new MpiAbi(
                    address(library, "ompi_mpi_comm_world"),
                    address(library, "ompi_mpi_byte"),
                    address(library, "ompi_mpi_errors_return"),
                    -1,
                    -1,
                    2,
                    0,
                    4));
        }
        if (MPICH_FAMILY.matcher(version).find()) {
            return Optional.of(new MpiAbi(0x44000000, 0x4c00010d, 0x54000001, -2, -1, 2, 8, 12));
        }
        return Optional.empty();
    }

    private static boolean has(NativeLibrary library, String symbol) {
        try {
            library.getGlobalVariableAddress(symbol);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static long address(NativeLibrary library, String symbol) {
        return Pointer.nativeValue(library.getGlobalVariableAddress(symbol));
    }
}
