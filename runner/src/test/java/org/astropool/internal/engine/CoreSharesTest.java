package org.astropool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoreSharesTest {

    @Test
    void unboundRanksShareTheProcessorsOfTheirHost() {
        CoreShares shares = new CoreShares();
        shares.add("master", "0-63", 64);
        for (int i = 0; i < 4; i++) {
            shares.add("node", "0-63", 64);
        }

        assertThat(shares.of("node", "0-63", 64)).isEqualTo(16);
    }

    @Test
    void ranksBoundToSocketsShareTheirSocketAlone() {
        CoreShares shares = new CoreShares();
        shares.add("master", "0-63", 64);
        shares.add("node", "0-15,32-47", 64);
        shares.add("node", "0-15,32-47", 64);
        shares.add("node", "16-31,48-63", 64);

        assertThat(shares.of("node", "0-15,32-47", 64)).isEqualTo(16);
        assertThat(shares.of("node", "16-31,48-63", 64)).isEqualTo(32);
    }

    @Test
    void ranksBoundToACoreHaveOneThread() {
        CoreShares shares = new CoreShares();
        shares.add("master", "0", 64);
        shares.add("node", "7", 64);

        assertThat(shares.of("node", "7", 64)).isEqualTo(1);
    }

    @Test
    void moreRanksThanProcessorsHaveOneThreadEach() {
        CoreShares shares = new CoreShares();
        shares.add("master", "0-1", 64);
        for (int i = 0; i < 5; i++) {
            shares.add("node", "0-1", 64);
        }

        assertThat(shares.of("node", "0-1", 64)).isEqualTo(1);
    }

    @Test
    void processWhoseCgroupAllowsFewerProcessorsThanItsMaskHasFewer() {
        CoreShares shares = new CoreShares();
        shares.add("node", "0-63", 64);

        assertThat(shares.of("node", "0-63", 2)).isEqualTo(2);
    }

    @Test
    void processThatComesLaterHasItsProcessorsForItself() {
        assertThat(new CoreShares().of("node", "", 8)).isEqualTo(8);
    }
}
