package org.astropool.internal.job.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.job.run.RunStatus;

/**
 * What limits the speed of a run, from the record of its newest start.
 *
 * @param headline how much of the allocation was evaluation
 * @param findings what the rest went to, the largest first; never empty
 */
public record Explanation(String headline, List<Finding> findings) {
    private static final double PERCENT = 100;
    /** Parts of the allocation below these are no finding. */
    private static final double NOTABLE = 0.1;

    private static final double NOTABLE_LOSS = 0.02;
    private static final double DISK_IS_BUSY = 0.3;
    /** A worker is slow if its points take this many times as long as those of the others. */
    private static final double SLOW = 1.3;

    private static final int FEWEST_POINTS = 5;
    private static final double SHORT_POINT_SECONDS = 1e-4;

    /**
     * One thing that limits the run.
     *
     * @param kind a name for programs, for instance "tail"
     * @param share the part of the allocation that it costs, from 0 to 1
     * @param title one sentence
     * @param evidence the numbers behind it
     * @param advice what to change
     */
    public record Finding(String kind, double share, String title, String evidence, String advice) {}

    /**
     * Explains a run.
     *
     * @param isSearch whether points are proposed in rounds
     * @param starts what the workers did in each start of the run; at least one
     */
    public static Explanation of(RunStatus status, boolean isSearch, List<ActivitySnapshot> starts) {
        ActivitySnapshot newest = starts.get(starts.size() - 1);
        return new Reader(status, isSearch, newest).explanation();
    }

    private static final class Reader {
        private final RunStatus status;
        private final boolean isSearch;
        private final ActivitySnapshot activity;
        private final Ledger ledger;
        private final int slots;
        private final long evaluated;
        private final double secondsPerPoint;
        private final List<Finding> findings = new ArrayList<>();

        Reader(RunStatus status, boolean isSearch, ActivitySnapshot activity) {
            this.status = status;
            this.isSearch = isSearch;
            this.activity = activity;
            this.ledger = activity.ledger();
            this.slots = activity.workers().stream()
                    .filter(worker -> Double.isNaN(worker.left()))
                    .mapToInt(WorkerActivity::slots)
                    .sum();
            this.evaluated = activity.workers().stream()
                    .mapToLong(WorkerActivity::evaluated)
                    .sum();
            double busy = activity.workers().stream()
                    .mapToDouble(WorkerActivity::busySeconds)
                    .sum();
            this.secondsPerPoint = evaluated == 0 ? 0 : busy / evaluated;
        }

        Explanation explanation() {
            start();
            slowWorkers();
            tail();
            waiting();
            transport();
            disk();
            lost();
            retries();
            results();
            outside();
            findings.sort(Comparator.comparingDouble(Finding::share).reversed());
            if (findings.isEmpty()) {
                findings.add(evaluationLimits());
            }
            return new Explanation(headline(), List.copyOf(findings));
        }

        private String headline() {
            String state = status.isComplete() ? "complete" : status.isRunning() ? "running" : "not running";
            String name = status.isStarting() ? activity.host() : status.job();
            return text(
                    "%s (%s): %s of %s core-seconds were evaluation (%s, %s s since the start)",
                    name,
                    state,
                    percent(share(ledger.evaluation())),
                    number(ledger.allocation()),
                    slots == 1 ? "1 slot" : slots + " slots",
                    number(activity.wallSeconds()));
        }

        private Finding evaluationLimits() {
            return new Finding(
                    "evaluation",
                    share(ledger.evaluation()),
                    "The evaluation of the points limits this run: nothing else takes a tenth of its core-seconds.",
                    text("A point takes %s s on a slot (mean of %d).", number(secondsPerPoint), evaluated),
                    "more slots (ranks, nodes), or a faster model");
        }

        private void start() {
            WorkerActivity last = activity.workers().stream()
                    .max(Comparator.comparingDouble(WorkerActivity::ready))
                    .orElse(null);
            if (share(ledger.start()) < NOTABLE || last == null) {
                return;
            }
            add(
                    "start",
                    ledger.start(),
                    "Starting up takes " + percent(share(ledger.start())) + " of the core-seconds.",
                    text(
                            "The last worker (%s) was ready after %s s of %s s; preparing the model is part of it.",
                            name(last), number(last.ready()), number(activity.wallSeconds())),
                    "evaluate more points in one run; with many short runs, keep the workers (astropool eval, or a pool"
                            + " in a script); if a Python model imports slowly, keep its environment on a local disk");
        }

