package org.astropool.internal.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.astropool.internal.cli.batch.BatchStepCommand;
import org.astropool.internal.cli.batch.CancelCommand;
import org.astropool.internal.cli.batch.SubmitCommand;
import org.astropool.internal.cli.display.MarkedOutput;
import org.astropool.internal.cli.display.VisibleOutput;
import org.astropool.internal.cli.process.ProcessExit;
import org.astropool.internal.launch.Launch;
import org.astropool.internal.transport.Carrier;
import picocli.CommandLine;

/** The program {@code astropool}. */
public final class Astropool {
    private static final Logger STIL = Logger.getLogger("uk.ac.starlink");

    private static final Map<String, Class<?>> LOADED_ALONE = new LinkedHashMap<>();

    static {
        LOADED_ALONE.put("run", RunCommand.class);
        LOADED_ALONE.put("eval", EvalCommand.class);
        LOADED_ALONE.put("exec", ExecCommand.class);
        LOADED_ALONE.put("python", PythonCommand.class);
        LOADED_ALONE.put("status", StatusCommand.class);
        LOADED_ALONE.put("plot", PlotCommand.class);
        LOADED_ALONE.put("watch", WatchCommand.class);
        LOADED_ALONE.put("report", ReportCommand.class);
        LOADED_ALONE.put("bench", BenchCommand.class);
        LOADED_ALONE.put("worker", WorkerCommand.class);
        LOADED_ALONE.put("submit", SubmitCommand.class);
        LOADED_ALONE.put("cancel", CancelCommand.class);
        LOADED_ALONE.put("batch", BatchStepCommand.class);
    }

    private Astropool() {}

    public static void main(String[] arguments) {
        Launch launch = Launch.ofThisProcess(arguments);
        Ranks ranks = new Ranks(launch, arguments);
        RunFile runFile =
                new RunFile(launch.carrier().equals("mpj") && launch.rank() == 0 ? ranks.environment() : Map.of());
        runFile.begun();
        if (!ranks.isWorker() && !isExec(ranks.arguments())) {
            ProcessExit.onSignals();
        }
        if (!ranks.isWorker()) {
            ranks.joinEarly();
        }
        Runnable unmark = launch.rank() == 0 ? MarkedOutput.install() : () -> {};
        int code = ranks.isWorker() ? ranks.serve() : execute(ranks, ranks.arguments());
        boolean goesOn = code == 0 && isExec(ranks.arguments());
        if (goesOn) {
            unmark.run();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> runFile.exits(code)));
        } else {
            runFile.exits(code);
        }
        if (launch.sharesItsProcess() && launch.rank() > 0) {
            if (code != 0) {
                System.exit(code); // also ends the other threads of the process
            }
            return; // the first rank ends the process that all share
        }
        int status = isReported(code, ranks) ? 0 : code;
        System.setProperty(Carrier.EXIT_CODE_PROPERTY, String.valueOf(status));
        // exec ends when the user's threads end, like java; run must end even if a model hangs
        if (!goesOn) {
            System.exit(status);
        }
    }

    /**
     * Whether the wrapper of the launcher reads the exit code from its file. Then the launcher should not see it: for
     * another code than 0, launchers end the other ranks by force, some after waiting for a second, and print that the
     * job was aborted.
     */
    private static boolean isReported(int code, Ranks ranks) {
        return ranks.launch().isMpi() && ranks.launch().rank() == 0 && new RunFile(ranks.environment()).hasEnded(code);
    }

    /** Runs a command in this process. @return its exit code */
    static int execute(Ranks ranks, String... arguments) {
        STIL.setLevel(Level.WARNING); // at level INFO it logs each format that a file does not have
        // Otherwise a VOTable could include files of the machine in its text. STIL has the DTDs of VOTable itself.
        System.getProperties().putIfAbsent("javax.xml.accessExternalDTD", "");
        // The output of the user's program is not changed.
        Runnable plain = isExec(arguments) ? () -> {} : VisibleOutput.install();
        try {
            return commandLine(ranks, arguments).execute(arguments);
        } finally {
            ranks.dismiss();
            plain.run();
        }
    }

    private static boolean isExec(String... arguments) {
        return arguments.length > 0 && arguments[0].equals("exec");
    }

    /** The commands and their options, as picocli has them. */
    static CommandLine commandLine(Ranks ranks, String[] arguments) {
        Messages messages = new Messages(System.err, ranks.launch());
        CommandLine.IFactory factory = new CommandFactory(ranks);
        CommandLine astropool = new CommandLine(AstropoolCommand.class, factory);
        commands(arguments)
                .forEach((name, command) -> astropool.addSubcommand(name, new CommandLine(command, factory)));
        return astropool
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        System.getenv("NO_COLOR") == null ? CommandLine.Help.Ansi.AUTO : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(messages::usage)
                .setExecutionExceptionHandler((failure, command, parsed) -> messages.failure(failure));
    }

    /** The commands that these arguments need, since loading the classes of all commands would delay a run. */
    static Map<String, Class<?>> commands(String[] arguments) {
        Class<?> only = arguments.length == 0 ? null : LOADED_ALONE.get(arguments[0]);
        if (only != null) {
            return Map.of(arguments[0], only);
        }
        Map<String, Class<?>> all = new LinkedHashMap<>(LOADED_ALONE);
        all.put("plan", PlanCommand.class);
        all.put("explain", ExplainCommand.class);
        all.put("models", ModelsCommand.class);
        all.put("doctor", DoctorCommand.class);
        all.put("completion", CompletionCommand.class);
        all.put("simulate", SimulateCommand.class);
        all.put("try", TryCommand.class);
        all.put("manual-pages", ManualPagesCommand.class);
        all.put("help", CommandLine.HelpCommand.class);
        return all;
    }

    /** Creates commands; passes the ranks to constructors that take them. */
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
