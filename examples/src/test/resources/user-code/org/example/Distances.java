package org.example;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.astropool.pool.Pool;

/** A program of a user's own: its lambda captures a value, its inputs and results are its own classes. */
public final class Distances {
    record Star(int number, double parallax) implements Serializable {}

    record Distance(int number, double parsec) implements Serializable {}

    public static void main(String[] arguments) throws Exception {
        double zeroPoint = Double.parseDouble(arguments[0]);
        List<Star> stars = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> new Star(i, i / 10.0))
                .toList();
        Pool.run(arguments, pool -> pool.map(
                        (Star star) -> new Distance(star.number(), 1000 / (star.parallax() + zeroPoint)), stars))
                .ifPresent(distances -> distances.forEach(System.out::println));
    }
}
