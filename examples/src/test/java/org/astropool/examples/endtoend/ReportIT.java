package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunStatus;
import org.astropool.internal.page.ReportPage;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.astropool.task.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What report.html shows, in a real browser, beside summary.json and the tables. */
class ReportIT {
    private static final int KILLED = 128 + 9;

    @TempDir
    private Path temp;

    private static JsonObject json(Path file) throws Exception {
        return JsonParser.object().from(Files.readString(file));
    }

    /** The page is loaded once, and shows the loss of a worker and more points by itself. */
    @Test
    void anOpenReportFollowsTheRunItsLossesAndItsEnd() throws Exception {
        int points = 2000;
        Survey survey = Survey.of(temp, points).taking(0.016);
        Path page = survey.output().resolve("report.html");
        try (Browser browser = Browser.start(temp.resolve("browser"))) {
            Running running = survey.on("processes", 2).start();
            running.await(() -> Files.exists(page));
            browser.open(page);
            assertThat(browser.evaluate("document.getElementById('state').dataset.state"))
                    .isEqualTo("running");
            assertThat(browser.number("total")).isEqualTo(points);
            long first = browser.number("done");

            survey.awaitEvaluations(points / 20, running);
            running.children().stream()
                    .filter(child -> child.info().command().orElse("").endsWith("java"))
                    .findFirst()
                    .orElseThrow()
                    .destroyForcibly();
            browser.await("document.querySelector('#worker-table tr.lost')");
            browser.await("Number(document.getElementById('done').dataset.value) > " + Math.max(0, first));
            assertThat(browser.text("#problems")).contains("1 worker was lost");
            assertThat(browser.text("#left")).isNotEmpty();

            running.signal("KILL");
            running.end().with(KILLED);
            Command.astropool("report", survey.output().toString()).run().with(0);
            browser.open(page);
            JsonObject status = JsonParser.object()
                    .from(Command.astropool("status", "--json", survey.output().toString())
                            .run()
                            .with(0)
                            .out());
            assertThat(browser.evaluate("document.getElementById('state').dataset.state"))
                    .isEqualTo("killed");
            assertThat(browser.number("done")).isEqualTo(status.getLong("finished"));
            assertThat(browser.text("#problems")).contains("--resume");
            assertThat(browser.errors()).isEmpty();
        }
        survey.on("threads", 16).and("--resume").run().with(0);
        survey.assertComplete();
        assertThat(Files.readString(page)).contains("\"name\":\"complete\"", "\"done\":" + points);
    }

    @Test
    void theNumbersOfAReportAreThoseOfTheSummaryAndOfTheTables() throws Exception {
        try (Browser browser = Browser.start(temp.resolve("browser"))) {
            assertThatAGridIsShown(browser);
            assertThatAChainIsShown(browser);
            assertThatFailuresAreShown(browser);
            assertThatAMillionPointsAreShown(browser);
            assertThat(browser.errors()).isEmpty();
        }
    }

    private Path run(String name, String job, int code) throws Exception {
        Path out = temp.resolve(name);
        Path file = Files.writeString(temp.resolve(name + ".toml"), job);
        Ended ended = Command.astropool("run", file.toString(), "--out", out.toString(), "--workers", "2")
                .run()
                .with(code);
        assertThat(ended.out()).contains("summary.json, report.html");
        return out;
    }

    private static void assertThatSummaryIsShown(Browser browser, JsonObject summary) throws Exception {
        assertThat(browser.number("done")).isEqualTo(summary.getLong("points"));
        assertThat(browser.text("#failed")).startsWith(String.valueOf(summary.getLong("failed")));
        JsonObject best = summary.getObject("best");
        JsonObject marginals = summary.getObject("marginals");
        for (String parameter : marginals.keySet()) {
            String row = "#best tr[data-key=" + parameter + "] td:nth-child(";
            assertThat(Double.parseDouble(browser.text(row + "2)"))).isCloseTo(best.getDouble(parameter), within(1e-5));
            JsonObject marginal = marginals.getObject(parameter);
            assertThat(Double.parseDouble(browser.text(row + "3)")))
                    .isCloseTo(marginal.getDouble("mean"), within(1e-5));
            assertThat(Double.parseDouble(browser.text(row + "4)"))).isCloseTo(marginal.getDouble("std"), within(1e-5));
        }
        String shown =
                browser.evaluate("document.getElementById('best-note').textContent.match(/point: (-?[0-9.]+)/)[1]");
        assertThat(Double.parseDouble(shown)).isCloseTo(best.getDouble("log_likelihood"), within(1e-5));
    }

