package org.astropool.internal.transport.mpj;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The few calls of MPJ Express that are needed, on MPI.COMM_WORLD, with bytes and one tag only. All methods belong to
 * the thread that called {@link #initialize}: in multicore mode MPJ knows a rank by the group of its threads.
 */
final class Mpj {
    private static final int TAG = 1;

    private final Class<?> mpi;
    private final MethodHandle init;
    private final MethodHandle finish;
    private final MethodHandle isend;
    private final MethodHandle irecv;
    private final MethodHandle test;
    private final MethodHandle count;
    private final MethodHandle source;
    private final MethodHandle rankOf;
    private final MethodHandle sizeOf;
    private @Nullable Object world;
    private @Nullable Object bytes;
    private int anySource;

    /** @throws ReflectiveOperationException when there is no MPJ Express on the class path, or one with another API */
    Mpj() throws ReflectiveOperationException {
        ClassLoader loader = Mpj.class.getClassLoader();
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        this.mpi = Class.forName("mpi.MPI", false, loader);
        Class<?> comm = Class.forName("mpi.Comm", false, loader);
        Class<?> datatype = Class.forName("mpi.Datatype", false, loader);
        Class<?> request = Class.forName("mpi.Request", false, loader);
        Class<?> status = Class.forName("mpi.Status", false, loader);
        MethodType transfer =
                MethodType.methodType(request, Object.class, int.class, int.class, datatype, int.class, int.class);
        this.init = lookup.findStatic(mpi, "Init", MethodType.methodType(String[].class, String[].class));
        this.finish = lookup.findStatic(mpi, "Finalize", MethodType.methodType(void.class));
        this.rankOf = generic(lookup.findVirtual(comm, "Rank", MethodType.methodType(int.class)));
        this.sizeOf = generic(lookup.findVirtual(comm, "Size", MethodType.methodType(int.class)));
        this.isend = generic(lookup.findVirtual(comm, "Isend", transfer));
        this.irecv = generic(lookup.findVirtual(comm, "Irecv", transfer));
        this.test = generic(lookup.findVirtual(request, "Test", MethodType.methodType(status)));
        this.count = generic(lookup.findVirtual(status, "Get_count", MethodType.methodType(int.class, datatype)));
        this.source = generic(lookup.findGetter(status, "source", int.class));
    }

    /** Objects in place of the types that are not there at compile time. */
    private static MethodHandle generic(MethodHandle exact) {
        MethodType type = exact.type();
        for (int i = 0; i < type.parameterCount(); i++) {
            if (!type.parameterType(i).isPrimitive()) {
                type = type.changeParameterType(i, Object.class);
            }
        }
        return exact.asType(type.returnType().isPrimitive() ? type : type.changeReturnType(Object.class));
    }

    /**
     * Waits for all ranks.
     *
     * @param arguments what MPJ's launcher has given to {@code main}: rank, configuration, device
     */
    void initialize(String[] arguments) {
        call("MPI.Init", () -> {
            String[] rest = (String[]) init.invokeExact(arguments);
            world = mpi.getField("COMM_WORLD").get(null);
            bytes = mpi.getField("BYTE").get(null);
            anySource = mpi.getField("ANY_SOURCE").getInt(null);
            return rest;
        });
    }

    int rank() {
        return call("Rank", () -> (int) rankOf.invokeExact(world));
    }

    int size() {
        return call("Size", () -> (int) sizeOf.invokeExact(world));
    }

    /**
     * Begins to send; MPJ has copied the bytes when this returns.
     *
     * @return the request, for {@link #test}
     */
    Object send(byte[] message, int length, int peer) {
        try {
            return (Object) isend.invokeExact(world, (Object) message, 0, length, bytes, peer, TAG);
        } catch (Throwable t) {
            throw failure("Isend to rank " + peer, t);
        }
    }

    /**
     * Begins to receive the next message of any rank.
     *
     * @param room for the longest message there may be; filled when {@link #test} says so
     */
    Object receive(byte[] room) {
        try {
            return (Object) irecv.invokeExact(world, (Object) room, 0, room.length, bytes, anySource, TAG);
        } catch (Throwable t) {
            throw failure("Irecv", t);
        }
    }

    /** The status of a request that is complete, once; null of one that is under way. */
    @Nullable
    Object test(Object request) {
        try {
            return (Object) test.invokeExact(request);
        } catch (Throwable t) {
            throw failure("Test", t);
        }
    }

    int source(Object status) {
        try {
            return (int) source.invokeExact(status);
        } catch (Throwable t) {
            throw failure("Status.source", t);
        }
    }

    int length(Object status) {
        try {
            return (int) count.invokeExact(status, bytes);
        } catch (Throwable t) {
            throw failure("Get_count", t);
        }
    }

    /** Waits for all ranks. Named so because finalize belongs to Object. */
    void finish() {
        call("MPI.Finalize", () -> {
            finish.invokeExact();
            return 0;
        });
    }

    private interface Call<T> {
        @SuppressWarnings("IllegalThrows") // as method handles
        T run() throws Throwable;
    }

    private static <T> T call(String name, Call<T> call) {
        try {
            return call.run();
        } catch (Throwable t) {
            throw failure(name, t);
        }
    }

    private static MpjException failure(String call, Throwable cause) {
        if (cause instanceof VirtualMachineError error) {
            throw error;
        }
        return new MpjException(call + " of MPJ Express failed: " + cause, cause);
    }
}
