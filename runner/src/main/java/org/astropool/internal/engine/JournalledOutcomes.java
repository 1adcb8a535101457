package org.astropool.internal.engine;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.journal.MalformedRecordException;
import org.astropool.internal.journal.Payload;
import org.astropool.internal.protocol.OutcomeBlock;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.pool.CallOptions;
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
     * The outcomes of a record. Results that are neither numbers nor bytes are deserialized by Java, which may run code
     * of the classes that the record names: read only journals that a program of yours has written.
     *
     * @param payload little-endian; read from its position to its limit
     * @param loader has the classes of the results
     * @throws MalformedRecordException when the payload was not written by {@link CallOptions#journal}
     */
    public static <R> List<Outcome<R>> read(long firstTask, ByteBuffer payload, ClassLoader loader) {
        return outcomes(arrival(firstTask, payload), new Serialization(loader));
    }

    /**
     * The outcomes of a record whose results are numbers or bytes. Deserializes nothing, so that it may read the
     * journal of a stranger.
     *
     * @param payload little-endian; read from its position to its limit
     * @param count the number of tasks that the record says to have
     * @return of so many tasks
     * @throws MalformedRecordException when the payload was not written by {@link CallOptions#journal}, or has other
     *     results
     */
    public static List<Outcome<Object>> readPlain(long firstTask, int count, ByteBuffer payload) {
        Call.Arrival arrival = arrival(firstTask, payload);
        if (arrival.count() != count) {
            throw new MalformedRecordException(arrival.count() + " outcomes in a record of " + count + " tasks");
        }
        ValueBlock.Kind kind = arrival.outcomes().values().kind();
        if (kind == ValueBlock.Kind.SERIALIZED || kind == ValueBlock.Kind.TAGGED || kind == ValueBlock.Kind.WITHDRAWN) {
            throw new MalformedRecordException("results of kind " + kind + ", which are not read here");
        }
        return outcomes(arrival, new Serialization(JournalledOutcomes.class.getClassLoader()));
    }

    private static Call.Arrival arrival(long firstTask, ByteBuffer payload) {
        try {
            int from = payload.getInt();
            int to = payload.getInt();
            int worker = payload.getInt();
            int attempt = payload.getInt();
            int length = payload.getInt();
            if (length < 0 || length > payload.remaining()) {
                throw new MalformedRecordException(
                        "a host of " + length + " bytes with " + payload.remaining() + " left");
            }
            byte[] host = new byte[length];
            payload.get(host);
            OutcomeBlock outcomes = OutcomeBlock.read(payload);
            int done = outcomes.doneBefore(outcomes.count());
            if (from < 0
                    || to < from
                    || to > outcomes.count()
                    || outcomes.values().count() < done) {
                throw new MalformedRecordException("outcomes " + from + " to " + to + " of " + outcomes.count()
                        + ", with " + outcomes.values().count() + " results of " + done);
            }
            return new Call.Arrival(
                    firstTask, from, to, outcomes, worker, new String(host, StandardCharsets.UTF_8), attempt);
        } catch (BufferUnderflowException e) {
            throw new MalformedRecordException("a record that ends too soon", e);
        } catch (ProtocolException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    private static <R> List<Outcome<R>> outcomes(Call.Arrival arrival, Serialization serialization) {
        OutcomeReader<R> reader = new OutcomeReader<>(arrival, serialization);
        List<Outcome<R>> outcomes = new ArrayList<>(arrival.count());
        while (reader.hasNext()) {
            outcomes.add(reader.next());
        }
        return outcomes;
    }
}
