package org.astropool.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.astropool.transport.CarrierException;
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

    @Test
    void itIsWrittenAsItIsRead() throws Exception {
        for (String text : new String[] {"10.0.0.5:5701", "[::1]:5701"}) {
            assertThat(Endpoint.parse(text, 0)).hasToString(text);
        }
    }
}
