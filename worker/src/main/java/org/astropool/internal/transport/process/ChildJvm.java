package org.astropool.internal.transport.process;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The command line of a child that is a JVM like this one.
 *
 * @param heapBytes its heap limit, at least 2 MiB
 * @param threads how many processors it counts on, at least 1: which determines the number of the JVM's own threads
 * @param classPath its class path
 * @param options further options of the JVM; they override those that are set here
 */
public record ChildJvm(long heapBytes, int threads, String classPath, List<String> options) {
    private static final long SMALLEST_HEAP = 2 << 20;
    private static final int KIB = 1024;
    /** Children inherit them. */
    private static final List<String> OPTION_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

    /** @throws IllegalArgumentException outside the ranges */
    public ChildJvm {
        if (heapBytes < SMALLEST_HEAP || threads < 1) {
            throw new IllegalArgumentException("a child JVM with a heap of " + heapBytes + " bytes and " + threads
                    + " threads: at least " + SMALLEST_HEAP + " bytes and 1 thread are needed");
        }
        options = List.copyOf(options);
    }

    /** With the class path and the modules of this JVM, and those of its options that hold for its children, too. */
    public static ChildJvm likeThis(long heapBytes, int threads) {
        return new ChildJvm(heapBytes, threads, System.getProperty("java.class.path"), InheritedOptions.forChildren());
    }

    /** With options added. */
    public ChildJvm with(List<String> more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(more);
        return new ChildJvm(heapBytes, threads, classPath, all);
    }

    /** The command line that runs a main class; as part of its module, where it is in a named one here. */
    public List<String> command(Class<?> mainClass, List<String> arguments) {
        Module module = mainClass.getModule();
        return module.isNamed()
                ? command(List.of("-m", module.getName() + "/" + mainClass.getName()), arguments)
                : command(mainClass.getName(), arguments);
    }

    /** The command line that runs a main class from the class path. */
    public List<String> command(String mainClass, List<String> arguments) {
        return command(List.of(mainClass), arguments);
    }

    private List<String> command(List<String> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        if (options.stream().noneMatch(ChildJvm::choosesCollector) && !choosesCollector(System.getenv())) {
            command.add("-XX:+UseSerialGC"); // starts fastest, and has no threads that compete for the cores of other
            // children
        }
        command.add("-Xmx" + heapBytes / KIB + "k");
        command.add("-Xss512k");
        command.add("-Xshare:auto");
        command.add("-XX:ActiveProcessorCount=" + threads);
        // Its file in /tmp would stay when the child is killed.
        command.add("-XX:-UsePerfData");
        // A JVM without memory would continue with threads missing; it is better to end it and have its parent replace
        // it.
        command.add("-XX:+ExitOnOutOfMemoryError");
        // The head of the report comes to the parent by stderr; the rest would litter the working directory.
        command.add("-XX:ErrorFile=/dev/null");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.addAll(options);
        if (!classPath.isEmpty()) { // an empty one would be the working directory
            command.add("-cp");
            command.add(classPath);
        }
        command.addAll(main);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    private static boolean choosesCollector(String option) {
        return option.startsWith("-XX:+Use") && option.toUpperCase(Locale.ROOT).endsWith("GC");
    }

    /** Two collectors are an error. A file of options may name one. */
    static boolean choosesCollector(Map<String, String> environment) {
        return OPTION_VARIABLES.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .flatMap(options -> Stream.of(options.replaceAll("[\"']", "").split("\\s+")))
                .anyMatch(option -> choosesCollector(option)
                        || option.startsWith("@")
                        || option.startsWith("-XX:Flags=")
                        || option.startsWith("-XX:VMOptionsFile="));
    }
}
