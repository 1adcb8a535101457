package org.astropool.transport.mpi;

import java.util.ServiceLoader;
import org.astropool.transport.Carrier;
import org.astropool.transport.CarrierException;
import org.astropool.transport.CarrierProvider;
import org.astropool.transport.ContractPeer;
import org.astropool.transport.TransportContract;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One rank of the contract test: rank 0 runs the tests of {@link OverMpi}, the others are its peers. */
final class MpiContractRank {
    /** Begins a line of output with the result of one test. */
    static final String PASSED = "contract passed: ";

    static final String FAILED = "contract failed: ";

    private MpiContractRank() {}

    static final class OverMpi extends TransportContract {
        @Override
        protected Carrier join() throws CarrierException {
            return MpiContractRank.join();
        }
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

    static Carrier join() throws CarrierException {
        return ServiceLoader.load(CarrierProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("mpi"))
                .findFirst()
                .orElseThrow()
                .join();
    }

    public static void main(String[] args) throws CarrierException {
        try (Carrier carrier = join()) {
            if (carrier.rank() == 0) {
                Launcher launcher = LauncherFactory.create();
                launcher.execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(OverMpi.class))
                                .build(),
                        new Printer());
            } else {
                new ContractPeer(carrier).serve();
            }
        }
    }
}
