package org.astropool.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.astropool.job.JobException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command whose name is taken, and which this version does not have yet. */
abstract class LaterCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Unmatched
    private List<String> ignored;

    @Override
    public Integer call() throws JobException {
        throw new JobException("the command " + spec.name() + " comes with a later version of astropool");
    }

    @Command(name = "worker", hidden = true, description = "An elastic worker (later version).")
    static final class Worker extends LaterCommand {}
}