        /** Compares each worker with the others, so that one slow worker does not hide itself. */
        private void slowWorkers() {
            List<WorkerActivity> counted = activity.workers().stream()
                    .filter(worker -> worker.evaluated() >= FEWEST_POINTS)
                    .toList();
            for (WorkerActivity worker : counted) {
                double[] others = counted.stream()
                        .filter(other -> other.number() != worker.number())
                        .mapToDouble(WorkerActivity::medianSeconds)
                        .sorted()
                        .toArray();
                if (others.length == 0) {
                    return;
                }
                double typical = others[others.length / 2];
                double ratio = worker.medianSeconds() / typical;
                if (typical > 0 && ratio > SLOW) {
                    add(
                            "slow-worker",
                            worker.busySeconds() * (1 - 1 / ratio),
                            "The points of " + name(worker) + " take " + text("%.1f", ratio)
                                    + " times as long as those of the other workers.",
                            text(
                                    "Median %s s a point (%d points), and %s s for the %d other workers.",
                                    number(worker.medianSeconds()), worker.evaluated(), number(typical), others.length),
                            "look at the host " + worker.host()
                                    + ": other programs, more threads than cores, a slow clock or disk; leave it out if"
                                    + " it stays slow");
                }
            }
        }

        private void tail() {
            if (share(ledger.tail()) < NOTABLE) {
                return;
            }
            if (!isSearch && status.points() < 2L * slots) {
                add(
                        "too-few-points",
                        ledger.tail(),
                        "There are too few points for " + slots + " slots.",
                        text(
                                "%d points; slots without a point took %s of the core-seconds.",
                                status.points(), percent(share(ledger.tail()))),
                        "use at most " + Math.max(1, status.points() / 2) + " slots, or a finer grid");
                return;
            }
            Optional<WorkerActivity> last = activity.workers().stream()
                    .filter(worker -> Double.isNaN(worker.left()))
                    .max(Comparator.comparingDouble(WorkerActivity::lastHeard));
            add(
                    "tail",
                    ledger.tail(),
                    "The tail: slots were idle while others evaluated the last points"
                            + (isSearch ? " of a round." : "."),
                    text(
                            "%s of the core-seconds; the last outcome came from %s.",
                            percent(share(ledger.tail())),
                            last.map(Reader::name).orElse("no worker")),
                    isSearch
                            ? "more walkers, so that each round has several points for each slot; or fewer slots"
                            : "start the longest points first (run --costs-from " + status.directory()
                                    + " in the next run of this job); smaller batches; [run] timeout for points that"
                                    + " never end");
        }

        private void waiting() {
            if (share(ledger.waiting()) < NOTABLE) {
                return;
            }
            add(
                    "waiting",
                    ledger.waiting(),
                    "Slots waited for points: none was proposed yet, and none was being evaluated.",
                    text(
                            "%s of the core-seconds; a point takes %s s.",
                            percent(share(ledger.waiting())), number(secondsPerPoint)),
                    "points this short are not worth so many slots: fewer slots, or more walkers or searches at a time");
        }

        private void transport() {
            if (share(ledger.transport()) < NOTABLE) {
                return;
            }
            double rate = activity.wallSeconds() > 0 ? evaluated / activity.wallSeconds() : 0;
            add(
                    "transport",
                    ledger.transport(),
                    secondsPerPoint < SHORT_POINT_SECONDS
                            ? "The master limits: handing over points takes long compared with evaluating them."
                            : "Points and outcomes on their way take " + percent(share(ledger.transport()))
                                    + " of the core-seconds.",
                    text(
                            "%s points/s, each evaluated for %s s, on %d slots.",
                            number(rate), number(secondsPerPoint), slots),
                    "larger batches (batch size of the model, or of the call); fewer slots; smaller outputs; where ranks"
                            + " share cores, one rank fewer, since the master needs a core for itself");
        }

