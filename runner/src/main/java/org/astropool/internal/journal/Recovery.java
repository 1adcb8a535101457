package org.astropool.internal.journal;

import java.util.List;

/**
 * What was found in a journal.
 *
 * @param header what it belongs to
 * @param records the number of whole records, all of which were delivered
 * @param tornBytes the bytes after the last whole record: what was being written when its run ended, or what a run that
 *     still goes on is just writing
 * @param damages what cannot be read before that, in the order of the file
 */
public record Recovery(JournalHeader header, long records, long tornBytes, List<Damage> damages) {
    /** Copies the list. */
    public Recovery {
        damages = List.copyOf(damages);
    }
}
