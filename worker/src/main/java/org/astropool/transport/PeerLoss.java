package org.astropool.transport;

/**
 * What is known about the end of a peer.
 *
 * @param reason for people, for instance "its process 4711 was ended by signal 11 (SIGSEGV)"
 * @param lastWords the last lines that it wrote to its standard error, or ""
 * @param replaced whether another peer takes its place
 */
public record PeerLoss(String reason, String lastWords, boolean replaced) {

    /** Without words, and not replaced. */
    public PeerLoss(String reason) {
        this(reason, "", false);
    }
}
