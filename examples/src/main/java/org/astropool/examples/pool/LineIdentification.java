package org.astropool.examples.pool;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Scanner;
import java.util.stream.Stream;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.task.Broadcast;
import org.astropool.task.Outcome;

/** A stream of unknown length: wavelengths from standard input, against an atlas that each process gets once. */
public final class LineIdentification {
    private static final Map<String, Double> ATLAS = // in Angstrom
            Map.of("Ca K", 3933.7, "H beta", 4861.3, "[O III]", 5006.8, "Na D", 5891.6, "H alpha", 6562.8);

    public static void main(String[] args) throws Exception {
        Pool.run(args, pool -> {
            Broadcast<Map<String, Double>> atlas = pool.broadcast(ATLAS);
            Iterator<String> input = new Scanner(System.in, StandardCharsets.UTF_8).useDelimiter("\\R");
            try (Stream<Outcome<String>> lines =
                    pool.stream(word -> identify(word, atlas.value()), input, CallOptions.defaults())) {
                lines.map(line -> line instanceof Outcome.Done<String> done ? done.result() : line)
                        .forEach(System.out::println);
            }
            return null;
        });
    }

    private static String identify(String word, Map<String, Double> atlas) {
        double wavelength = Double.parseDouble(word); // a word that is no number fails, the rest goes on
        Comparator<Map.Entry<String, Double>> distance =
                Comparator.comparingDouble(line -> Math.abs(line.getValue() - wavelength));
        return word + ": " + Collections.min(atlas.entrySet(), distance).getKey();
    }
}
