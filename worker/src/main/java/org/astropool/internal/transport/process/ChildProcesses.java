package org.astropool.internal.transport.process;

import java.util.List;
import java.util.Map;

/**
 * Which children to start.
 *
 * @param count how many at a time, at least 1
 * @param command the program and its arguments, usually from {@link ChildJvm#command}; it must call
 *     {@link ChildCarrier#join}
 * @param environment all variables of the children, usually from {@link LauncherVariables#without}
 * @param output takes what the children print
 */
public record ChildProcesses(int count, List<String> command, Map<String, String> environment, ChildOutput output) {

    /** @throws IllegalArgumentException without a child or without a command */
    public ChildProcesses {
        if (count < 1 || command.isEmpty()) {
            throw new IllegalArgumentException(
                    count + " children of the command " + command + ": both must be at least 1 long");
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * Children with the environment of this process without the variables of a launcher; what they print is dropped.
     */
    public ChildProcesses(int count, List<String> command) {
        this(count, command, LauncherVariables.without(System.getenv()), ChildOutput.IGNORED);
    }
}
