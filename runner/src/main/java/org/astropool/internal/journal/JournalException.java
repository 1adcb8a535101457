package org.astropool.internal.journal;

import java.nio.file.Path;
import java.util.List;

/** A journal cannot be used: it belongs to another run, or is not a journal. Nothing was changed. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1;

    private static final String NEXT_STEP = "; use --overwrite to start again, or another --out";

    private JournalException(String message) {
        super(message);
    }

    static JournalException unusable(Path file, String why) {
        return new JournalException("the journal " + file + " " + why + NEXT_STEP);
    }

    /** Of a journal that belongs to another run. */
    public static JournalException ofAnotherRun(Path file, List<String> differences) {
        return unusable(file, "belongs to another run: " + String.join("; ", differences));
    }
}
