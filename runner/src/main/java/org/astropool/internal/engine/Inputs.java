package org.astropool.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.internal.protocol.ValueBlock;

/**
 * The inputs of a call's tasks by position, from when they are supplied until the outcomes are final. Memory is that of
 * the tasks under way, not of all.
 */
final class Inputs {
    private final TreeMap<Long, Supplied> blocks = new TreeMap<>();
    private long end;

    private static final class Supplied {
        ValueBlock values;
        int unfinished;

        Supplied(ValueBlock values) {
            this.values = values;
            this.unfinished = values.count();
        }
    }

    /** Appends inputs. Returns the position behind the last. */
    long append(ValueBlock values) {
        if (values.count() > 0) {
            blocks.put(end, new Supplied(values));
            end += values.count();
        }
        return end;
    }

    /** The inputs [first, first + count), none of which is finished. */
    List<ValueBlock> get(long first, int count) {
        List<ValueBlock> found = new ArrayList<>(2);
        long position = first;
        long to = first + count;
        while (position < to) {
            Map.Entry<Long, Supplied> entry = blocks.floorEntry(position);
            ValueBlock values = entry.getValue().values;
            int from = (int) (position - entry.getKey());
            int until = (int) Math.min(values.count(), to - entry.getKey());
            found.add(values.slice(from, until));
            position += until - from;
        }
        return found;
    }

    /** The outcomes of [first, first + count) are final. */
    void finish(long first, int count) {
        long position = first;
        long to = first + count;
        while (position < to) {
            Map.Entry<Long, Supplied> entry = blocks.floorEntry(position);
            Supplied supplied = entry.getValue();
            long blockEnd = entry.getKey() + supplied.values.count();
            long until = Math.min(blockEnd, to);
            supplied.unfinished -= (int) (until - position);
            if (supplied.unfinished == 0) {
                blocks.remove(entry.getKey());
            }
            position = until;
        }
    }

    /** Makes an input that was supplied alone one that nobody wants evaluated, if it is still here. */
    void withdraw(long position) {
        Supplied supplied = blocks.get(position);
        if (supplied != null && supplied.values.count() == 1) {
            supplied.values = ValueBlock.withdrawn(1);
        }
    }
}