    private void assertThatAGridIsShown(Browser browser) throws Exception {
        Path out = run("grid", """
                job.name = "grid"
                model.name = "supernova-distances"
                model.options = { dataset = "simulated", cosmology = "flat-wcdm" }
                [grid]
                omega_m = { from = 0.0, to = 0.6, count = 21 }
                w = { from = -2.0, to = -0.4, count = 21 }
                """, 0);

        browser.open(out.resolve("report.html"));

        assertThatSummaryIsShown(browser, json(out.resolve("summary.json")));
        assertThat(browser.evaluate("document.querySelectorAll('#likelihood svg path[data-mass]').length"))
                .isEqualTo("3");
        assertThat(browser.evaluate("document.querySelectorAll('canvas').length"))
                .isNotEqualTo("0");
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo("true");
    }

    private void assertThatAChainIsShown(Browser browser) throws Exception {
        Path out = run("chain", """
                job.name = "chain"
                model.name = "supernova-distances"
                model.options = { dataset = "simulated", cosmology = "flat-wcdm" }
                [parameters]
                omega_m = { label = '\\Omega_m', prior = { kind = "flat", from = 0.0, to = 0.8 } }
                w = { prior = { kind = "flat", from = -2.5, to = -0.2 } }
                [sampler]
                walkers = 12
                steps = 300
                """, 0);

        browser.open(out.resolve("report.html"));

        assertThatSummaryIsShown(browser, json(out.resolve("summary.json")));
        assertThat(browser.text("#traces")).contains("300 steps of 12 walkers");
        assertThat(browser.text("#best")).contains("\u03a9m"); // a Greek letter, and its index
    }

    /** A text that would end the script, or be an element, is shown as it is. */
    private void assertThatFailuresAreShown(Browser browser) throws Exception {
        Path program = Files.writeString(temp.resolve("rows.py"), """
                from astropool import serve
                def value(a):
                    if a >= 30:
                        raise ValueError("</script><b>too large</b> by %d" % (a - 29))
                    return {"value": a}
                serve(value, outputs=["value"])
                """);
        Path out = run("rows", """
                job.name = "rows"
                model.program = ["%s", "%s"]
                [grid]
                a = { from = 0, to = 39, count = 40 }
                """.formatted(TablesIT.PYTHON, program), 3);

        browser.open(out.resolve("report.html"));

        JsonObject summary = json(out.resolve("summary.json"));
        assertThat(summary.getInt("failed")).isEqualTo(10);
        assertThat(browser.number("done")).isEqualTo(40);
        assertThat(browser.text("#failed")).isEqualTo("10");
        assertThat(browser.evaluate("document.getElementById('state').dataset.state"))
                .isEqualTo("failures");
        assertThat(browser.text("#failure-groups tbody td:nth-child(3)")).isEqualTo("10");
        assertThat(browser.text("#problems")).contains("10 points failed", "of the failures have a from 30");
        assertThat(browser.text("#failures")).contains("</script><b>too large</b>");
        assertThat(browser.text("#outputs tr[data-key=value] td:nth-child(8)")).isEqualTo("29.0000");
    }

