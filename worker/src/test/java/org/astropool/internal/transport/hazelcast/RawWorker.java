package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.impl.protocol.ClientMessage;
import com.hazelcast.client.impl.protocol.ClientMessageReader;
import com.hazelcast.client.impl.protocol.ClientMessageWriter;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** Somebody who knows the secret, and says to Hazelcast whatever it likes. Not thread-safe. */
final class RawWorker implements Closeable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final RecordCipher outgoing;
    private final RecordCipher incoming;
    private final ByteBuffer received = ByteBuffer.allocate(1 << 20).limit(0);

    RawWorker(Endpoint master, Secret secret) throws IOException, Handshake.FailedException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(master.host(), master.port()), 10_000);
        in = socket.getInputStream();
        Handshake handshake = Handshake.ofWorker(secret);
        send(handshake.opening());
        ByteBuffer answer = ByteBuffer.allocate(33);
        while (handshake.keys() == null) {
            answer.clear();
            in.readNBytes(answer.array(), 0, answer.capacity());
            send(handshake.take(answer));
        }
        outgoing = new RecordCipher(handshake.keys().toMaster());
        incoming = new RecordCipher(handshake.keys().toWorker());
    }

    private void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** As the content of one record. */
    void say(byte[] bytes, int length) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(length + RecordCipher.OVERHEAD_BYTES);
        outgoing.seal(ByteBuffer.wrap(bytes, 0, length), record);
        send(record.array());
    }

    void say(ClientMessage message) throws IOException {
        byte[] bytes = bytes(message);
        for (int from = 0; from < bytes.length; from += RecordCipher.MAX_PLAIN_BYTES) {
            byte[] part = java.util.Arrays.copyOfRange(
                    bytes, from, Math.min(bytes.length, from + RecordCipher.MAX_PLAIN_BYTES));
            say(part, part.length);
        }
    }

    static byte[] bytes(ClientMessage message) {
        ByteBuffer out = ByteBuffer.allocate(message.getFrameLength());
        if (!new ClientMessageWriter().writeTo(out, message)) {
            throw new IllegalStateException("the length of the message is not that of its bytes");
        }
        return out.array();
    }

    /** The next message from the master. */
    ClientMessage hear() throws Exception {
        ClientMessageReader reader = new ClientMessageReader(Integer.MAX_VALUE);
        while (!reader.readFrom(received, true)) {
            byte[] length = in.readNBytes(Integer.BYTES);
            if (length.length < Integer.BYTES) {
                throw new EOFException("the master has closed the connection");
            }
            byte[] content = in.readNBytes(ByteBuffer.wrap(length).getInt());
            ByteBuffer record = ByteBuffer.allocate(length.length + content.length);
            record.put(length).put(content).flip();
            received.compact();
            incoming.open(record, received);
            received.flip();
        }
        return reader.getClientMessage();
    }

    /** Whether the master closes the connection; what it says before does not matter. */
    boolean isEnded() throws IOException {
        try {
            while (in.read() >= 0) {
                // what it says
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
