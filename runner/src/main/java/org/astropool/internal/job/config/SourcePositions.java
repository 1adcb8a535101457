package org.astropool.internal.job.config;

import java.util.List;
import java.util.Map;

/** Where the values of a job were given: a line of its file, or an option of the command line. Immutable. */
public final class SourcePositions {
    private final String file;
    private final Map<List<String>, String> places;

    public SourcePositions(String file, Map<List<String>, String> places) {
        this.file = file;
        this.places = Map.copyOf(places);
    }

    /** For messages: the position of a key, or of the nearest table around it, or the file. */
    public String of(String... path) {
        return of(List.of(path));
    }

    /** Whether the value comes from the command line, so that a path in it is relative to the working directory. */
    public boolean isOption(String... path) {
        return of(path).startsWith("--");
    }

    /** Whether the job gives a value for this key itself. */
    public boolean has(String... path) {
        return places.containsKey(List.of(path));
    }

    String of(List<String> path) {
        for (int length = path.size(); length > 0; length--) {
            String place = places.get(path.subList(0, length));
            if (place != null) {
                return place;
            }
        }
        return file;
    }
}
