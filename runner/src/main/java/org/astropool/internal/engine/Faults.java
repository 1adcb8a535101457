package org.astropool.internal.engine;

import java.util.function.IntUnaryOperator;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.WriteFault;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.faults.FaultPlan;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;

/** Faults on purpose, where the environment asks for them: see {@link FaultPlan}. Without it these do nothing. */
final class Faults {
    private Faults() {}

    /** @throws PoolException when the plan cannot be read */
    static Transport on(Transport transport) {
        return plan().wrap(transport);
    }

    static void on(Journal journal) {
        FaultPlan plan = plan();
        if (plan == FaultPlan.NONE) {
            return;
        }
        IntUnaryOperator bytesBeforeDeath = plan.journalFault();
        journal.writeFault(new WriteFault() {
            @Override
            public int bytesBeforeDeath(long write, int bytes) {
                return bytesBeforeDeath.applyAsInt(bytes);
            }

            @Override
            public void die() {
                FaultPlan.killThisProcess();
            }
        });
    }

    private static FaultPlan plan() {
        try {
            return FaultPlan.of(System.getenv());
        } catch (IllegalArgumentException e) {
            throw new PoolException(Reason.ENVIRONMENT, String.valueOf(e.getMessage()), e);
        }
    }
}
