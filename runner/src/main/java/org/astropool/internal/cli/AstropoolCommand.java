package org.astropool.internal.cli;

import org.astropool.internal.job.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "astropool",
        versionProvider = AstropoolCommand.VersionLines.class,
        mixinStandardHelpOptions = true,
        description =
                "Evaluates an expensive model at many parameter points, on the cores of a laptop or under mpiexec.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool run examples/jobs/simulated-wcdm.toml",
            "  mpiexec -n 8 astropool run job.toml",
            "  astropool run job.toml --set grid.w.count=81 --out out/fine",
            "  astropool submit job.toml --nodes 4 --time 2h    # to Slurm, PBS or LSF",
            "  astropool status out/fine    # its progress, from another terminal",
            "  astropool models             # the available models",
            "  astropool doctor             # Java, launcher, MPI libraries, limits",
            "",
            "Exit codes: 0 done, 1 defect of astropool, 2 not started, 3 more points failed",
            "than allowed, 4 ended early, 130 and 143 ended by a signal. After 4, 130 and",
            "143 --resume continues the run."
        })
final class AstropoolCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing; the commands are "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    static final class VersionLines implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.text(), "Java ${java.version} (${java.vendor})"};
        }
    }
}
