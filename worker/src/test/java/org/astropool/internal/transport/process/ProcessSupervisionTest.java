package org.astropool.internal.transport.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.process.ParentChannel.Frame;
import org.astropool.internal.transport.process.ParentChannel.Joined;
import org.astropool.internal.transport.process.ParentChannel.Lost;
import org.astropool.internal.transport.process.SupervisedChild.Order;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With real child JVMs. After each test no process and no thread is left. */
@Timeout(300)
final class ProcessSupervisionTest {
    private static final List<String> COMMAND = ChildJvm.likeThis(64 << 20, 1)
            .with(List.of("-XX:TieredStopAtLevel=1"))
            .command(SupervisedChild.class.getName(), List.of());

    private final CommunicationThread thread = new CommunicationThread("parent", false);
    private final Set<Thread> others = Thread.getAllStackTraces().keySet(); // of tests before this one
    private final Queue<String> printed = new ConcurrentLinkedQueue<>();
    private ProcessCarrier carrier;
    private ParentChannel channel;

    @BeforeEach
    void startThread() {
        thread.start();
    }

    @AfterEach
    void nothingIsLeftAfterClose() throws Exception {
        if (carrier != null) {
            List<ProcessHandle> processes =
                    ProcessHandle.current().descendants().toList();
            carrier.close();
            assertThat(processes)
                    .filteredOn(process -> !Waiting.isGone(process.pid()))
                    .isEmpty();
            Waiting.until(
                    "no thread of the carrier is left",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(one -> one.getName().startsWith("astropool") && !others.contains(one)));
        }
        thread.stop();
    }

    private void start(int count, List<String> command) throws Exception {
        start(new ChildProcesses(
                count, command, LauncherVariables.without(System.getenv()), (peer, line) -> printed.add(line)));
    }

    private void start(ChildProcesses children) throws Exception {
        carrier = ProcessCarrier.start(children, thread);
        channel = new ParentChannel(carrier);
    }

    private void echo(int peer) throws Exception {
        channel.order(peer, Order.ECHO, "still there");
        assertThat(channel.next(Frame.class)).isEqualTo(new Frame(peer, "still there"));
    }

