package org.astropool;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The directions between packages, and who may use which library (docs/design.md). */
@AnalyzeClasses(packages = "org.astropool", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
    private static final int FEWEST_CLASSES = 150;
    private static final int MOST_FILES = 30;

    static final class MainClasses implements ImportOption {
        private final ImportOption noTestFolders = new DoNotIncludeTests();

        @Override
        public boolean includes(Location location) {
            return noTestFolders.includes(location) && !location.contains("-tests.jar");
        }
    }

    /** Against rules that hold because they see nothing. */
    @ArchTest
    static void allModulesAreSeen(JavaClasses classes) {
        assertThat(classes).hasSizeGreaterThan(FEWEST_CLASSES);
    }

    /**
     * A room may use those above it in this list that its line names, and nothing else of astropool: so no arrow runs
     * upwards. The names are those behind {@code org.astropool.} or {@code org.astropool.internal.}
     */
    private static final String ROOMS = """
            system
            text
            task: text
            json: task
            model: task, text, system
            transport
            transport.faults: transport, system
            transport.local: transport
            transport.process: transport, system
            onnx: task, model
            program: task, model, json, text, transport.process, system
            protocol: task, text
            worker: protocol, model, task, text, transport, transport.faults, transport.process
            python: task, model, program, worker, transport.process, system
            carrier: worker, transport, transport.faults
            carrier.local: carrier, worker, transport
            transport.mpi: carrier, transport, system
            transport.mpj: carrier, transport
            transport.hazelcast: carrier, worker, transport, transport.faults, transport.process, system
            scheduler
            scheduler.simulation: scheduler
            journal: system
            launch: transport
            pool: task
            executor: protocol
            events: pool, task
            activity
            engine: pool, events, activity, model, executor, scheduler, journal, launch, carrier, worker, protocol, transport, \
                transport.faults, transport.local, task, text
            sampler: pool, task
            maximizer: sampler, pool, task
            design: sampler, task
            script: python, pool, worker, task
            contour
            figure
            graph: figure, task
            job: json
            job.table: job, task, model
            job.config: job, job.table, design, onnx, sampler, program, model, task
            job.plan: job, job.table, job.config, design, program, model, text, sampler, task
            job.result: job, job.table, job.config, job.plan, design, journal, model, text, task
            job.search: job, job.config, job.result, sampler
            job.search.ensemble: job, job.table, job.config, job.plan, job.result, job.search, sampler, model, task
            job.search.maximum: job, job.config, job.plan, job.result, job.search, sampler, maximizer, task
            job.forecast: job
            job.run: job, job.forecast, job.table, job.config, job.plan, job.result, job.search, engine, activity, journal, pool, sampler, \
                program, model, text, json, task
            job.explain: job.run, activity
            batch: job, job.config, program, json, system
            page: activity, contour, job, job.config, job.plan, job.result, job.search, job.run, job.explain, journal, sampler, pool, json, text, task
            job.eval: job, job.table, job.config, job.plan, job.result, json, model, pool, task
            plot: figure, contour, activity, job, job.plan, job.config, job.result, job.search, job.run, sampler, model, task
            cli.process: job, transport
            cli.display: cli.process, job, pool, system
            cli.options: batch, job, job.config, job.run
            cli.batch: batch, cli.display, cli.options, job, job.config, job.run, model, system
            cli.report: page, activity, cli.display, job, job.forecast, job.plan, job.result, job.search, job.run, journal, text, task
            cli.graph: graph, figure, job, model, task
            cli: page, script, python, plot, cli.graph, figure, contour, program, system, engine, carrier, cli.process, cli.display, cli.options, cli.batch, cli.report, job, job.config, job.forecast, job.plan, job.result, job.run, job.search, \
                job.explain, activity, job.eval, sampler, pool, journal, scheduler.simulation, launch, transport, model, task
            examples.supernova: task
            examples.lightcurve: examples.supernova, task
            examples.hierarchical: examples.supernova, examples.lightcurve, sampler, maximizer, pool, task
            examples.anomaly: examples.supernova, examples.lightcurve, examples.hierarchical, task
            examples: task
            examples.pool: pool, task
            """;

    private static final Set<String> PUBLIC_ROOMS = Set.of("task", "pool", "sampler", "maximizer");

    @ArchTest
    static void roomsUseOnlyThoseBelow(JavaClasses classes) {
        List<String> rooms = new ArrayList<>();
        List<String> upwards = new ArrayList<>();
        for (String line : ROOMS.strip().split("\n")) {
            String[] parts = line.split(": *");
            String room = parts[0];
            List<String> below = parts.length == 1 ? List.of() : List.of(parts[1].split(", *"));
            assertThat(rooms)
                    .as("the rooms that %s may use come before it", room)
                    .containsAll(below);
            classes()
                    .that()
                    .resideInAPackage(packageOf(room))
                    .should()
                    .onlyDependOnClassesThat(
                            new DescribedPredicate<>("are in " + room + ", " + String.join(", ", below)) {
                                @Override
                                public boolean test(JavaClass used) {
                                    String name = used.getBaseComponentType().getPackageName();
                                    return !name.startsWith("org.astropool")
                                            || name.equals(packageOf(room))
                                            || below.stream()
                                                    .anyMatch(one ->
                                                            packageOf(one).equals(name));
                                }
                            })
                    .evaluate(classes)
                    .getFailureReport()
                    .getDetails()
                    .forEach(detail -> upwards.add(room + ": " + detail));
            rooms.add(room);
        }
        assertThat(upwards).isEmpty();
        assertThat(classes.stream().map(JavaClass::getPackageName).distinct())
                .isSubsetOf(rooms.stream().map(ArchitectureTest::packageOf).toList());
    }

    private static String packageOf(String room) {
        boolean isPublic = PUBLIC_ROOMS.contains(room) || room.startsWith("examples");
        return "org.astropool." + (isPublic ? "" : "internal.") + room;
    }

    /** A room with more files than that is two rooms. */
    @ArchTest
    static void noRoomIsTooLarge(JavaClasses classes) {
        Map<String, Long> sizes = classes.stream()
                .filter(one -> !one.isNestedClass() && !one.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        assertThat(sizes).allSatisfy((name, files) -> assertThat(files).as(name).isLessThanOrEqualTo(MOST_FILES));
    }

    @ArchTest
    static final ArchRule schedulerIsPureJava = classes()
            .that()
            .resideInAPackage("org.astropool.internal.scheduler..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.astropool.internal.scheduler..", "java..", "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule theJournalNeedsTheJdkAndALogger = classes()
            .that()
            .resideInAPackage("org.astropool.internal.journal..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "org.astropool.internal.journal..",
                    "org.astropool.internal.system..",
                    "java..",
                    "org.slf4j..",
                    "org.jspecify.annotations..");

    /** Else a process may be started while MPI changes the environment. */
    @ArchTest
    static final ArchRule processesStartWhileTheEnvironmentIsAtRest = noClasses()
            .that(not(resideInAPackage("org.astropool.internal.system..")))
            .should()
            .callMethod(ProcessBuilder.class, "start")
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class)
            .orShould()
            .callMethod(Runtime.class, "exec", String.class);

    @ArchTest
    static final ArchRule onlyTheCommandLineWritesToTheConsole = noClasses()
            .that(not(resideInAnyPackage("org.astropool.internal.cli..", "org.astropool.examples..")))
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule onlyTheCommandLineExits = noClasses()
            .that(not(resideInAPackage("org.astropool.internal.cli..")))
            .should()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule picocliIsForTheCommandLine = onlyIn("picocli..", "org.astropool.internal.cli..");

    /**
     * The hierarchical examples read the tables that jobs have written, those of light curves the FITS files of
     * surveys.
     */
    @ArchTest
    static final ArchRule tablesAreForJobs = onlyIn(
            "uk.ac.starlink..",
            "org.astropool.internal.job..",
            "org.astropool.internal.cli..",
            "org.astropool.examples.hierarchical..",
            "org.astropool.examples.lightcurve..");

    /** Users provide the library: everything else works without it. */
    @ArchTest
    static final ArchRule onnxRuntimeIsForOneClass = noClasses()
            .that(not(simpleName("OnnxNetwork")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule hdf5IsForTables = onlyIn("io.jhdf..", "org.astropool.internal.job.table..");

    @ArchTest
    static final ArchRule yamlIsForTables = onlyIn("org.yaml..", "org.astropool.internal.job..");

    @ArchTest
    static final ArchRule jobFilesAreForJobs =
            onlyIn("org.tomlj..", "org.astropool.internal.job..", "org.astropool.internal.cli..");

    @ArchTest
    static final ArchRule jnaIsForMpi = onlyIn("com.sun.jna..", "org.astropool.internal.transport.mpi..");

    @ArchTest
    static final ArchRule hazelcastIsForItsCarrier =
            onlyIn("com.hazelcast..", "org.astropool.internal.transport.hazelcast..");

    /** The other commands start without them. */
    @ArchTest
    static final ArchRule pdfBoxIsForFigures = onlyIn("org.apache.pdfbox..", "org.astropool.internal.figure..");

    @ArchTest
    static final ArchRule fontBoxIsForFigures = onlyIn("org.apache.fontbox..", "org.astropool.internal.figure..");

    @ArchTest
    static final ArchRule awtIsForFigures = onlyIn(
            "java.awt..",
            "org.astropool.internal.figure..",
            "org.astropool.internal.graph..",
            "org.astropool.internal.plot..");

    /** A pool in a program of the user's does without it. */
    @ArchTest
    static final ArchRule jsonIsForJobsAndPrograms = onlyIn(
            "com.grack.nanojson..",
            "org.astropool.internal.job..",
            "org.astropool.internal.batch..",
            "org.astropool.internal.cli..",
            "org.astropool.internal.program..",
            "org.astropool.internal.python..",
            "org.astropool.internal.script..",
            "org.astropool.internal.page..",
            "org.astropool.internal.json..",
            "org.astropool.examples..");

    private static ArchRule onlyIn(String library, String... packages) {
        return noClasses()
                .that(not(resideInAnyPackage(packages)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
