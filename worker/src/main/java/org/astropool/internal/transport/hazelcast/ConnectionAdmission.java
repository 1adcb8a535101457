package org.astropool.internal.transport.hazelcast;

import com.hazelcast.internal.server.ServerConnection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connections of peers that do not prove that they know the secret, and logs that once for each address. Few
 * of them are kept waiting, and only for a short time, so that many strangers cost little. Thread-safe.
 */
final class ConnectionAdmission {
    /** How many connections may be in their handshake; the oldest is closed when there are more. */
    static final int MAX_WAITING = 128;
    /** How long a handshake may take. */
    static final long HANDSHAKE_MILLIS = 5_000;

    private static final long SHUTDOWN_MILLIS = 200;
    private static final int MAX_ADDRESSES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionAdmission.class);

    private final Secret secret;
    private final ScheduledExecutorService scheduler;
    private final LinkedHashSet<Visitor> waiting = new LinkedHashSet<>();
    private final Set<String> toldAddresses = new LinkedHashSet<>();

    ConnectionAdmission(Secret secret, ScheduledExecutorService scheduler) {
        this.secret = secret;
        this.scheduler = scheduler;
    }

    Secret secret() {
        return secret;
    }

    /** A connection has been opened. */
    Visitor arrived(ServerConnection connection) {
        Visitor visitor = new Visitor(connection);
        Visitor oldest = null;
        synchronized (this) {
            waiting.add(visitor);
            if (waiting.size() > MAX_WAITING) {
                oldest = waiting.iterator().next();
            }
        }
        if (oldest != null) {
            oldest.dismiss("too many connections are waiting to be admitted");
        }
        later(visitor::tooLate, HANDSHAKE_MILLIS);
        return visitor;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // closing a connection throws nothing
    private void later(Runnable work, long millis) {
        try {
            scheduler.schedule(work, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the master is closed, and all connections with it
        }
    }

    private synchronized boolean leave(Visitor visitor) {
        return waiting.remove(visitor);
    }

    private synchronized boolean isNews(String address) {
        return toldAddresses.size() < MAX_ADDRESSES && toldAddresses.add(address);
    }

    /** The other side of one connection. */
    final class Visitor implements HandshakeHandler.End {
        private final ServerConnection connection;
        private final String address;

        private Visitor(ServerConnection connection) {
            this.connection = connection;
            this.address = String.valueOf(connection.getRemoteSocketAddress()).replaceFirst("^.*/", "");
        }

        private void tooLate() {
            if (leave(this)) {
                refuse("it did not prove within " + HANDSHAKE_MILLIS / 1000 + " s that it knows the secret", 0);
            }
        }

        private void dismiss(String reason) {
            if (leave(this)) {
                refuse(reason, 0);
            }
        }

        @Override
        public void proven() {
            leave(this);
        }

        @Override
        public void failed(Handshake.FailedException failure) {
            leave(this);
            refuse(String.valueOf(failure.getMessage()), SHUTDOWN_MILLIS);
        }

        @Override
        public void forged() {
            refuse("a record arrived that it has not sent", 0);
        }

        /** It knows the secret, but asks Hazelcast for something that no worker needs. */
        void sentMessage(int type) {
            refuse(String.format("it sent a message of type 0x%06x, which no worker of astropool sends", type), 0);
        }

        /** It knows the secret, but sends messages of a form or length that no worker does. */
        void sentTooMuch() {
            refuse(
                    "it sent a message that is malformed, in fragments, or longer than "
                            + MessageGuard.MAX_MESSAGE_BYTES + " bytes",
                    0);
        }

        private void refuse(String reason, long delayMillis) {
            if (isNews(address.replaceFirst(":\\d+$", ""))) {
                LOG.warn(
                        "a connection from {} was refused: {}; others from there are refused silently",
                        address,
                        reason);
            }
            if (delayMillis == 0) {
                connection.close(reason, null);
            } else {
                later(() -> connection.close(reason, null), delayMillis);
            }
        }
    }
}