    private void assertThatAMillionPointsAreShown(Browser browser) throws Exception {
        int side = 1000;
        Grid grid = new Grid(Axis.linear("omega_m", 0, 1, side), Axis.linear("w", -2, 0, side));
        EvaluationResult result = new EvaluationResult(EvaluationSpec.of(
                "supernova-distances", Map.of("dataset", "simulated", "cosmology", "flat-wcdm"), grid, Map.of()));
        for (int i = 0; i < side * side; i++) {
            double x = (i / side - 400) / 60.0;
            double y = (i % side - 500) / 80.0;
            double[] outputs = {-(x * x + y * y - x * y) / 2, x * x, y};
            result.add(new Outcome.Done<>(
                    i, new Outcome.Execution(1, i % 500, "node" + i % 50, 1e-3 + i * 1e-9), outputs));
        }
        List<WorkerActivity> workers = new ArrayList<>();
        for (int w = 0; w < 500; w++) {
            float[] timeline = new float[240];
            for (int i = 0; i < timeline.length; i++) {
                timeline[i] = (w * 31 + i * 17) % 100 / 100f;
            }
            String lost = w == 77 ? "it was silent for 10 s" : "";
            double left = w == 77 ? 100 : Double.NaN;
            workers.add(new WorkerActivity(w, "node" + w % 50, w, 2, 1, 240, left, lost, 2000, 200, 0.1, timeline));
        }
        ActivitySnapshot start = new ActivitySnapshot(Instant.now(), 240, false, "master", 1, workers, Ledger.EMPTY, 0);
        RunStatus status = new RunStatus(
                temp.resolve("million"),
                "million",
                "model",
                (long) side * side,
                (long) side * side,
                0,
                0,
                result.best().orElseThrow().parameters(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
        Path page = temp.resolve("million.html");

        ReportPage.write(
                new RunContents(
                        status,
                        Optional.of(result),
                        Optional.of(new Plan.OnGrid(grid)),
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(start),
                        Optional.empty()),
                page);
        browser.open(page);

        assertThat(Files.size(page)).isLessThan(5_000_000);
        assertThat(browser.number("done")).isEqualTo((long) side * side);
        assertThat(browser.evaluate("document.querySelectorAll('#worker-table tbody tr').length"))
                .isEqualTo("500");
        assertThat(browser.text("#workers")).contains("it was silent for 10 s");
        assertThat(Integer.parseInt(browser.evaluate("document.documentElement.dataset.readyMillis")))
                .as("milliseconds until the page can be used")
                .isLessThan(2000);
    }

    @Test
    void aRunIsWatchedUntilItsEndAndReportsCanBeSwitchedOff() throws Exception {
        Survey survey = Survey.of(temp, 500).taking(0.004);
        Path watched = survey.output();

        Running watch = Command.astropool("watch", watched.toString()).start();
        survey.on("threads", 2).and("--set", "output.report=false").run().with(0);
        Ended seen = watch.end().with(0);

        assertThat(seen.out()).endsWith("complete, exit code 0, 500/500 (100 %), 0 failed\n");
        assertThat(watched.resolve("report.html")).doesNotExist();
        assertThat(watched.resolve("journal/history.json")).doesNotExist();
    }

    /** On a terminal, which a Python script imitates: q leaves the run alone, and a smaller window gets less. */
    @Test
    void onATerminalWatchFollowsTheSizeOfTheWindowAndLeavesByQ() throws Exception {
        Survey survey = Survey.of(temp, 4000).taking(0.01);
        Running run = survey.on("threads", 2).heedingSignals().start();
        survey.awaitEvaluations(20, run);

        Ended watched = Command.of(List.of(TablesIT.PYTHON, "-c", """
                        import fcntl, os, pty, re, select, signal, struct, sys, termios, time
                        def size(fd, rows, columns):
                            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                        pid, fd = pty.fork()
                        if pid == 0:
                            os.environ["TERM"] = "xterm"
                            os.execv(sys.argv[1], sys.argv[1:])
                        size(fd, 24, 100)
                        seen = ""
                        def until(pattern):
                            global seen
                            end = time.time() + 40
                            while not re.search(pattern, seen, re.S):
                                if time.time() > end:
                                    sys.exit("not seen: " + pattern + " in " + repr(seen))
                                if select.select([fd], [], [], 1)[0]:
                                    try:
                                        seen += os.read(fd, 65536).decode()
                                    except OSError:
                                        break
                        until(r"running {20,}q: leave.*/4000 .*worker")
                        seen = ""
                        size(fd, 12, 40)
                        until(r"running {2,20}q: leave")
                        os.write(fd, b"q")
                        until(r"\\x1b\\[\\?1049l")
                        print("code", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                        """))
                .and(Command.astropoolWords("watch", survey.output().toString()).toArray(String[]::new))
                .run()
                .with(0);

        assertThat(watched.out()).contains("code 0");
        run.signal("INT");
        run.end().with(130);
    }
}
