package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.cli.display.Screen;
import org.astropool.internal.cli.report.StatusReport;
import org.astropool.internal.cli.report.WatchView;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunReader;
import org.astropool.internal.page.RunHistory.Sample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows a run in the terminal until it ends: progress, workers, failures, log.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # Until q is pressed, which does not affect the run, or the run ends",
            "  astropool watch out/pantheon-wcdm",
            "  # Lines at increasing intervals",
            "  astropool watch out/pantheon-wcdm | cat",
            "",
            "Waits for a run that has not started yet. Does not change the directory; any",
            "number of users may watch."
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration KEYS = Duration.ofMillis(100);
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration FIRST_LINE = Duration.ofSeconds(5);
    private static final Duration LONGEST_LINE_INTERVAL = Duration.ofMinutes(10);
    /** Time between two looks at the run, in units of the time that a look takes. */
    private static final int SHARE = 10;

    private static final int MOST_SAMPLES = 600;
    private static final double NANOS = 1e-9;

    @Parameters(index = "0", paramLabel = "DIR", description = "The output directory of a run.")
    private Path directory;

    private final long start = System.nanoTime();
    private final List<Sample> seen = new ArrayList<>();
    private Duration cost = Duration.ZERO;

    @Override
    public Integer call() throws JobException, IOException, InterruptedException {
        boolean over;
        Optional<Screen> screen = Screen.open(System.out);
        if (screen.isPresent()) {
            try (Screen open = screen.get()) {
                over = watch(open);
            }
            if (over) {
                System.out.print(new StatusReport(RunReader.of(directory).status()));
            }
        } else {
            printLines();
        }
        return ExitCode.OK.code();
    }

    /** @return whether the run is over; false when the user has left */
    private boolean watch(Screen screen) throws JobException, IOException, InterruptedException {
        long next = System.nanoTime();
        Optional<WatchView> view = Optional.empty();
        while (true) {
            boolean isDue = System.nanoTime() - next >= 0;
            if (isDue) {
                view = look();
                next = System.nanoTime()
                        + Math.max(
                                SHORTEST_INTERVAL.toNanos(),
                                cost.multipliedBy(SHARE).toNanos());
            }
            if (isDue || screen.isResized()) {
                int columns = screen.columns();
                int rows = screen.rows();
                screen.draw(view.map(run -> run.lines(columns, rows)).orElseGet(() -> List.of(waiting(), "q: leave")));
            }
            if (view.isPresent() && view.get().isOver()) {
                return true;
            }
            if (Character.toLowerCase(screen.key()) == 'q') {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(KEYS.toNanos());
        }
    }

    private String waiting() {
        return "waiting for a run in " + directory;
    }

    private void printLines() throws JobException, InterruptedException {
        String last = "";
        Duration interval = FIRST_LINE;
        long next = System.nanoTime();
        while (true) {
            Optional<WatchView> view = look();
            boolean over = view.isPresent() && view.get().isOver();
            String line = view.map(WatchView::line).orElseGet(this::waiting);
            boolean isDue = System.nanoTime() - next >= 0;
            if (over || (isDue && !line.equals(last))) {
                System.out.println(line);
                last = line;
                next = System.nanoTime() + interval.toNanos();
                interval = view.isEmpty() ? interval : shorter(interval.multipliedBy(2), LONGEST_LINE_INTERVAL);
            }
            if (over) {
                return;
            }
            Duration pause = cost.multipliedBy(SHARE);
            TimeUnit.NANOSECONDS.sleep(Math.max(SHORTEST_INTERVAL.toNanos(), pause.toNanos()));
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Empty while there is no run. */
    private Optional<WatchView> look() throws JobException {
        OutputDirectory output = new OutputDirectory(directory);
        boolean isFile = Files.exists(directory) && !Files.isDirectory(directory); // which cannot become a run
        if (!isFile && !Files.exists(output.lock()) && output.ours().isEmpty()) {
            return Optional.empty();
        }
        long begin = System.nanoTime();
        RunReader reader;
        try {
            reader = RunReader.of(directory);
        } catch (JobException e) {
            if (!isFile && output.ours().isEmpty()) {
                return Optional.empty(); // its process has gone before it began
            }
            throw e;
        }
        RunContents contents = reader.contents();
        seen.add(new Sample(
                (begin - start) * NANOS,
                contents.status().finished(),
                contents.status().failed(),
                Double.NaN,
                Double.NaN,
                Double.NaN));
        if (seen.size() > MOST_SAMPLES) {
            seen.remove(0);
        }
        cost = Duration.ofNanos(System.nanoTime() - begin);
        return Optional.of(new WatchView(contents, seen));
    }
}
