package org.astropool.internal.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the contract test talks to: a peer that does as peer 0 tells it over the first channel, and answers each order
 * when it has carried it out.
 */
public final class ContractPeer implements Agent, FrameHandler {

    /** Orders, with their arguments as text. */
    enum Order {
        /** Open the next channel, send this many frames of this many bytes, and send back whatever comes. */
        OPEN,
        /** Do nothing at all, not even poll, until this file exists. */
        BE_DEAF,
        /** That was all. */
        END
    }

    private final Carrier carrier;
    private final Transport orders;
    private final List<Transport> echoes = new ArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private @Nullable Path deafUntil;

    public ContractPeer(Carrier carrier) {
        this.carrier = carrier;
        this.orders = carrier.openNext();
        carrier.thread().add(this);
    }

    /** Waits until peer 0 says that the test is over. */
    public void serve() {
        end.join();
    }

    static byte[] order(Order order, Object... arguments) {
        StringBuilder text = new StringBuilder(order.name());
        for (Object argument : arguments) {
            text.append(' ').append(argument);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Frame number i of a stream; all its bytes follow from its number, which it begins with if that fits. */
    static byte[] frame(int number, int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) number);
        if (size >= Integer.BYTES) {
            ByteBuffer.wrap(bytes).putInt(number);
        }
        return bytes;
    }

    @Override
    public int doWork(long nowNanos) {
        int work = orders.poll(this);
        for (Transport echo : echoes) {
            work += echo.poll((peer, frame) -> send(echo, peer, frame));
        }
        while (deafUntil != null) {
            deafUntil = Files.exists(deafUntil) ? null : deafUntil;
            LockSupport.parkNanos(1_000_000);
        }
        return work;
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        String[] words = StandardCharsets.UTF_8.decode(frame).toString().split(" ", -1);
        switch (Order.valueOf(words[0])) {
            case OPEN -> {
                Transport echo = carrier.openNext();
                echoes.add(echo);
                for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                    send(echo, peer, ByteBuffer.wrap(frame(i, Integer.parseInt(words[2]))));
                }
            }
            case BE_DEAF -> deafUntil = Path.of(words[1]);
            case END -> end.complete(null);
        }
        send(orders, peer, ByteBuffer.wrap(new byte[] {1}));
    }

    private static void send(Transport transport, int peer, ByteBuffer bytes) {
        transport.send(peer, transport.acquire(bytes.remaining()).put(bytes).flip());
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
