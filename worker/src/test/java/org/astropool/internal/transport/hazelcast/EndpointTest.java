package org.astropool.internal.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.astropool.internal.transport.CarrierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5:5701, 10.0.0.5, 5701",
        "node7, node7, 99",
        "node7:0, node7, 0",
        "[::1]:5701, ::1, 5701",
        "[fe80::1], fe80::1, 99"
    })
    void hostAndPortAreRead(String text, String host, int port) throws Exception {
        assertThat(Endpoint.parse(text, 99)).isEqualTo(new Endpoint(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":5701", "node7:", "node7:port", "node7:65536", "node7:-1", "::1", "a:b:c", "[::1"})
    void anythingElseIsRefusedByItsName(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text, 99))
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.0.0.0:5701", "[::]", "[::]:5701"})
    void allAddressesAreNotOneToListenAt(String text) throws Exception {
        Endpoint endpoint = Endpoint.parse(text, 0);

        assertThatThrownBy(endpoint::ownAddress)
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("stands for all addresses")
                .hasMessageContaining("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:5701", "224.0.0.1", "255.255.255.255"})
    void whatIsNoAddressOfThisMachineIsRefusedWithThoseItHas(String text) throws Exception {
        Endpoint endpoint = Endpoint.parse(text, 0);

        assertThatThrownBy(endpoint::ownAddress)
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("no address of this machine")
                .hasMessageContaining("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost"})
    void addressesOfThisMachineAreTaken(String text) throws Exception {
        assertThat(Endpoint.parse(text, 0).ownAddress().isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.5", "[::1]", "10.0.0.5:0", "0.0.0.0:5701", "[::]:5701", ""})
    void aWorkerNeedsOneAddressAndItsPort(String text) {
        assertThatThrownBy(() -> Endpoint.ofMaster(text))
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void itIsWrittenAsItIsRead() throws Exception {
        for (String text : new String[] {"10.0.0.5:5701", "[::1]:5701"}) {
            assertThat(Endpoint.parse(text, 0)).hasToString(text);
        }
    }
}
