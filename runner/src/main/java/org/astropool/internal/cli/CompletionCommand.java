package org.astropool.internal.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that lets bash and zsh complete commands and options.",
        footerHeading = "%nExample, for ~/.bashrc or ~/.zshrc:%n",
        footer = "  source <(astropool completion)")
final class CompletionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        System.out.print(AutoComplete.bash("astropool", spec.parent().commandLine()));
    }
}
