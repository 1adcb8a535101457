package org.astropool.internal.transport.process;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which options of this JVM its children inherit: what the user set with -D, access to modules and native code, the
 * archive of classes that makes the start cheap, and sizes that are fitted to the limits of processes. Variables like
 * JAVA_TOOL_OPTIONS are part of their environment anyway.
 *
 * <p>The command line is read from /proc: the management beans that know it, too, take 50 ms to load.
 */
final class InheritedOptions {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    /** Their value is the next argument unless it follows a "=". */
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp",
            "--source",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--limit-modules",
            "--patch-module",
            "--add-modules",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--enable-native-access");

    /** To the archive of classes, and to the limits and the size of memory that hold for children, too. */
    private static final List<String> FITTED = List.of(
            "-XX:SharedArchiveFile=",
            "-XX:CompressedClassSpaceSize=",
            "-XX:ReservedCodeCacheSize=",
            "-XX:InitialRAMPercentage=");

    private static final List<String> HANDED_ON = List.of(
            "--add-modules",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--patch-module",
            "--upgrade-module-path",
            "--enable-native-access");

    private InheritedOptions() {}

    static List<String> forChildren() {
        List<String> options = new ArrayList<>(modules());
        try {
            String line = new String(Files.readAllBytes(COMMAND_LINE), Charset.defaultCharset());
            options.addAll(forChildren(Arrays.asList(line.split("\0", -1))));
        } catch (IOException e) {
            // not Linux
        }
        return options;
    }

    /** The module path, and the modules that this JVM has found there. */
    private static List<String> modules() {
        String path = System.getProperty("jdk.module.path", "");
        if (path.isEmpty()) {
            return List.of();
        }
        ModuleFinder platform = ModuleFinder.ofSystem();
        String names = ModuleLayer.boot().modules().stream()
                .map(Module::getName)
                .filter(name -> platform.find(name).isEmpty())
                .sorted()
                .collect(Collectors.joining(","));
        return names.isEmpty()
                ? List.of("--module-path=" + path)
                : List.of("--module-path=" + path, "--add-modules=" + names);
    }

    static List<String> forChildren(List<String> commandLine) {
        List<String> handedOn = new ArrayList<>();
        for (int i = 1; i < commandLine.size(); i++) {
            String option = commandLine.get(i);
            if (beginsProgram(option)) {
                break; // what follows are its arguments
            }
            boolean pair = WITH_VALUE.contains(option) && i + 1 < commandLine.size();
            if (holdsForChildren(option)) {
                handedOn.add(pair ? option + "=" + commandLine.get(i + 1) : option);
            }
            i += pair ? 1 : 0;
        }
        return handedOn;
    }

    private static boolean beginsProgram(String argument) {
        return !(argument.startsWith("-") || argument.startsWith("@"))
                || Set.of("-jar", "-m", "--module").contains(argument)
                || argument.startsWith("--module=");
    }

    private static boolean holdsForChildren(String option) {
        boolean property =
                option.startsWith("-D") && !option.startsWith("-Dcom.sun.management."); // a port can be opened once
        return property
                || FITTED.stream().anyMatch(option::startsWith)
                || HANDED_ON.stream().anyMatch(name -> option.equals(name) || option.startsWith(name + "="));
    }
}
