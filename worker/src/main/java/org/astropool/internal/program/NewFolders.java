package org.astropool.internal.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders that do not exist yet and will be created: those that stay empty can be removed again. Immutable. */
public final class NewFolders {
    private final List<Path> innermostFirst = new ArrayList<>();

    /** @param folder that will be created, with the folders that it is in */
    public NewFolders(Path folder) {
        for (Path next = folder.toAbsolutePath(); next != null && !Files.exists(next); next = next.getParent()) {
            innermostFirst.add(next);
        }
    }

    /** Removes those of them that exist and are empty. */
    public void removeEmpty() {
        try {
            for (Path folder : innermostFirst) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            // it is in use, and so are those that it is in
        }
    }
}
