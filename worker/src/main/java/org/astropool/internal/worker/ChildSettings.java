package org.astropool.internal.worker;

import java.util.List;
import java.util.function.Consumer;

/**
 * What the user wants of child JVMs that evaluate tasks.
 *
 * @param output takes what they print, line by line; called by other threads
 * @param heapBytes the heap limit of each; 0: a share of that of this JVM
 * @param jvmArguments further options of the JVM, which override all others
 */
public record ChildSettings(Consumer<String> output, long heapBytes, List<String> jvmArguments) {

    public ChildSettings {
        jvmArguments = List.copyOf(jvmArguments);
    }

    /** The usual heap and options. */
    public static ChildSettings of(Consumer<String> output) {
        return new ChildSettings(output, 0, List.of());
    }
}
