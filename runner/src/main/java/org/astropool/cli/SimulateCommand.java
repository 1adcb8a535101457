package org.astropool.cli;

import org.astropool.scheduler.simulation.Scenarios;
import picocli.CommandLine.Command;

/** For those who work on astropool: not in the list of commands. */
@Command(
        name = "simulate",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Runs the scheduler in virtual time, with up to 100,000 workers, and prints how well it does.")
final class SimulateCommand implements Runnable {

    @Override
    public void run() {
        Scenarios.report(System.out::println);
    }
}
