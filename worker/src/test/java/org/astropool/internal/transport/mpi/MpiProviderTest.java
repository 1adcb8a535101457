package org.astropool.internal.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ServiceLoader;
import org.astropool.internal.carrier.CarrierProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;

final class MpiProviderTest {

    @Test
    void isFoundAndSaysWhyItCannotBeUsedWithoutALauncher() {
        CarrierProvider provider = ServiceLoader.load(CarrierProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.name().equals("mpi"))
                .findFirst()
                .orElseThrow();
        assertThat(provider.unavailableBecause())
                .hasValueSatisfying(reason -> assertThat(reason).contains("mpiexec -n"));
        assertThat(provider.details()).contains("started by no launcher of MPI");
    }

    @Test
    void saysThatJnaIsMissing() throws Exception {
        URL classes = MpiProvider.class.getProtectionDomain().getCodeSource().getLocation();
        URL slf4j = Logger.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader withoutJna =
                new URLClassLoader(new URL[] {classes, slf4j}, ClassLoader.getPlatformClassLoader())) {
            Class<?> provider = withoutJna.loadClass(MpiProvider.class.getName());
            Object details = provider.getMethod("details")
                    .invoke(provider.getDeclaredConstructor().newInstance());
            assertThat(details).asString().contains("JNA is not on the class path");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4'        | Open MPI 4.1.4",
                "'MPICH Version:\t4.0.2\nMPICH Release date:\tThu Apr  7'        | MPICH 4.0.2",
                "'MPICH Version:      4.3.0\nMPICH ABI:          17:0:5'         | MPICH 4.3.0",
                "'Intel(R) MPI Library 2021.9 for Linux* OS\n'                   | Intel(R) MPI Library 2021.9 for Linux* OS",
                "'MVAPICH2 Version      :\t2.3.7\nMVAPICH2 Release date : Wed'   | MVAPICH2 2.3.7"
            })
    void versionsAreOneShortLine(String version, String tidy) {
        assertThat(MpiLibrary.tidy(version)).isEqualTo(tidy);
    }
}
