package org.astropool.pool;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Kinds of objects that hold a number, for now. */
enum Mutable implements Serializable {
    DOUBLES {
        @Override
        Object make() {
            return new double[3];
        }

        @Override
        void set(Object object, int number) {
            ((double[]) object)[1] = number;
        }

        @Override
        int get(Object object) {
            return (int) ((double[]) object)[1];
        }
    },
    BYTES {
        @Override
        Object make() {
            return new byte[2];
        }

        @Override
        void set(Object object, int number) {
            ((byte[]) object)[0] = (byte) number;
            ((byte[]) object)[1] = (byte) (number >> 8);
        }

        @Override
        int get(Object object) {
            return Byte.toUnsignedInt(((byte[]) object)[0]) + 256 * ((byte[]) object)[1];
        }
    },
    INTS {
        @Override
        Object make() {
            return new int[1];
        }

        @Override
        void set(Object object, int number) {
            ((int[]) object)[0] = number;
        }

        @Override
        int get(Object object) {
            return ((int[]) object)[0];
        }
    },
    ROWS {
        @Override
        Object make() {
            return new double[2][2];
        }

        @Override
        void set(Object object, int number) {
            ((double[][]) object)[1][1] = number;
        }

        @Override
        int get(Object object) {
            return (int) ((double[][]) object)[1][1];
        }
    },
    LIST {
        @Override
        Object make() {
            return new ArrayList<>(List.of(0));
        }

        @Override
        @SuppressWarnings("unchecked")
        void set(Object object, int number) {
            ((List<Integer>) object).set(0, number);
        }

        @Override
        int get(Object object) {
            return (Integer) ((List<?>) object).get(0);
        }
    };

    private static final Map<Thread, Map<Mutable, Object>> OF_THREADS = new ConcurrentHashMap<>();

    abstract Object make();

    abstract void set(Object object, int number);

    abstract int get(Object object);

    /** The same object each time, one a thread, with another number. */
    Object again(int number) {
        Object object = OF_THREADS
                .computeIfAbsent(Thread.currentThread(), thread -> new ConcurrentHashMap<>())
                .computeIfAbsent(this, Mutable::make);
        set(object, number);
        return object;
    }
}
