package org.astropool.internal.program;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.internal.model.FileDigest;
import org.astropool.internal.model.ModelFiles;

/**
 * Detects that the files of a command have changed, because each point starts the files as they are then. Checks only
 * their times and sizes while these stay the same. For one thread.
 */
final class ProgramWatch {
    private final Map<String, String> expected = new TreeMap<>();
    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, String> seen = new TreeMap<>();

    /** @param master digests of what the master has found; empty for nothing to be watched */
    ProgramWatch(ProgramSpec spec, Map<String, String> master) {
        if (!master.isEmpty()) {
            ProgramFiles.code(spec, true).forEach((name, file) -> {
                if (master.containsKey(name)) {
                    files.put(name, file);
                    expected.put(name, master.get(name));
                }
            });
        }
    }

    /** @throws BrokenProgramException when one differs from that of the master */
    void check() throws BrokenProgramException {
        for (Map.Entry<String, Path> each : files.entrySet()) {
            String name = each.getKey();
            String state = FileDigest.state(each.getValue());
            if (!state.equals(seen.get(name))) {
                String differences = ModelFiles.differences(
                        Map.of(name, expected.get(name)), Map.of(name, FileDigest.of(each.getValue())));
                if (!differences.isEmpty()) {
                    throw new BrokenProgramException(
                            "the program is not that of the master: " + differences
                                    + "; do not change it while a run goes on",
                            "");
                }
                seen.put(name, state);
            }
        }
    }
}
