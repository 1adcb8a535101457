package org.example;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.astropool.task.Broadcast;

/** Evaluates functions with its own classes, and says where. */
public class Packaged {

    record Star(int number, String name) implements Serializable {}

    /** Found by its name alone, when a function has begun. */
    static final class Catalogue {
        static String name(int number) {
            return "star " + number;
        }
    }

    public static void main(String[] args) throws Exception {
        PoolOptions options = PoolOptions.builder()
                .carrier(CarrierKind.of(args[0]))
                .workers(args[0].equals("auto") ? 0 : 2)
                .isolated(args.length > 1)
                .workerOutput(System.err::println)
                .build();
        Optional<List<Star>> stars = Pool.run(args, options, pool -> {
            Broadcast<Star> first = pool.broadcast(new Star(1, "first"));
            List<Star> all = pool.map(
                    (Star star) -> new Star(star.number() + first.value().number(), Catalogue.name(star.number())),
                    List.of(new Star(1, "a"), new Star(2, "b")));
            long here = ProcessHandle.current().pid();
            boolean elsewhere = pool.onEveryWorker((Long worker) -> ProcessHandle.current().pid()).stream()
                    .anyMatch(outcome -> outcome instanceof org.astropool.task.Outcome.Done<Long> done
                            && done.result() != here);
            System.out.println("other processes: " + elsewhere);
            return all;
        });
        stars.ifPresent(System.out::println);
    }
}
