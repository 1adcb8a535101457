package org.astropool.internal.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.internal.cli.process.Signals;
import org.astropool.internal.engine.Engine;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.page.LiveReport;
import org.astropool.internal.program.ProgramEnvironment;
import org.astropool.internal.python.FrameChannel;
import org.astropool.internal.script.ScriptSession;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.JoinOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolListener;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.WorkerInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "python",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a Python script whose astropool.Pool evaluates functions on the workers: the other ranks of a launcher,"
                    + " or processes of this machine.",
            "The script runs once; options after its name belong to it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool python fit.py",
            "  mpiexec -n 64 astropool python fit.py --steps 1000",
            "  srun -n 64 astropool python fit.py"
        })
final class PythonCommand implements Callable<Integer> {
    private static final String SOCKET = "ASTROPOOL_PYTHON_SOCKET";

    private final Ranks ranks;
    private final Set<ScriptSession> sessions = ConcurrentHashMap.newKeySet();

    PythonCommand(Ranks ranks) {
        this.ranks = ranks;
    }

    @Parameters(index = "0..*", paramLabel = "SCRIPT", description = "The script, and its arguments.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            defaultValue = "${ASTROPOOL_PYTHON:-python3}",
            description = "The interpreter. Default: ASTROPOOL_PYTHON, else python3.")
    private String python = "python3";

    @Option(names = Ranks.POOL, paramLabel = "POOL", description = "As for run. Default: ${DEFAULT-VALUE}.")
    private String pool = "auto";

    @Option(names = "--workers", paramLabel = "N", description = "Worker processes on this machine.")
    private int workers;

    @Option(names = Ranks.THREADS, paramLabel = "N", description = "Worker processes in each rank.")
    private int threads;

    @Option(
            names = "--cores",
            paramLabel = "N",
            description = "Cores that a function uses by itself. Default: ${DEFAULT-VALUE}.")
    private int cores = 1;

    @Option(names = "--serve", hidden = true, description = "Serves a script on standard input and output.")
    private boolean serves;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a page that shows the workers and when they were busy, again and again until the end.")
    private @Nullable Path report;

    @Mixin
    private JoinSettings joinSettings;

    /** Options after the script belong to it. */
    @Spec
    void stopAtScript(CommandSpec spec) {
        spec.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws Exception {
        if (words.isEmpty() != serves) {
            throw new JobException("python needs a script: astropool python SCRIPT [ARGUMENTS]");
        }
        if (ranks.launch().carrier().equals("mpj")) {
            throw new JobException(
                    "python does not run under mpjrun; start it with mpiexec or srun, or without a launcher");
        }
        if (ranks.launch().size() == 1 || !pool.equals(CarrierKind.HAZELCAST.name())) {
            return run(joinSettings.options(null).build());
        }
        try (StepFolder folder = StepFolder.of(ranks.launch(), System.getenv())) {
            return run(joinSettings
                    .options(folder.secret())
                    .addressFile(folder.address())
                    .build());
        }
    }

    private int run(JoinOptions joining) throws Exception {
        PoolOptions options = PoolOptions.builder()
                .carrier(CarrierKind.of(pool))
                .joining(joining)
                .listener(new PoolListener() {
                    @Override
                    public void workerJoined(WorkerInfo worker) {
                        sessions.forEach(ScriptSession::tellWorkers);
                    }

                    @Override
                    public void workerLeft(WorkerInfo worker) {
                        sessions.forEach(ScriptSession::tellWorkers);
                    }

                    @Override
                    public void workerLost(WorkerInfo worker, String reason) {
                        sessions.forEach(ScriptSession::tellWorkers);
                    }
                })
                .workers(workers)
                .threads(threads)
                .coresPerTask(cores)
                .workerOutput(System.err::println)
                .build();
        return ranks.run(options, this::runReported).orElse(0);
    }

    private int runReported(Pool opened) throws Exception {
        PoolActivity activity = Engine.activity(opened).orElse(null);
        if (report == null || activity == null) {
            return runOn(opened);
        }
        String name = serves ? "script" : String.valueOf(Path.of(words.get(0)).getFileName());
        Messages messages = new Messages(System.err, ranks.launch());
        try (LiveReport live =
                LiveReport.ofPool(report.toAbsolutePath(), name, activity, opened.slots(), messages::say)) {
            int code = runOn(opened);
            live.finish();
            return code;
        }
    }

    private int runOn(Pool opened) throws Exception {
        return serves ? serve(opened) : runScript(opened);
    }

    private void run(ScriptSession session) throws IOException {
        sessions.add(session);
        try {
            session.run();
        } finally {
            sessions.remove(session);
        }
    }

    private int serve(Pool opened) {
        FrameChannel channel = new FrameChannel(
                new FileInputStream(FileDescriptor.in).getChannel(),
                new FileOutputStream(FileDescriptor.out).getChannel());
        try {
            run(new ScriptSession(opened, channel, cores));
            return ExitCode.OK.code();
        } catch (IOException e) {
            new Messages(System.err, ranks.launch()).say("the script cannot be served: " + e.getMessage());
            return ExitCode.ENDED_EARLY.code();
        }
    }

    private int runScript(Pool opened) throws IOException, InterruptedException, JobException {
        Path folder = Files.createTempDirectory("astropool-"); // readable for this user alone
        Path socket = folder.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread accepting = new Thread(() -> accept(opened, server), "astropool-script");
            accepting.setDaemon(true);
            accepting.start();
            List<String> line = new ArrayList<>(List.of(python));
            line.addAll(words);
            ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
            Map<String, String> environment = ProgramEnvironment.ofUser(System.getenv());
            environment.put(SOCKET, socket.toString());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process script = start(builder);
            Runtime.getRuntime().addShutdownHook(new Thread(script::destroy));
            Signals.handle("INT", signal -> {}); // a terminal sends it to the script, too, which cancels its call
            Signals.handle("TERM", signal -> script.destroy());
            Signals.handle("HUP", signal -> script.destroy());
            return script.waitFor();
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        }
    }

    private Process start(ProcessBuilder builder) throws JobException {
        try {
            return NativeEnvironment.start(builder);
        } catch (IOException e) {
            throw new JobException("the interpreter " + python + " cannot be started: " + e.getMessage()
                    + "; name another one with --python");
        }
    }

    private void accept(Pool opened, ServerSocketChannel server) {
        try {
            while (true) {
                SocketChannel script = server.accept();
                Thread session = new Thread(() -> serve(opened, script), "astropool-script-session");
                session.setDaemon(true);
                session.start();
            }
        } catch (ClosedChannelException e) {
            // the script has ended
        } catch (IOException e) {
            new Messages(System.err, ranks.launch()).say("the script cannot be served: " + e.getMessage());
        }
    }

    private void serve(Pool opened, SocketChannel script) {
        try (script) {
            run(new ScriptSession(opened, new FrameChannel(script, script), cores));
        } catch (IOException e) {
            // the script has ended
        }
    }
}
