package org.astropool.internal.transport.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.astropool.internal.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which faults are to happen how often, for instance {@code seed=7 on=workers drop=0.001 delay=0.01:5ms kill=0.0005
 * stop=0.0005:2s}. A rate is a probability, for each frame that this process sends or, for {@code die-in-write}, for
 * each group that it writes to its journal. What happens follows from the seed, the numbers of the two peers and the
 * number of the frame between them, so the same plan causes the same faults.
 *
 * <p>Immutable and thread-safe.
 */
public final class FaultPlan {
    /** The environment variable that holds a plan. */
    public static final String VARIABLE = "ASTROPOOL_FAULTS";

    /** No faults. */
    public static final FaultPlan NONE = new FaultPlan(0, Victims.ALL, new EnumMap<>(Fault.class));

    private static final Logger LOG = LoggerFactory.getLogger(FaultPlan.class);
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(us|ms|s)");
    private static final String SEED = "seed";
    private static final String ON = "on";
    private static final long JOURNAL = -1; // in place of a peer's number

    /** In which processes. */
    private enum Victims {
        ALL,
        MASTER,
        WORKERS;

        boolean include(int rank) {
            return this == ALL || (rank == 0) == (this == MASTER);
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param time how long it takes; zero where it takes none */
    private record Setting(double rate, Duration time) {}

    private static final Setting NEVER = new Setting(0, Duration.ZERO);

    private final long seed;
    private final Victims victims;
    private final Map<Fault, Setting> settings;

    private FaultPlan(long seed, Victims victims, Map<Fault, Setting> settings) {
        this.seed = seed;
        this.victims = victims;
        this.settings = settings;
    }

    /**
     * The plan in the variable {@link #VARIABLE}; {@link #NONE} where it is not set.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    public static FaultPlan of(Map<String, String> environment) {
        return parse(environment.getOrDefault(VARIABLE, ""));
    }

    /**
     * @param text words KEY=VALUE, each key at most once: {@code seed=LONG} (0), {@code on=all|master|workers} (all),
     *     {@code drop}, {@code corrupt}, {@code duplicate}, {@code kill}, {@code die-in-write} = RATE, {@code delay},
     *     {@code stop} = RATE:TIME; a rate is from 0 to 1, a time like 500us, 5ms or 2s. Empty: no faults
     * @throws IllegalArgumentException with a message for users if the text is anything else
     */
    public static FaultPlan parse(String text) {
        long seed = 0;
        Victims victims = Victims.ALL;
        Map<Fault, Setting> settings = new EnumMap<>(Fault.class);
        Set<String> seen = new HashSet<>();
        for (String word : text.strip().split("\\s+")) {
            if (word.isEmpty()) {
                return NONE;
            }
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            if (!seen.add(key)) {
                throw wrong("'" + key + "' is given twice; give it once");
            }
            switch (key) {
                case SEED -> seed = seed(value);
                case ON -> victims = victims(value);
                default -> settings.put(fault(key), setting(fault(key), value));
            }
        }
        return new FaultPlan(seed, victims, settings);
    }

    private static long seed(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw wrong("seed is '" + value + "', it must be a whole number of at most 64 bits");
        }
    }

    private static Victims victims(String value) {
        return Arrays.stream(Victims.values())
                .filter(known -> known.key().equals(value))
                .findAny()
                .orElseThrow(() -> wrong("on is '" + value + "', it must be all, master or workers"));
    }

    private static Fault fault(String key) {
        return Arrays.stream(Fault.values())
                .filter(known -> known.key().equals(key))
                .findAny()
                .orElseThrow(() -> wrong("unknown key '" + key + "'; known are seed, on, "
                        + Arrays.stream(Fault.values()).map(Fault::key).collect(Collectors.joining(", "))));
    }

    private static Setting setting(Fault fault, String value) {
        if (!fault.timed()) {
            return new Setting(rate(fault, value), Duration.ZERO);
        }
        int colon = value.indexOf(':');
        Matcher time = TIME.matcher(value.substring(colon + 1));
        if (colon < 0 || !time.matches()) {
            throw wrong(fault.key() + " is '" + value + "', it must be a rate and a time like 0.01:5ms or 0.001:2s");
        }
        long amount = Long.parseLong(time.group(1));
        Duration duration = switch (time.group(2)) {
            case "us" -> Duration.ofNanos(1000 * amount);
            case "ms" -> Duration.ofMillis(amount);
            default -> Duration.ofSeconds(amount);
        };
        return new Setting(rate(fault, value.substring(0, colon)), duration);
    }

    private static double rate(Fault fault, String value) {
        double rate;
        try {
            rate = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            rate = Double.NaN;
        }
        if (!(rate >= 0 && rate <= 1)) {
            throw wrong("the rate of " + fault.key() + " is '" + value + "', it must be from 0 to 1");
        }
        return rate;
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(
                VARIABLE + ": " + what + ". Example: " + VARIABLE + "=\"seed=7 on=workers drop=0.001 delay=0.01:5ms\"");
    }

    /** The transport with the faults of this plan; the transport itself where there are none for it. */
    public Transport wrap(Transport transport) {
        boolean untouched = Arrays.stream(Fault.values())
                .filter(fault -> fault != Fault.DIE_IN_WRITE)
                .allMatch(fault -> rate(fault) == 0);
        if (untouched || !victims.include(transport.self())) {
            return transport;
        }
        LOG.warn("{}: peer {} injects faults: {}", VARIABLE, transport.self(), this);
        return new FaultyTransport(transport, this);
    }

    /**
     * Asked before each group write of a journal with the size of the group in bytes: how many of them, from 0 to size
     * - 1, to write before {@link #killThisProcess}, or -1 to write them all and live. Each operator starts anew; it is
     * not thread-safe.
     */
    public IntUnaryOperator journalFault() {
        double rate = rate(Fault.DIE_IN_WRITE);
        if (rate == 0 || !victims.include(0)) {
            return bytes -> -1;
        }
        SplittableRandom random = random(0, JOURNAL);
        return bytes -> {
            boolean dies = random.nextDouble() < rate;
            double share = random.nextDouble();
            return dies && bytes > 0 ? (int) (share * bytes) : -1;
        };
    }

    /** Ends this process with SIGKILL: no shutdown hook runs, nothing is flushed. Does not return. */
    public static void killThisProcess() {
        ThisProcess.SIGNALS.kill();
    }

    double rate(Fault fault) {
        return settings.getOrDefault(fault, NEVER).rate();
    }

    Duration time(Fault fault) {
        return settings.getOrDefault(fault, NEVER).time();
    }

    /** Decides about the frames from one peer to another. */
    SplittableRandom random(long from, long to) {
        long key = new SplittableRandom(seed).nextLong() + from;
        key = new SplittableRandom(key).nextLong() + to;
        return new SplittableRandom(key);
    }

    /** The text from which {@link #parse} makes an equal plan. */
    @Override
    public String toString() {
        return SEED + "=" + seed + " " + ON + "=" + victims.key()
                + settings.entrySet().stream()
                        .map(entry -> " " + entry.getKey().key() + "="
                                + entry.getValue().rate() + time(entry.getValue()))
                        .collect(Collectors.joining());
    }

    private static String time(Setting setting) {
        long micros = setting.time().toNanos() / 1000;
        if (micros == 0) {
            return "";
        }
        return ":"
                + (micros % 1_000_000 == 0
                        ? micros / 1_000_000 + "s"
                        : micros % 1000 == 0 ? micros / 1000 + "ms" : micros + "us");
    }
}
