package org.astropool.internal.job.search;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.astropool.internal.job.AtomicFile;
import uk.ac.starlink.table.StarTable;

/** Takes the files of a complete search; each is written completely or not at all. */
public interface SearchOutput {

    /**
     * Writes a table in each format of the job.
     *
     * @param name without the ending that the format gives; one of {@code SearchKind.tables}
     */
    void table(String name, StarTable table) throws IOException;

    /**
     * Writes another file.
     *
     * @param name one of {@code SearchKind.texts}
     */
    void text(String name, AtomicFile.Content content) throws IOException;

    /** Writes another file with this text, in UTF-8. */
    default void text(String name, String text) throws IOException {
        text(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
