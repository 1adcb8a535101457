package org.astropool.internal.cli;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.display.WaitingNotice;
import org.astropool.internal.cli.options.JobArguments;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.eval.EvalSession;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.PoolOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Evaluates the model of a job at points that are read as lines of JSON from standard input, and answers each"
                    + " with a line on standard output, until the input ends. The workers keep running.",
            "A point is [0.3, -1.0], in the order of the axes of [grid], or {\"omega_m\": 0.3, \"w\": -1.0}."
                    + " A line [[0.3, -1.0], [0.3, -0.9]] is a batch: a model that supports batches evaluates it at once,"
                    + " in one worker, and each of its points is answered."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo '[0.3, -1.0]' | astropool eval job.toml",
            "  mpiexec -n 8 astropool eval job.toml <points.jsonl >results.jsonl",
            "",
            "From Python: Job(...).pool(), see docs/python-jobs.md."
        })
final class EvalCommand implements Callable<Integer> {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Ranks ranks;

    EvalCommand(Ranks ranks) {
        this.ranks = ranks;
    }

    @Mixin
    private JobArguments arguments;

    @Option(
            names = "--ordered",
            description = "Write the answers in the order of the points, not as they are completed.")
    private boolean ordered;

    @Option(
            names = "--columns",
            description =
                    "Answer the points of a batch together, with one line that has a list for each output, unless a"
                            + " point fails.")
    private boolean byColumns;

    @Option(names = Ranks.POOL, paramLabel = "POOL", description = "As for run. Default: ${DEFAULT-VALUE}.")
    private String pool = "auto";

    @Option(names = "--workers", paramLabel = "N", description = "Threads, or processes for --pool processes.")
    private int workers;

    @Option(names = Ranks.THREADS, paramLabel = "N", description = "Evaluation threads in each rank.")
    private int threads;

    @Override
    public Integer call() throws Exception {
        if (ranks.launch().carrier().equals("mpj")) {
            throw new JobException("eval reads its points from standard input, which mpjrun does not pass to any rank;"
                    + " start it with mpiexec, or without mpjrun with --pool threads, processes or hazelcast");
        }
        Job job = arguments.readWithoutPoints(System.getenv());
        EvalSession stream = session(job);
        PoolOptions options = PoolOptions.builder()
                .carrier(CarrierKind.of(pool))
                .workers(workers)
                .threads(threads)
                .coresPerTask(job.model().cores())
                .isolated(job.run().isolated())
                .workerOutput(System.err::println)
                .seed(job.seed())
                .build();
        BufferedReader in = EvalSession.reader(System.in);
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8);
        ranks.run(options, opened -> {
            new Messages(System.err, ranks.launch()).say(PoolLine.of(opened, ranks.launch()));
            ranks.endProgramsThatNobodyNeeds(opened);
            stream.run(opened, in, out);
            return null;
        });
        return 0;
    }

    private EvalSession session(Job job) throws JobException {
        Messages messages = new Messages(System.err, ranks.launch());
        try (WaitingNotice notice = new WaitingNotice(messages::say, RunCommand.preparation(job))) {
            return EvalSession.of(job, ordered, byColumns);
        }
    }
}
