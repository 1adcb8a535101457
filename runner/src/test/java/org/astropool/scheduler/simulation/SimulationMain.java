package org.astropool.scheduler.simulation;

/** Prints the figures of all scenarios at their full size. */
public final class SimulationMain {
    private SimulationMain() {}

    public static void main(String[] args) {
        System.out.println(Scenarios.report());
    }
}
