package org.astropool;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** The directions between packages, and who may use which library (docs/design.md). */
@AnalyzeClasses(packages = "org.astropool", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
    private static final int FEWEST_CLASSES = 150;

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

    @ArchTest
    static final ArchRule packagesUseOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("org.astropool..")
            .withOptionalLayers(true)
            .ensureAllClassesAreContainedInArchitecture()
            .layer("cli")
            .definedBy("org.astropool.cli..")
            .layer("job")
            .definedBy("org.astropool.job..")
            .layer("system")
            .definedBy("org.astropool.system..")
            .layer("sampler")
            .definedBy("org.astropool.sampler..")
            .layer("pool")
            .definedBy("org.astropool.pool..")
            .layer("simulation")
            .definedBy("org.astropool.scheduler.simulation..")
            .layer("scheduler")
            .definedBy("org.astropool.scheduler")
            .layer("journal")
            .definedBy("org.astropool.journal..")
            .layer("launch")
            .definedBy("org.astropool.launch..")
            .layer("examples")
            .definedBy("org.astropool.examples..")
            .layer("external")
            .definedBy("org.astropool.external..")
            .layer("worker")
            .definedBy("org.astropool.worker..")
            .layer("protocol")
            .definedBy("org.astropool.protocol..")
            .layer("faults")
            .definedBy("org.astropool.transport.faults..")
            .layer("hazelcast")
            .definedBy("org.astropool.transport.hazelcast..")
            .layer("local")
            .definedBy("org.astropool.transport.local..")
            .layer("mpi")
            .definedBy("org.astropool.transport.mpi..")
            .layer("mpj")
            .definedBy("org.astropool.transport.mpj..")
            .layer("process")
            .definedBy("org.astropool.transport.process..")
            .layer("transport")
            .definedBy("org.astropool.transport")
            .layer("task")
            .definedBy("org.astropool.task..")
            .whereLayer("cli")
            .mayOnlyAccessLayers(
                    "job", "sampler", "pool", "journal", "simulation", "launch", "transport", "task", "system")
            .whereLayer("job")
            .mayOnlyAccessLayers("sampler", "pool", "journal", "external", "task")
            .whereLayer("sampler")
            .mayOnlyAccessLayers("pool", "task")
            .whereLayer("pool")
            .mayOnlyAccessLayers(
                    "scheduler",
                    "journal",
                    "launch",
                    "worker",
                    "protocol",
                    "faults",
                    "hazelcast",
                    "local",
                    "process",
                    "transport",
                    "task")
            .whereLayer("simulation")
            .mayOnlyAccessLayers("scheduler")
            .whereLayer("scheduler")
            .mayNotAccessAnyLayer()
            .whereLayer("journal")
            .mayOnlyAccessLayers("system")
            .whereLayer("launch")
            .mayOnlyAccessLayers("transport")
            .whereLayer("examples")
            .mayOnlyAccessLayers("sampler", "pool", "task")
            .whereLayer("external")
            .mayOnlyAccessLayers("process", "task", "system")
            .whereLayer("worker")
            .mayOnlyAccessLayers("protocol", "faults", "hazelcast", "process", "transport", "task", "system")
            .whereLayer("protocol")
            .mayOnlyAccessLayers("task")
            .whereLayer("faults")
            .mayOnlyAccessLayers("transport", "system")
            .whereLayer("hazelcast")
            .mayOnlyAccessLayers("transport")
            .whereLayer("local")
            .mayOnlyAccessLayers("transport")
            .whereLayer("mpi")
            .mayOnlyAccessLayers("transport", "system")
            .whereLayer("mpj")
            .mayOnlyAccessLayers("transport")
            .whereLayer("process")
            .mayOnlyAccessLayers("transport", "system")
            .whereLayer("transport")
            .mayNotAccessAnyLayer()
            .whereLayer("task")
            .mayOnlyAccessLayers("system")
            .whereLayer("system")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule schedulerIsPureJava = classes()
            .that()
            .resideInAPackage("org.astropool.scheduler..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.astropool.scheduler..", "java..", "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule theJournalNeedsTheJdkAndALogger = classes()
            .that()
            .resideInAPackage("org.astropool.journal..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "org.astropool.journal..",
                    "org.astropool.system..",
                    "java..",
                    "org.slf4j..",
                    "org.jspecify.annotations..");

    /** Else a process may be started while MPI changes the environment. */
    @ArchTest
    static final ArchRule processesStartWhileTheEnvironmentIsAtRest = noClasses()
            .that(not(resideInAPackage("org.astropool.system..")))
            .should()
            .callMethod(ProcessBuilder.class, "start")
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class)
            .orShould()
            .callMethod(Runtime.class, "exec", String.class);

    @ArchTest
    static final ArchRule onlyTheCommandLineWritesToTheConsole = noClasses()
            .that(not(resideInAnyPackage("org.astropool.cli..", "org.astropool.examples..")))
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule onlyTheCommandLineExits = noClasses()
            .that(not(resideInAPackage("org.astropool.cli..")))
            .should()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule picocliIsForTheCommandLine = onlyIn("picocli..", "org.astropool.cli..");

    /** The hierarchical examples read the tables that jobs have written, those of light curves the FITS files of surveys. */
    @ArchTest
    static final ArchRule tablesAreForJobs = onlyIn(
            "uk.ac.starlink..",
            "org.astropool.job..",
            "org.astropool.cli..",
            "org.astropool.examples.hierarchical..",
            "org.astropool.examples.lightcurve..");

    @ArchTest
    static final ArchRule yamlIsForTables = onlyIn("org.yaml..", "org.astropool.job..");

    @ArchTest
    static final ArchRule jobFilesAreForJobs = onlyIn("org.tomlj..", "org.astropool.job..", "org.astropool.cli..");

    @ArchTest
    static final ArchRule jnaIsForMpi = onlyIn("com.sun.jna..", "org.astropool.transport.mpi..");

    @ArchTest
    static final ArchRule hazelcastIsForItsCarrier = onlyIn("com.hazelcast..", "org.astropool.transport.hazelcast..");

    /** A pool in a program of the user's does without it. */
    @ArchTest
    static final ArchRule jsonIsForJobsAndPrograms = onlyIn(
            "com.grack.nanojson..",
            "org.astropool.job..",
            "org.astropool.cli..",
            "org.astropool.external..",
            "org.astropool.examples..");

    private static ArchRule onlyIn(String library, String... packages) {
        return noClasses()
                .that(not(resideInAnyPackage(packages)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
