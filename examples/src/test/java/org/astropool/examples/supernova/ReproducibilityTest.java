package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker that has just started interprets what another compiled long ago: the bits must be the same. */
class ReproducibilityTest {

    @Test
    void interpretedAndCompiledCodeGiveTheSameBits() throws IOException {
        long compiled = 0;
        for (int run = 0; run < 20; run++) { // until the code is compiled
            compiled = bits();
        }

        assertThat(inAnotherJvm("-Xint")).isEqualTo(compiled);
    }

    /** Prints the digest of all likelihoods. */
    public static void main(String[] args) {
        System.out.println(bits());
    }

    private static long bits() {
        HubbleDiagram diagram = SimulatedDiagram.draw(new Expansion(0.3, 0.7, -1), 1, 500);
        HubbleDiagramLikelihood likelihood = new HubbleDiagramLikelihood(diagram);
        long digest = 0;
        for (int i = 0; i < 100; i++) {
            double curved = likelihood.fit(new Expansion(i / 100.0, 0.7, -1)).chi2();
            double flat = likelihood.fit(new Expansion(0.3, 0.7, -i / 50.0)).chi2();
            digest = 31 * (31 * digest + Double.doubleToLongBits(curved)) + Double.doubleToLongBits(flat);
        }
        return digest;
    }

    private static long inAnotherJvm(String option) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(java, option, "-cp", classPath));
        command.add(ReproducibilityTest.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return Long.parseLong(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
