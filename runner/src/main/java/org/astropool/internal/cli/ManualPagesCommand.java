package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.astropool.internal.job.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the manual pages of the distribution; of no use to users, and therefore not shown. */
@Command(
        name = "manual-pages",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Writes a manual page for each command into a folder.")
final class ManualPagesCommand implements Callable<Integer> {

    /** That of a terminal, minus the indentation of a section. */
    private static final int WIDTH = 80 - 7;

    /** How the examples in the footer of a help begin. */
    private static final String EXAMPLE = "  ";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder, for instance share/man/man1.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        CommandLine astropool = spec.parent().commandLine();
        write(astropool.getCommandSpec());
        for (CommandLine command : astropool.getSubcommands().values()) {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                write(command.getCommandSpec());
            }
        }
        return 0;
    }

    private void write(CommandSpec command) throws IOException {
        String name = command.qualifiedName("-");
        Files.writeString(folder.resolve(name + ".1"), page(name, command));
    }

    private static String page(String name, CommandSpec command) {
        UsageMessageSpec usage = command.usageMessage().width(WIDTH);
        Help help = command.commandLine().getHelp();
        StringBuilder page = new StringBuilder();
        page.append(".TH \"" + name.toUpperCase(java.util.Locale.ROOT) + "\" \"1\" \"\" \"" + Version.text() + "\"\n");
        page.append(".SH NAME\n" + name + " \\- "
                + text(List.of(usage.description()).get(0)) + "\n");
        page.append(".SH SYNOPSIS\n.nf\n").append(plain(help, help.synopsis(0))).append(".fi\n");
        page.append(".SH DESCRIPTION\n");
        Stream.of(usage.description()).forEach(line -> page.append(text(line)).append("\n.PP\n"));
        List<ArgSpec> arguments = Stream.<ArgSpec>concat(
                        command.positionalParameters().stream(), command.options().stream())
                .filter(argument -> !argument.hidden())
                .toList();
        if (!arguments.isEmpty()) {
            page.append(".SH OPTIONS\n");
            arguments.forEach(argument -> page.append(".TP\n\\fB" + text(title(argument)) + "\\fR\n"
                    + Stream.of(argument.description())
                            .map(ManualPagesCommand::text)
                            .collect(Collectors.joining("\n.br\n"))
                    + "\n"));
        }
        if (!command.subcommands().isEmpty()) {
            page.append(".SH COMMANDS\n");
            command.subcommands().forEach((each, line) -> {
                UsageMessageSpec described = line.getCommandSpec().usageMessage();
                if (!described.hidden()) {
                    page.append(
                            ".TP\n\\fB" + text(each) + "\\fR\n" + text(described.description()[0]) + "\n");
                }
            });
        }
        List<String> footer = List.of(usage.footer());
        List<String> examples =
                footer.stream().filter(ManualPagesCommand::isExample).toList();
        if (!examples.isEmpty()) {
            page.append(".SH EXAMPLES\n.nf\n");
            examples.forEach(
                    line -> page.append(text(line.substring(EXAMPLE.length()))).append("\n"));
            page.append(".fi\n");
        }
        List<String> notes = footer.stream()
                .filter(line -> !isExample(line) && !line.isEmpty())
                .toList();
        if (!notes.isEmpty()) {
            page.append(".SH NOTES\n");
            notes.forEach(line -> page.append(text(line)).append("\n"));
        }
        return page.toString();
    }

    private static boolean isExample(String line) {
        return line.startsWith(EXAMPLE);
    }

    private static String title(ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            return String.join(", ", option.names()) + label;
        }
        return argument.paramLabel();
    }

    /** As the help shows it, without colours. */
    private static String plain(Help help, String marked) {
        return help.colorScheme().ansi() == Help.Ansi.OFF
                ? lines(marked)
                : lines(marked.replaceAll("\u001b\\[[0-9;]*m", ""));
    }

    private static String lines(String text) {
        return text.lines().map(line -> escaped(line) + "\n").collect(Collectors.joining());
    }

    /** A description, in which picocli replaces percent signs and marks styles. */
    private static String text(String description) {
        return escaped(Help.Ansi.OFF.string(String.format(description)));
    }

    private static String escaped(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
