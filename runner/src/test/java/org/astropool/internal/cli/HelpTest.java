package org.astropool.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.astropool.internal.launch.Launch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
        for (String line : command.usageMessage().footer()) {
            // examples are indented further in the manual page, where they are not filled
            assertThat(plain(line)).hasSizeLessThan(line.startsWith("  ") ? WIDTH - 4 : WIDTH);
        }
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

    @Test
    void manualPagesAgreeWithTheCommands(@TempDir Path folder) throws IOException {
        assertThat(astropool().execute("manual-pages", folder.toString())).isZero();
        for (String name : commands().toList()) {
            CommandSpec command = command(name).getCommandSpec();
            Path file = folder.resolve(name.isEmpty() ? "astropool.1" : "astropool-" + name + ".1");
            if (command.usageMessage().hidden()) {
                assertThat(file).doesNotExist();
                continue;
            }
            List<String> page = Files.readAllLines(file);
            for (ArgSpec argument : arguments(command)) {
                if (argument instanceof OptionSpec option) {
                    String names = String.join(", ", option.names()).replace("-", "\\-");
                    assertThat(page).as(names).anyMatch(line -> line.startsWith("\\fB" + names));
                }
            }
            boolean isFilled = true;
            for (String line : page) {
                isFilled = line.equals(".fi") || (isFilled && !line.equals(".nf"));
                assertThat(isFilled || line.replace("\\-", "-").length() <= WIDTH - 7)
                        .as(file + ": " + line)
                        .isTrue();
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

    /** So that nobody has to find it by chance. */
    @Test
    void eachOptionIsInTheDocumentation() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path page : pages()) {
            text.append(Files.readString(page));
        }
        Set<String> options = new TreeSet<>();
        commands()
                .forEach(name -> arguments(command(name).getCommandSpec()).stream()
                        .flatMap(argument ->
                                argument instanceof OptionSpec option ? Stream.of(option.names()) : Stream.empty())
                        .forEach(options::add));
        options.removeAll(Set.of("-h", "-V"));
        assertThat(options)
                .contains("--resume")
                .allSatisfy(option -> assertThat(text).containsPattern(Pattern.quote(option) + "(?![-a-z])"));
    }

    @Test
    void commandsOfTheDocumentationAreValid() throws IOException {
        int found = 0;
        for (Path page : pages()) {
            for (String line : shellLines(Files.readAllLines(page))) {
                found += assertIsValid(page.getFileName().toString(), line) ? 1 : 0;
            }
        }
        assertThat(found).isGreaterThan(50);
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(REPOSITORY.resolve("README.md")));
        try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
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
