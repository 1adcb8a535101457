package org.astropool.internal.journal;

/** Ends the process in the middle of a write, to show that nothing is lost. Called by the writer thread. */
public interface WriteFault {

    /**
     * Asked before each write.
     *
     * @param write the number of the write, from 0
     * @param bytes its length
     * @return how many of these bytes are written before {@link #die}, or -1 to write all of them
     */
    int bytesBeforeDeath(long write, int bytes);

    /** Ends the process. If it returns, the rest is written. */
    void die();
}
