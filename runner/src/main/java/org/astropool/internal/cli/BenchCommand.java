package org.astropool.internal.cli;

import com.grack.nanojson.JsonWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.display.TextTable;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.PoolOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the cost of a task on this machine: no-ops, round trips, payload, balance, idle time.",
            "Takes about a minute. Needs a free core for each rank to give meaningful figures."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool bench --workers 2",
            "  mpiexec --bind-to none -n 2 astropool bench --json    # Open MPI",
            "  mpiexec -n 5 astropool bench --threads 1"
        })
final class BenchCommand implements Callable<Integer> {
    private final Ranks ranks;

    BenchCommand(Ranks ranks) {
        this.ranks = ranks;
    }

    @Option(names = Ranks.POOL, paramLabel = "POOL", defaultValue = "auto", description = "As for run. Default: auto.")
    private String carrier = "auto";

    @Option(names = "--workers", paramLabel = "N", description = "Number of workers, if the pool starts them.")
    private int workers;

    @Option(names = Ranks.THREADS, paramLabel = "N", description = "Evaluation threads in each worker process.")
    private int threads;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the durations of the sleeps. Default: 1.")
    private long seed = 1;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PoolOptions options = PoolOptions.builder()
                .carrier(CarrierKind.of(carrier))
                .workers(workers)
                .threads(threads)
                .build();
        ranks.run(options, pool -> {
                    new Messages(System.err, ranks.launch()).say(PoolLine.of(pool, ranks.launch()));
                    return new PoolBenchmark(pool, seed).measure();
                })
                .ifPresent(this::print);
        return 0;
    }

    private void print(Map<String, Object> figures) {
        if (json) {
            System.out.println(JsonWriter.indent("  ").string().value(figures).done());
            return;
        }
        TextTable table = new TextTable();
        figures.forEach((name, value) -> {
            if (value instanceof Map<?, ?> parts) {
                parts.forEach((part, figure) -> table.row(name + " " + part, text(figure)));
            } else {
                table.row(name, text(value));
            }
        });
        System.out.print(table);
    }

    private static String text(Object figure) {
        return figure instanceof Double number
                ? String.format(java.util.Locale.ROOT, "%.4g", number)
                : String.valueOf(figure);
    }
}
