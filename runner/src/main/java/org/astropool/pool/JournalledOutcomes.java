package org.astropool.pool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.astropool.journal.Payload;
import org.astropool.protocol.OutcomeBlock;
import org.astropool.protocol.Serialization;
import org.astropool.task.Outcome;

/** How {@link CallOptions#journal} writes outcomes, and how they are read again. Stateless. */
public final class JournalledOutcomes {
    private static final int NUMBERS = 5;

    private JournalledOutcomes() {}

    /** An arrival as it is, so that writing costs little more than a copy. */
    static Payload payload(Call.Arrival arrival) {
        byte[] host = arrival.host().getBytes(StandardCharsets.UTF_8);
        OutcomeBlock outcomes = arrival.outcomes();
        long bytes = (long) NUMBERS * Integer.BYTES + host.length + outcomes.bytes();
        return new Payload() {
            @Override
            public int bytes() {
                return Math.toIntExact(bytes);
            }

            @Override
            public void write(ByteBuffer out) {
                out.putInt(arrival.from()).putInt(arrival.to());
                out.putInt(arrival.worker()).putInt(arrival.attempt());
                out.putInt(host.length).put(host);
                outcomes.write(out);
            }
        };
    }

    /**
     * The outcomes of a record.
     *
     * @param payload little-endian; read from its position to its limit
     * @param loader has the classes of the results
     * @throws org.astropool.protocol.ProtocolException when the payload was not written by {@link CallOptions#journal}
     */
    public static <R> List<Outcome<R>> read(long firstTask, ByteBuffer payload, ClassLoader loader) {
        int from = payload.getInt();
        int to = payload.getInt();
        int worker = payload.getInt();
        int attempt = payload.getInt();
        byte[] host = new byte[payload.getInt()];
        payload.get(host);
        Call.Arrival arrival = new Call.Arrival(
                firstTask,
                from,
                to,
                OutcomeBlock.read(payload),
                worker,
                new String(host, StandardCharsets.UTF_8),
                attempt);
        OutcomeReader<R> reader = new OutcomeReader<>(arrival, new Serialization(loader));
        List<Outcome<R>> outcomes = new ArrayList<>(to - from);
        while (reader.hasNext()) {
            outcomes.add(reader.next());
        }
        return outcomes;
    }
}
