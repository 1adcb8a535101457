import java.io.Serializable;
import org.astropool.pool.*;
import org.astropool.task.*;
record Star(int number, String name) implements Serializable {}
String name(int number) { return "star " + number; }
PoolOptions options = PoolOptions.builder().carrier(CarrierKind.of(System.getenv("CARRIER"))).workers(System.getenv("CARRIER").equals("auto") ? 0 : 2).build();
Optional<List<Star>> stars = Pool.run(new String[0], options, pool -> { Broadcast<Star> first = pool.broadcast(new Star(1, "first")); List<Star> all = pool.map((Star star) -> new Star(star.number() + first.value().number(), name(star.number())), List.of(new Star(1, "a"), new Star(2, "b"))); return all; });
stars.ifPresent(System.out::println);
/exit