        private void disk() {
            double part = activity.wallSeconds() > 0 ? activity.journalSeconds() / activity.wallSeconds() : 0;
            if (part < DISK_IS_BUSY) {
                return;
            }
            findings.add(new Finding(
                    "disk",
                    Math.min(1, share(ledger.transport()) + share(ledger.waiting())),
                    "The disk of the output directory is slow.",
                    text(
                            "Writing the journal and forcing it to disk took %s s of %s s; the pool hands out less while"
                                    + " it waits.",
                            number(activity.journalSeconds()), number(activity.wallSeconds())),
                    "another file system for the output directory (--out), for instance the scratch file system of the"
                            + " cluster; smaller outputs"));
        }

        private void lost() {
            if (share(ledger.lost()) < NOTABLE_LOSS) {
                return;
            }
            List<WorkerActivity> workers = activity.workers().stream()
                    .filter(worker -> !worker.lost().isEmpty())
                    .toList();
            String who = workers.isEmpty()
                    ? "Processes of the model ended while they evaluated."
                    : workers.stream()
                            .limit(3)
                            .map(worker -> name(worker) + " after " + number(worker.left()) + " s: " + worker.lost())
                            .collect(Collectors.joining("; ", workers.size() + " of the workers: ", "."));
            add(
                    "lost",
                    ledger.lost(),
                    "Workers that were lost or could not evaluate, and points that ended their process, cost "
                            + percent(share(ledger.lost())) + " of the core-seconds.",
                    who,
                    "see failures.ecsv and logs/ for the reason; leave out nodes whose workers cannot evaluate (sbatch"
                            + " --exclude); if memory ran out, fewer slots per node; shorter points"
                            + " lose less");
        }

        private void retries() {
            if (share(ledger.retries()) < NOTABLE_LOSS) {
                return;
            }
            add(
                    "retries",
                    ledger.retries(),
                    "Attempts that failed and were repeated take " + percent(share(ledger.retries()))
                            + " of the core-seconds.",
                    text("%s core-seconds.", number(ledger.retries())),
                    "see failures.ecsv for the reasons; [run] retries = 0 if a second attempt fails as well");
        }

        private void results() {
            if (share(ledger.results()) < NOTABLE) {
                return;
            }
            add(
                    "results",
                    ledger.results(),
                    "Writing the tables at the end takes " + percent(share(ledger.results())) + " of the core-seconds.",
                    text("%s s, while %d slots are idle.", number(slots == 0 ? 0 : ledger.results() / slots), slots),
                    "fewer formats ([output] formats), smaller outputs, a faster disk; more points in one run");
        }

        private void outside() {
            if (share(ledger.outside()) < NOTABLE) {
                return;
            }
            add(
                    "outside",
                    ledger.outside(),
                    percent(share(ledger.outside())) + " of the cores that the processes may use have no slot.",
                    text(
                            "%d slots; about %s cores are free.",
                            slots, number(activity.wallSeconds() > 0 ? ledger.outside() / activity.wallSeconds() : 0)),
                    "more --workers or --threads, or a launcher that gives each rank only the cores it uses");
        }

        private void add(String kind, double coreSeconds, String title, String evidence, String advice) {
            findings.add(new Finding(kind, share(coreSeconds), title, evidence, advice));
        }

        private double share(double coreSeconds) {
            return ledger.allocation() > 0 ? coreSeconds / ledger.allocation() : 0;
        }

        private static String name(WorkerActivity worker) {
            return "rank " + worker.number() + " on " + worker.host() + " (process " + worker.pid() + ")";
        }

        private static String percent(double share) {
            return text("%.0f %%", PERCENT * share);
        }

        /** Three significant digits. */
        private static String number(double value) {
            if (value == 0 || Double.isNaN(value)) {
                return "0";
            }
            int digits = 2 - (int) Math.floor(Math.log10(Math.abs(value)));
            return digits > 6 ? text("%.2e", value) : text("%." + Math.max(0, digits) + "f", value);
        }

        private static String text(String format, Object... values) {
            return String.format(Locale.ROOT, format, Arrays.copyOf(values, values.length));
        }
    }
}
