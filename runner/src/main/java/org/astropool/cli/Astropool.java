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
        Ranks ranks = new Ranks(Launch.of(System.getenv()), arguments);
        if (!ranks.isWorker()) {
            ranks.joinEarly();
        }
        int code = ranks.isWorker() ? ranks.serve() : execute(ranks, arguments);
        // exec leaves the end to the user's threads, as java does; a hung model must not keep run from ending
        if (code != 0 || arguments.length == 0 || !arguments[0].equals("exec")) {
            System.exit(code);
        }
    }

    /** Runs a command in this process. @return its exit code */
    static int execute(Ranks ranks, String... arguments) {
        STIL.setLevel(Level.WARNING); // it tells at level INFO which formats a file is not
        try {
            return commandLine(ranks).execute(arguments);
        } finally {
            ranks.dismiss();
        }
    }

    private static CommandLine commandLine(Ranks ranks) {
        Messages messages = new Messages(System.err, ranks.launch());
        return new CommandLine(AstropoolCommand.class, new CommandFactory(ranks))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        System.getenv("NO_COLOR") == null ? CommandLine.Help.Ansi.AUTO : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(messages::usage)
                .setExecutionExceptionHandler((failure, command, parsed) -> messages.failure(failure));
    }

    /** Makes commands; one whose constructor wants the ranks gets them. */
    private record CommandFactory(Ranks ranks) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.getDeclaredConstructor(Ranks.class).newInstance(ranks);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
