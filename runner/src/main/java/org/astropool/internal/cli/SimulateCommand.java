package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.MeasuredCosts;
import org.astropool.internal.scheduler.simulation.Scenarios;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** For the development of astropool; not in the list of commands. */
@Command(
        name = "simulate",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Runs the scheduler in virtual time, with up to 100,000 workers, and prints how efficient it is.")
final class SimulateCommand implements Callable<Integer> {

    @Option(
            names = "--replay",
            paramLabel = "DIR",
            description = "Use the durations of the points of a run instead, in order and longest first.")
    private @Nullable Path replay;

    @Option(names = "--workers", paramLabel = "N", description = "For --replay; default: ${DEFAULT-VALUE}.")
    private int workers = 4;

    @Override
    public Integer call() throws JobException {
        if (replay == null) {
            Scenarios.report(System.out::println);
            return 0;
        }
        try {
            System.out.println(Scenarios.replay(MeasuredCosts.seconds(replay), workers));
            return 0;
        } catch (IOException e) {
            throw new JobException("--replay " + replay + ": " + e.getMessage());
        }
    }
}
