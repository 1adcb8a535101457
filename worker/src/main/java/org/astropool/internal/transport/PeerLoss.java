package org.astropool.internal.transport;

/**
 * What is known about the end of a peer.
 *
 * @param reason for users, for instance "its process 4711 was ended by signal 11 (SIGSEGV)"
 * @param lastWords the last lines that it wrote to its standard error, or ""
 * @param replaced whether another peer takes its place
 * @param ofAll whether the carrier ends with it, so that all peers are lost
 */
public record PeerLoss(String reason, String lastWords, boolean replaced, boolean ofAll) {

    public PeerLoss(String reason, String lastWords, boolean replaced) {
        this(reason, lastWords, replaced, false);
    }

    /** Without output, and not replaced. */
    public PeerLoss(String reason) {
        this(reason, "", false);
    }

    /** The end of a carrier that does not survive the loss of a peer. */
    public static PeerLoss ofAll(String reason) {
        return new PeerLoss(reason, "", false, true);
    }
}
