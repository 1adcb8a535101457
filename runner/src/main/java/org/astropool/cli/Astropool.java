package org.astropool.cli;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.astropool.launch.Launch;
import picocli.CommandLine;

/** The program {@code astropool}. */
public final class Astropool {
    private static final Logger STIL = Logger.getLogger("uk.ac.starlink");

    private Astropool() {}

    public static void main(String[] arguments) {
        Launch launch = Launch.of(System.getenv());
        int code =
                WorkerRank.isOne(launch, arguments) ? WorkerRank.serve(launch, arguments) : execute(launch, arguments);
        // exec leaves the end to the user's threads, as java does; a hung model must not keep run from ending
        if (code != 0 || arguments.length == 0 || !arguments[0].equals("exec")) {
            System.exit(code);
        }
    }

    /** Runs a command in this process. @return its exit code */
    static int execute(Launch launch, String... arguments) {
        STIL.setLevel(Level.WARNING); // it tells at level INFO which formats a file is not
        return commandLine(launch).execute(arguments);
    }

    static CommandLine commandLine(Launch launch) {
        Messages messages = new Messages(System.err, launch);
        return new CommandLine(new AstropoolCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        System.getenv("NO_COLOR") == null ? CommandLine.Help.Ansi.AUTO : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(messages::usage)
                .setExecutionExceptionHandler((failure, command, parsed) -> messages.failure(failure));
    }
}
