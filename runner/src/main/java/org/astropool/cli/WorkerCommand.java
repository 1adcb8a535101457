package org.astropool.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.job.ExitCode;
import org.astropool.job.JobException;
import org.astropool.task.Models;
import org.astropool.transport.CarrierException;
import org.astropool.transport.CarrierProvider;
import org.astropool.transport.hazelcast.Endpoint;
import org.astropool.transport.hazelcast.HazelcastProvider;
import org.astropool.transport.hazelcast.HazelcastWorker;
import org.astropool.transport.hazelcast.MasterAddress;
import org.astropool.transport.hazelcast.Secret;
import org.astropool.worker.CodeDigest;
import org.astropool.worker.RemoteWorker;
import org.astropool.worker.WorkerEnd;
import org.astropool.worker.WorkerIdentity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Joins a run that was started with --pool hazelcast, at any time, and evaluates points for it.",
            "It ends with the run; SIGTERM or SIGINT let it finish what it has begun, and leave. A second one ends it at"
                    + " once: its points are then evaluated elsewhere."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool run job.toml --pool hazelcast --listen 10.0.0.5:5701            # on the first machine",
            "  scp 10.0.0.5:out/job/journal/worker.secret . && astropool worker --join 10.0.0.5:5701 \\",
            "      --secret-file worker.secret                                          # on any other",
            "",
            "The network between them must be one that you trust: see docs/hazelcast.md."
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
            description = "Where the run listens; it says so at its start.")
    private String join = "";

    @Option(
            names = "--secret-file",
            required = true,
            paramLabel = "FILE",
            description = "A copy of the run's secret, with mode 0600.")
    private Path secretFile = Path.of("");

    @Option(names = "--threads", paramLabel = "N", description = "Evaluation threads. Default: one a processor.")
    private int threads;

    @Mixin
    private ClassPath classPath;

    @Option(
            names = "--wait",
            paramLabel = "T",
            converter = RunCommand.DurationConverter.class,
            defaultValue = "60 s",
            description = "How long to try to reach the run, also when it is lost. Default: ${DEFAULT-VALUE}.")
    private Duration wait = Duration.ofSeconds(60);

    private final AtomicInteger signalled = new AtomicInteger();

    @Override
    public Integer call() throws JobException, CarrierException {
        Messages messages = new Messages(System.err, ranks.launch());
        if (threads < 0) {
            throw new JobException("--threads " + threads + " is below 0 (0: one a processor)");
        }
        CarrierProvider provider = new HazelcastProvider();
        if (provider.unavailableBecause().isPresent()) {
            throw new JobException(provider.unavailableBecause().get());
        }
        ClassLoader loader = Models.loader(classPath.entries(), WorkerCommand.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        CodeDigest code =
                CodeDigest.of(classPath.entries().stream().map(Path::of).toList());
        RemoteWorker worker;
        try {
            Endpoint endpoint = Endpoint.parse(join, 0);
            Secret.read(secretFile); // before anything is waited for
            worker = new RemoteWorker(
                    new MasterAddress.Given(endpoint, secretFile),
                    threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
                    loader,
                    WorkerIdentity.ofThisProcess().withCode(code),
                    messages::say,
                    messages::say);
        } catch (CarrierException e) {
            throw new JobException(String.valueOf(e.getMessage()));
        }
        Signals.handle("TERM", signal -> leave(worker, messages, ExitCode.TERMINATED));
        Signals.handle("INT", signal -> leave(worker, messages, ExitCode.INTERRUPTED));
        return serve(worker, messages);
    }

    private int serve(RemoteWorker worker, Messages messages) {
        try {
            WorkerEnd end = worker.serve(wait);
            if (signalled.get() != 0) {
                messages.say("left the run");
                return signalled.get();
            }
            if (end.cause() == WorkerEnd.Cause.REFUSED) {
                messages.say("the run at " + join + " refuses this worker: " + end.reason());
                return ExitCode.USAGE.code();
            }
            messages.say(end.reason().isEmpty() ? "the run is over" : "the run has ended: " + end.reason());
            return ExitCode.OK.code();
        } catch (HazelcastWorker.RefusedException e) {
            messages.say(e.getMessage() + "; copy the secret file of the run again");
            return ExitCode.USAGE.code();
        } catch (CarrierException e) {
            messages.say(String.valueOf(e.getMessage()));
            return signalled.get() != 0 ? signalled.get() : ExitCode.USAGE.code();
        }
    }

    private void leave(RemoteWorker worker, Messages messages, ExitCode code) {
        if (signalled.getAndSet(code.code()) != 0) {
            Runtime.getRuntime().halt(code.code());
        }
        messages.say("leaving after what is being evaluated; a second signal ends this worker at once");
        worker.leave();
    }
}
