package org.astropool.internal.transport.mpi;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.astropool.internal.system.NativeEnvironment;

/** The few functions that are only available in the C library. */
final class LibC {
    private static final int PR_SET_TIMERSLACK = 29;

    static {
        Native.register(LibC.class, NativeLibrary.getProcess());
    }

    private LibC() {}

    /**
     * Keeps the JVM's handler of SIGSEGV alive. UCX (below MPICH, and below Open MPI on InfiniBand) replaces it as soon
     * as it is loaded, and the JVM then crashes at one of its own safepoints. Values set by the user are kept.
     */
    static void protectSignalHandlers() {
        NativeEnvironment.change(() -> setenv("UCX_ERROR_SIGNALS", "", 0) + setenv("UCX_DEBUG_SIGNO", "0", 0));
    }

    /** Linux lets a timer of 50 us fire up to 50 us late unless the thread asks for better. */
    static void makeTimersOfThisThreadSharp() {
        prctl(PR_SET_TIMERSLACK, 1);
    }

    private static native int setenv(String name, String value, int overwrite);

    private static native int prctl(int option, long value);
}
