package org.astropool.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.astropool.internal.launch.Launch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The help of each command, and the commands that the documentation shows. */
class HelpTest {
    private static final int WIDTH = 80;

    /** The parent of the module's folder, where tests run. */
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final Pattern COMMAND =
            Pattern.compile("(?:^|.*[\\s|&/])astropool(?: +(.*?))?(?:\\s+#.*|\\s+[|&].*|\\s*;.*|\\s+[<>]\\S.*)?");

    /** A new one each time: an object of picocli keeps what it has parsed. */
    private static CommandLine astropool() {
        return Astropool.commandLine(new Ranks(Launch.of(Map.of())), new String[0]);
    }

    static Stream<String> commands() {
        return Stream.concat(Stream.of(""), astropool().getSubcommands().keySet().stream());
    }

    private static CommandLine command(String name) {
        return name.isEmpty() ? astropool() : astropool().getSubcommands().get(name);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsNotWrappedInTheMiddleOfAnExampleOrAWord(String name) {
        CommandSpec command = command(name).getCommandSpec();
        assertThat(command.usageMessage().footer())
                .allSatisfy(line -> assertThat(plain(line)).hasSizeLessThan(WIDTH));
        String help = words(command.commandLine().getUsageMessage(Help.Ansi.OFF));
        assertThat(help)
                .contains(words(plain(String.join(" ", command.usageMessage().description()))));
        for (ArgSpec argument : arguments(command)) {
            assertThat(argument.description()).as(argument.toString()).isNotEmpty();
            for (String part : String.join(" ", argument.description()).split("\\$\\{[^}]*}")) {
                assertThat(help).contains(words(plain(part)));
            }
        }
    }

    private static List<ArgSpec> arguments(CommandSpec command) {
        boolean isForUsers = !command.usageMessage().hidden();
        return command.args().stream()
                .filter(argument -> isForUsers && !argument.hidden())
                .toList();
    }

    private static String plain(String line) {
        return Help.Ansi.OFF.string(String.format(line));
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void examplesOfTheHelpAreValid(String name) {
        for (String line : command(name).getCommandSpec().usageMessage().footer()) {
            if (line.startsWith("  ")) {
                assertIsValid(name, plain(line).strip());
            }
        }
    }

    @Test
    void commandsOfTheDocumentationAreValid() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(REPOSITORY.resolve("README.md")));
        try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        int found = 0;
        for (Path page : pages) {
            for (String line : shellLines(Files.readAllLines(page))) {
                found += assertIsValid(page.getFileName().toString(), line) ? 1 : 0;
            }
        }
        assertThat(found).isGreaterThan(50);
    }

    /** The lines of code blocks in no other language than that of the shell. */
    private static List<String> shellLines(List<String> page) {
        List<String> lines = new ArrayList<>();
        boolean isCode = false;
        boolean isShell = false;
        String before = "";
        for (String line : page) {
            Matcher fence = FENCE.matcher(line);
            if (fence.matches()) {
                isCode = !isCode;
                isShell = isCode && List.of("", "sh").contains(fence.group(1));
            } else if (isShell && line.endsWith("\\")) {
                before += line.substring(0, line.length() - 1);
            } else if (isShell) {
                lines.add(before + line);
                before = "";
            }
        }
        return lines;
    }

    /** Whether the line is a command of astropool. Fails when it is one that does not exist or has other options. */
    private static boolean assertIsValid(String where, String line) {
        Matcher matcher = COMMAND.matcher(line);
        if (line.startsWith("#") || line.startsWith("astropool: ") || !matcher.matches()) {
            return false;
        }
        List<String> words = new ArrayList<>();
        WORD.matcher(matcher.group(1) == null ? "" : matcher.group(1))
                .results()
                .map(MatchResult::group)
                .filter(word -> !word.equals("[options]"))
                .forEach(word -> words.add(word.replaceAll("^[\"']|[\"']$", "")));
        if (words.isEmpty() || words.get(0).startsWith("-")) {
            return false; // options of the launcher script
        }
        try {
            astropool().parseArgs(words.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new AssertionError(where + ": " + line + ": " + e.getMessage(), e);
        }
        return true;
    }
}
