package org.astropool.internal.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.internal.cli.options.ClassPath;
import org.astropool.internal.cli.options.DurationConverter;
import org.astropool.internal.cli.process.Signals;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.model.Models;
import org.astropool.pool.JoinOptions;
import org.astropool.pool.JoiningWorker;
import org.astropool.pool.PoolOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Joins a run that was started with --pool hazelcast, at any time, and evaluates points for it.",
            "It ends with the run. After SIGTERM or SIGINT it finishes the points that it is evaluating, and leaves. A"
                    + " second signal ends it at once; other workers then evaluate its points."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  # On the first machine",
            "  astropool run job.toml --pool hazelcast --listen 10.0.0.5:5701",
            "  # On any other machine, with a copy of the secret of the run",
            "  scp 10.0.0.5:/path/to/out/job/journal/worker.secret .",
            "  astropool worker --join 10.0.0.5:5701 --secret-file worker.secret",
            "",
            "The connection is encrypted. See docs/hazelcast.md and docs/security.md."
        })
final class WorkerCommand implements Callable<Integer> {
    private final Ranks ranks;

    WorkerCommand(Ranks ranks) {
        this.ranks = ranks;
    }

    @Option(
            names = "--join",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The address of the run, which it prints at its start.")
    private String join = "";

    @Option(
            names = "--secret-file",
            required = true,
            paramLabel = "FILE",
            description = "A copy of the run's secret, with mode 0600.")
    private Path secretFile = Path.of("");

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Evaluation threads. Default: one per processor, or fewer if a point uses several cores.")
    private int threads;

    @Mixin
    private ClassPath classPath;

    @Option(
            names = "--wait",
            paramLabel = "T",
            converter = DurationConverter.class,
            defaultValue = "60 s",
            description =
                    "How long to try to reach the run, also after the connection is lost. Default: ${DEFAULT-VALUE}.")
    private Duration wait = Duration.ofSeconds(60);

    private final AtomicInteger signalled = new AtomicInteger();
    private final AtomicBoolean outOfTime = new AtomicBoolean();

    @Override
    public Integer call() throws JobException {
        Messages messages = new Messages(System.err, ranks.launch());
        JoiningWorker worker = JoiningWorker.of(join, secretFile, options(messages));
        Signals.handle("TERM", signal -> leave(worker, messages, ExitCode.TERMINATED));
        Signals.handle("HUP", signal -> leave(worker, messages, ExitCode.TERMINATED));
        Signals.handle("INT", signal -> leave(worker, messages, ExitCode.INTERRUPTED));
        leaveInTime(worker, messages);
        String failure = worker.serve(wait);
        if (signalled.get() != 0) {
            messages.say("left the run");
            return signalled.get();
        }
        if (outOfTime.get()) {
            messages.say("left the run");
            return ExitCode.OK.code();
        }
        messages.say(failure.isEmpty() ? "the run is over" : "the run has ended: " + failure);
        return ExitCode.OK.code();
    }

    /** Before the end of the allocation, so that the points that it is evaluating can be finished. */
    private void leaveInTime(JoiningWorker worker, Messages messages) {
        String text = ranks.environment().getOrDefault(TerminationHandler.END_TIME, "");
        if (!text.matches("[0-9]{1,12}")) {
            return;
        }
        long left = Long.parseLong(text) * 1000
                - System.currentTimeMillis()
                - TerminationHandler.ALLOCATION_RESERVE.toMillis();
        Thread thread = new Thread(
                () -> {
                    try {
                        Thread.sleep(Math.max(0, left));
                        messages.say("the allocation ends: leaving when the current points are finished");
                        outOfTime.set(true);
                        worker.leave();
                    } catch (InterruptedException e) {
                        // nobody interrupts it
                    }
                },
                "astropool-allocation-end");
        thread.setDaemon(true);
        thread.start();
    }

    private PoolOptions options(Messages messages) throws JobException {
        List<Path> jars = classPath.entries().stream().map(Path::of).toList();
        try {
            return PoolOptions.builder()
                    .threads(threads)
                    .classLoader(Models.loader(classPath.entries(), WorkerCommand.class.getClassLoader()))
                    .joining(JoinOptions.builder().classPath(jars).build())
                    .workerOutput(messages::say)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new JobException("--threads: " + e.getMessage());
        }
    }

    private void leave(JoiningWorker worker, Messages messages, ExitCode code) {
        if (signalled.getAndSet(code.code()) != 0) {
            Runtime.getRuntime().halt(code.code());
        }
        messages.say("leaving when the current points are finished; a second signal ends this worker at once");
        worker.leave();
    }
}
