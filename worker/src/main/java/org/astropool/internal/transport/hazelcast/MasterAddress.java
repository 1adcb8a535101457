package org.astropool.internal.transport.hazelcast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.hazelcast.HazelcastWorker.RefusedException;

/** How a worker finds its master. */
public sealed interface MasterAddress {

    /**
     * Joins the master, waiting until there is one.
     *
     * @param patience how long to wait for it
     * @throws RefusedException when the master refuses this worker
     * @throws CarrierException when there is no master within that time, or the secret file cannot be used
     */
    HazelcastWorker join(Duration patience) throws CarrierException;

    /** A worker that was told where. */
    record Given(Endpoint endpoint, Path secretFile) implements MasterAddress {
        @Override
        public HazelcastWorker join(Duration patience) throws CarrierException {
            return HazelcastWorker.join(endpoint, Secret.read(secretFile), patience);
        }
    }

    /**
     * Files that both can see: the master writes them when it listens and removes them at its end. So those that are
     * there may be of a master that was killed, and are read again until one answers.
     */
    record InFiles(Path addressFile, Path secretFile) implements MasterAddress {
        private static final Duration ATTEMPT = Duration.ofSeconds(5);
        private static final long PAUSE_MILLIS = 200;

        @Override
        public HazelcastWorker join(Duration patience) throws CarrierException {
            long deadline = System.nanoTime() + patience.toNanos();
            while (true) {
                try {
                    return HazelcastWorker.join(read(), Secret.read(secretFile), ATTEMPT);
                } catch (CarrierException e) {
                    if (System.nanoTime() - deadline > 0) {
                        throw e;
                    }
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CarrierException("interrupted while waiting for " + addressFile, e);
                }
            }
        }

        private Endpoint read() throws CarrierException {
            try {
                return Endpoint.parse(Files.readString(addressFile).strip(), 0);
            } catch (IOException e) {
                throw new CarrierException(
                        "no master has written its address to " + addressFile
                                + "; do all ranks see the output directory, and does the first one run?",
                        e);
            }
        }

        /** To be called by the master, after it has written the secret. */
        public void write(Endpoint endpoint) throws CarrierException {
            try {
                Path next = addressFile.resolveSibling(addressFile.getFileName() + ".next");
                Files.writeString(next, endpoint + "\n");
                Files.move(next, addressFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new CarrierException("the address file " + addressFile + " cannot be written: " + e, e);
            }
        }
    }
}
