package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool with nothing but worker, runner and slf4j on the class path: an execution of its own in the build. */
@Tag("without-optional-jars")
class WithoutOptionalJarsTest extends PoolContract {
    private static final Pool POOL =
            Pool.open(PoolOptions.builder().listener(EVENTS).workers(2).build());

    @Override
    Pool pool() {
        return POOL;
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.hazelcast.core.Hazelcast",
                "com.sun.jna.Native",
                "picocli.CommandLine",
                "uk.ac.starlink.table.StarTable",
                "org.tomlj.Toml",
                "com.grack.nanojson.JsonParser"
            })
    void theJarIsNotThere(String className) {
        assertThatThrownBy(() -> Class.forName(className)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void aCarrierWithoutItsJarIsRefusedWithTheJarToAdd() {
        assertThatThrownBy(() -> Pool.open(
                        PoolOptions.builder().carrier(CarrierKind.HAZELCAST).build()))
                .isInstanceOfSatisfying(
                        PoolException.class, e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.ENVIRONMENT))
                .hasMessageContaining("com.hazelcast:hazelcast");
    }
}
