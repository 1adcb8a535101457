package org.astropool.internal.transport.hazelcast;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/** Somebody between a worker and its master: passes on what both say, takes it down, and alters a byte on request. */
final class Eavesdropper implements Closeable {
    private final Endpoint master;
    private final ServerSocket listening;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final AtomicBoolean alterNext = new AtomicBoolean();

    Eavesdropper(Endpoint master) throws IOException {
        this.master = master;
        this.listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        start(() -> {
            while (true) {
                Socket worker = listening.accept();
                Socket onward = new Socket(InetAddress.getLoopbackAddress(), master.port());
                start(() -> relay(worker, onward, true));
                start(() -> relay(onward, worker, false));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one of both has closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void relay(Socket from, Socket to, boolean toMaster) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        try {
            for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                if (toMaster) {
                    synchronized (said) {
                        said.write(buffer, 0, bytes);
                    }
                    if (alterNext.getAndSet(false)) {
                        buffer[bytes - 1] ^= 1;
                    }
                }
                out.write(buffer, 0, bytes);
            }
        } finally {
            from.close();
            to.close();
        }
    }

    Endpoint endpoint() {
        return new Endpoint(master.host(), listening.getLocalPort());
    }

    /** Everything that workers have said so far. */
    byte[] said() {
        synchronized (said) {
            return said.toByteArray();
        }
    }

    /** Changes a bit of what a worker says next. */
    void alterNext() {
        alterNext.set(true);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
