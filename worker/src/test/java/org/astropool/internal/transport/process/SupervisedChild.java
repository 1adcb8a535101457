package org.astropool.internal.transport.process;

import java.io.FileOutputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.Transport;

/** A child that does what its parent tells it, on its communication thread, and then says so. */
final class SupervisedChild implements Agent, FrameHandler {

    /** Orders; a frame is the order and its argument. */
    enum Order {
        ECHO,
        /** Sends back the value of an environment variable. */
        ENVIRONMENT,
        EXIT,
        HALT,
        CRASH,
        RUN_OUT_OF_MEMORY,
        /** Uses its core until it is killed. */
        LOOP,
        /** Prints so many lines to standard output, and as many to standard error. */
        PRINT,
        /** Runs a program that prints to the standard output that it has inherited. */
        RUN,
        /** Sends so many frames and halts. */
        SEND_AND_HALT,
        /** Writes to the descriptor that is for frames. */
        SPOIL,
        LEAVE
    }

    private static final byte[] LINE = "a line that is not short\n".getBytes(StandardCharsets.US_ASCII);

    private final Transport transport;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private SupervisedChild(ChildCarrier carrier) {
        this.transport = carrier.openNext();
        carrier.thread().add(this);
    }

    public static void main(String[] args) throws Exception {
        ChildCarrier carrier = ChildCarrier.join();
        new SupervisedChild(carrier).end.join();
        carrier.close();
    }

    static byte[] order(Order order, Object argument) {
        return (order + " " + argument).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        String[] words = StandardCharsets.UTF_8.decode(frame).toString().split(" ", 2);
        try {
            reply(obey(Order.valueOf(words[0]), words[1]));
        } catch (Exception e) {
            reply(e.toString());
        }
    }

    private String obey(Order order, String argument) throws Exception {
        switch (order) {
            case ECHO -> {
                return argument;
            }
            case ENVIRONMENT -> {
                return String.valueOf(System.getenv(argument));
            }
            case EXIT -> System.exit(Integer.parseInt(argument));
            case HALT -> Runtime.getRuntime().halt(Integer.parseInt(argument));
            case CRASH -> crash();
            case RUN_OUT_OF_MEMORY -> fillMemory();
            case LOOP -> loop();
            case PRINT -> {
                for (int i = 0; i < Integer.parseInt(argument); i++) {
                    System.out.write(LINE);
                    System.err.write(LINE);
                }
            }
            case RUN ->
                new ProcessBuilder("/bin/sh", "-c", argument)
                        .inheritIO()
                        .start()
                        .waitFor();
            case SEND_AND_HALT -> {
                for (int i = 0; i < Integer.parseInt(argument); i++) {
                    reply(String.valueOf(i));
                }
                while (transport.pendingSends() > 0) {
                    Thread.onSpinWait();
                }
                Runtime.getRuntime().halt(3);
            }
            case SPOIL -> {
                try (FileOutputStream frames = new FileOutputStream("/dev/fd/3")) {
                    frames.write("native code prints to any descriptor".getBytes(StandardCharsets.US_ASCII));
                }
            }
            case LEAVE -> end.complete(null);
        }
        return "done";
    }

    /** As native code does: writes to address 0. By reflection, since the compiler warns of any other use. */
    private static void crash() throws Exception {
        Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
        Field field = unsafeClass.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        unsafeClass.getMethod("putByte", long.class, byte.class).invoke(field.get(null), 0L, (byte) 1);
    }

    private static void fillMemory() {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[1 << 20]);
        }
    }

    private static void loop() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private void reply(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        transport.send(0, transport.acquire(bytes.length).put(bytes).flip());
    }

    @Override
    public int doWork(long nowNanos) {
        return transport.poll(this);
    }

    @Override
    public Urgency urgency() {
        return Urgency.LOW;
    }

    @Override
    public void failed(Throwable cause) {
        end.completeExceptionally(cause);
    }
}
