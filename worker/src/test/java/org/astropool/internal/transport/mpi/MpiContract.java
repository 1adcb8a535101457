package org.astropool.internal.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A test class that runs inside rank 0 of a real MPI job, while each of its tests appears as one of the test that
 * started the job.
 */
public final class MpiContract {
    private static final String PASSED = "test passed: ";
    private static final String FAILED = "test failed: ";

    private MpiContract() {}

    /** Inside rank 0: runs the tests of a class and prints how each one ended. */
    public static void runTests(Class<?> testClass) {
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(testClass))
                                .build(),
                        new Printer());
    }

    /** Outside: starts three ranks of a main class, of which rank 0 calls {@link #runTests}. */
    public static Stream<DynamicTest> of(Mpiexec mpiexec, Class<?> rankMain) throws IOException, InterruptedException {
        return of(mpiexec.requireInstalled().run(rankMain));
    }

    /** Outside: the tests that rank 0 of a job has run. */
    public static Stream<DynamicTest> of(Mpiexec.Result job) {
        List<String> lines = job.output().lines().toList();
        Stream<DynamicTest> passed = lines.stream()
                .filter(line -> line.startsWith(PASSED))
                .map(line -> DynamicTest.dynamicTest(line, () -> {}));
        Stream<DynamicTest> failed = lines.stream()
                .filter(line -> line.startsWith(FAILED))
                .map(line -> DynamicTest.dynamicTest(line, () -> {
                    throw new AssertionError(job.output());
                }));
        DynamicTest end = DynamicTest.dynamicTest("the job ends normally and has run tests", () -> {
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(job.output()).contains(PASSED);
        });
        return Stream.concat(Stream.concat(passed, failed), Stream.of(end));
    }

    private static final class Printer implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result.getThrowable().ifPresent(Throwable::printStackTrace);
            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || !passed) {
                System.out.println((passed ? PASSED : FAILED) + test.getLegacyReportingName());
            }
        }
    }
}