    private void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                        .start()
                        .waitFor())
                .isZero();
    }

    private long pid(int peer) {
        return carrier.pidOf(peer).orElseThrow();
    }

    /** The loss of peer 1 of 1 and its replacement, which works. */
    private Lost lossOfTheOnlyChild() throws Exception {
        Lost lost = channel.next(Lost.class);
        assertThat(lost.peer()).isEqualTo(1);
        assertThat(channel.next(Joined.class).peer()).isEqualTo(2);
        echo(2);
        return lost;
    }

    @ParameterizedTest
    @CsvSource({"KILL,9", "TERM,15", "ABRT,6", "SEGV,11"})
    void aChildEndedByASignalIsLostAndReplaced(String name, int number) throws Exception {
        start(1, COMMAND);
        echo(1);
        signal(name, pid(1));
        assertThat(lossOfTheOnlyChild().loss().reason())
                .isEqualTo("its process " + pid(1) + " was ended by signal " + number + " (SIG" + name + ")");
        assertThat(carrier.restarts()).isEqualTo(1);
    }

    @Test
    void aCrashIsExplainedByTheLastWords() throws Exception {
        start(1, COMMAND);
        channel.order(1, Order.CRASH, "");
        var loss = lossOfTheOnlyChild().loss();
        assertThat(loss.reason()).contains("process " + pid(1)).endsWith("signal 11 (SIGSEGV)");
        assertThat(loss.lastWords()).contains("Problematic frame:").doesNotContain("/dev/null");
        assertThat(loss.lastWords().lines()).hasSizeLessThanOrEqualTo(20);
        assertThat(Path.of("hs_err_pid" + pid(1) + ".log")).doesNotExist();
    }

    @Test
    void aChildWithoutMemoryIsLostAndReplaced() throws Exception {
        start(1, COMMAND);
        channel.order(1, Order.RUN_OUT_OF_MEMORY, "");
        var loss = lossOfTheOnlyChild().loss();
        assertThat(loss.reason()).isEqualTo("its process " + pid(1) + " ended with exit code 3 (out of memory)");
        assertThat(loss.lastWords()).contains("java.lang.OutOfMemoryError");
    }

    @ParameterizedTest
    @CsvSource({"EXIT,0", "EXIT,7", "HALT,3"})
    void aChildThatEndsWithoutHavingSaidSoIsLostAndReplaced(Order order, int exitCode) throws Exception {
        start(1, COMMAND);
        channel.order(1, order, exitCode);
        assertThat(lossOfTheOnlyChild().loss().reason())
                .isEqualTo("its process " + pid(1) + " ended with exit code " + exitCode);
    }

    @Test
    void aChildThatLeavesIsNeitherLostNorReplaced() throws Exception {
        start(2, COMMAND);
        channel.order(1, Order.LEAVE, "");
        assertThat(channel.next(Frame.class).text()).isEqualTo("done");
        Waiting.until("one child has left", () -> carrier.slotsInUse() == 1);
        echo(2);
        assertThat(channel.hasHeardNothingMore()).isTrue();
    }

    @Test
    void theLossIsToldAfterTheLastFrame() throws Exception {
        int frames = 3000; // more than a pipe holds
        start(1, COMMAND);
        channel.order(1, Order.SEND_AND_HALT, frames);
        for (int i = 0; i < frames; i++) {
            assertThat(channel.next(Frame.class).text()).isEqualTo(String.valueOf(i));
        }
        lossOfTheOnlyChild();
    }

    @Test
    void aReplacementTakesTheSlotUnderANewNumber() throws Exception {
        start(2, COMMAND);
        echo(2);
        long first = pid(2);
        signal("KILL", first);
        assertThat(channel.next(Lost.class).peer()).isEqualTo(2);
        assertThat(channel.next(Joined.class).peer()).isEqualTo(3);
        echo(3);
        echo(1);
        assertThat(carrier.slotOf(3)).isEqualTo(carrier.slotOf(2)).hasValue(1);
        assertThat(carrier.slotOf(1)).hasValue(0);
        assertThat(carrier.slotOf(4)).isEmpty();
        assertThat(carrier.pidOf(2)).hasValue(first);
        assertThat(pid(3)).isNotEqualTo(first);
    }

    @Test
    void aChannelThatIsOpenedLaterLearnsWhoCameAndWent() throws Exception {
        start(2, COMMAND);
        echo(1);
        signal("KILL", pid(1));
        channel.next(Lost.class);
        assertThat(channel.next(Joined.class).peer()).isEqualTo(3);
        ParentChannel later = new ParentChannel(carrier);
        assertThat(later.next(Lost.class).peer()).isEqualTo(1);
        assertThat(later.next(Joined.class).peer()).isEqualTo(3);
        assertThat(later.hasHeardNothingMore()).isTrue();
    }

    @Test
    void aChildThatNeverWorksIsGivenUpAndItsWordsSayWhy() throws Exception {
        List<String> wrong = ChildJvm.likeThis(64 << 20, 1)
                .with(List.of("-XX:NoSuchOption"))
                .command(SupervisedChild.class.getName(), List.of());
        start(1, wrong);
        channel.next(Lost.class);
        channel.next(Joined.class);
        channel.next(Lost.class);
        channel.next(Joined.class);
        Lost third = channel.next(Lost.class);
        assertThat(third.peer()).isEqualTo(3);
        assertThat(third.loss().reason()).contains("exit code 1", "before it sent anything", "not replaced");
        assertThat(third.loss().lastWords()).contains("NoSuchOption");
        assertThat(carrier.slotsInUse()).isZero();
        assertThat(carrier.restarts()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOOP", "STOP"})
    void anExpelledChildIsKilledAndReplacedWithoutALoss(String how) throws Exception {
        start(1, COMMAND);
        echo(1);
        if (how.equals("STOP")) {
            signal("STOP", pid(1));
        } else {
            channel.order(1, Order.LOOP, "");
        }
        channel.expel(1);
        assertThat(channel.next(Joined.class).peer()).isEqualTo(2);
        assertThat(Waiting.isGone(pid(1))).isTrue();
        echo(2);
        assertThat(channel.hasHeardNothingMore()).isTrue();
    }

    @Test
    void aProgramOfAnExpelledChildEndsWithIt() throws Exception {
        start(1, COMMAND);
        channel.order(1, Order.RUN, "sleep 600");
        ProcessHandle child = ProcessHandle.of(pid(1)).orElseThrow();
        Waiting.until(
                "the program runs",
                () -> child.descendants()
                        .anyMatch(one -> one.info().command().orElse("").endsWith("sleep")));
        List<ProcessHandle> programs = child.descendants().toList();
        channel.expel(1);
        channel.next(Joined.class);
        for (ProcessHandle program : programs) {
            Waiting.until("the program has ended", () -> Waiting.isGone(program.pid()));
        }
    }

    @Test
    void aChildThatDoesNotReadStopsNobody() throws Exception {
        start(2, COMMAND);
        echo(1);
        signal("STOP", pid(1));
        for (int i = 0; i < 64; i++) {
            channel.send(1, new byte[1 << 20]);
        }
        echo(2);
        assertThat(channel.pendingSends()).isPositive();
        signal("KILL", pid(1));
        assertThat(channel.next(Lost.class).peer()).isEqualTo(1);
        Waiting.until("nothing waits to leave", () -> channel.pendingSends() == 0);
    }

    @Test
    void aStoppedChildDoesNotKeepTheCarrierFromClosing() throws Exception {
        start(1, COMMAND);
        echo(1);
        signal("STOP", pid(1));
        channel.send(1, new byte[1 << 20]);
    }

    @Test
    void whatAChildPrintsStopsAndSpoilsNothing() throws Exception {
        int lines = 20_000;
        start(1, COMMAND);
        channel.order(1, Order.PRINT, lines);
        assertThat(channel.next(Frame.class).text()).isEqualTo("done");
        echo(1);
        Waiting.until("all was heard", () -> printed.size() >= 2 * lines);
        assertThat(printed).containsOnly("a line that is not short");
    }

    @Test
    void aProgramMayPrintToTheStandardOutputOfAChild() throws Exception {
        start(1, COMMAND);
        channel.order(1, Order.RUN, "echo from a program; read -r line || echo no input");
        assertThat(channel.next(Frame.class).text()).isEqualTo("done");
        Waiting.until("all was heard", () -> printed.size() == 2);
        assertThat(printed).containsExactly("from a program", "no input");
    }

    @Test
    void aChildThatSpoilsTheFramesIsKilledAndReplaced() throws Exception {
        start(1, COMMAND);
        channel.order(1, Order.SPOIL, "");
        assertThat(lossOfTheOnlyChild().loss().reason())
                .contains("was killed", "something other than frames was written");
    }

    @Test
    void aCommandThatCannotBeStartedIsToldAtOnce() {
        List<String> tooLong = List.of("java", "x".repeat(8 << 20));
        assertThatThrownBy(() -> start(3, tooLong))
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("child process 1 of 3 could not be started")
                .hasMessageContaining("Argument list too long");
    }

    @Test
    void whatALivingChildHasPrintedCanBeAsked() throws Exception {
        start(1, COMMAND);
        channel.order(1, Order.PRINT, 1);
        Waiting.until("it has printed", () -> carrier.lastWords(1).contains("a line that is not short"));
        assertThat(carrier.lastWords(2)).isEmpty();
    }

    @Test
    void signalsForTheWholeTerminalAreLeftToTheParent() throws Exception {
        start(1, COMMAND);
        echo(1);
        for (String name : List.of("INT", "HUP", "USR1")) {
            signal(name, pid(1));
        }
        echo(1);
    }

    @Test
    void childrenDoNotSeeTheLauncher() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("OMPI_COMM_WORLD_RANK", "3");
        environment.put("OMP_NUM_THREADS", "2");
        start(new ChildProcesses(1, COMMAND, LauncherVariables.without(environment), ChildOutput.IGNORED));
        channel.order(1, Order.ENVIRONMENT, "OMPI_COMM_WORLD_RANK");
        assertThat(channel.next(Frame.class).text()).isEqualTo("null");
        channel.order(1, Order.ENVIRONMENT, "OMP_NUM_THREADS");
        assertThat(channel.next(Frame.class).text()).isEqualTo("2");
    }

    @Test
    void aGrandchildThatHoldsThePipesHidesNoLoss() throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "sleep 600 & exec \"$@\"", "sh"));
        command.addAll(COMMAND); // the sleep inherits what the JVM inherits
        start(1, command);
        echo(1);
        List<ProcessHandle> orphans =
                ProcessHandle.of(pid(1)).orElseThrow().children().toList();
        assertThat(orphans).hasSize(1);
        try {
            signal("KILL", pid(1));
            lossOfTheOnlyChild();
            assertThat(Waiting.isGone(orphans.get(0).pid())).isFalse();
            carrier.close();
        } finally {
            orphans.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void childrenEndWithAParentThatIsKilled() throws Exception {
        Process parent = intermediateParent();
        List<Long> children = childrenOf(parent);
        parent.destroyForcibly();
        for (long child : children) {
            Waiting.until("child " + child + " has ended", () -> Waiting.isGone(child));
        }
    }

    @Test
    void childrenEndWithAParentThatExitsWithoutClosing() throws Exception {
        Process parent = intermediateParent();
        List<Long> children = childrenOf(parent);
        parent.getOutputStream().close();
        assertThat(parent.waitFor()).isZero();
        for (long child : children) {
            Waiting.until("child " + child + " has ended", () -> Waiting.isGone(child));
        }
    }

    @Test
    void childrenEndWithTheirParentEvenIfAnotherProcessHoldsItsPipe() throws Exception {
        Process parent = intermediateParent();
        List<Long> children = childrenOf(parent);
        Path pipe = Path.of("/proc", String.valueOf(children.get(0)), "fd", "4");
        try (FileChannel held = FileChannel.open(pipe, StandardOpenOption.WRITE)) {
            parent.destroyForcibly();
            Waiting.until("the child has ended", () -> Waiting.isGone(children.get(0)));
            assertThat(held.isOpen()).isTrue();
        }
    }

    private static Process intermediateParent() throws Exception {
        List<String> command = ChildJvm.likeThis(64 << 20, 1).command(IntermediateParent.class.getName(), List.of());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<Long> childrenOf(Process parent) throws Exception {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.US_ASCII));
        return Arrays.stream(reader.readLine().split(" ")).map(Long::valueOf).toList();
    }
}
