package org.astropool.internal.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What Java serialization writes of a class: its name, its version and its fields. To write and to read it takes longer
 * than most values, so values that travel together have it once, and refer to it by its number.
 *
 * @param number depends on the bytes alone: the same in all processes
 * @param bytes must not change
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ClassDescription(long number, byte[] bytes) {
    /** Bytes in a frame beside those of the description. */
    static final int HEADER = Long.BYTES;

    private static final ClassValue<ClassDescription> OF_CLASSES = new ClassValue<>() {
        @Override
        protected ClassDescription computeValue(Class<?> type) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
                try (Writer out = new Writer(bytes)) {
                    out.describe(ObjectStreamClass.lookupAny(type));
                }
                return of(bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e); // not from memory
            }
        }
    };

    static ClassDescription of(ObjectStreamClass type) {
        return OF_CLASSES.get(type.forClass());
    }

    private static ClassDescription of(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new ClassDescription(ByteBuffer.wrap(digest).getLong(), bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    /** The class as a stream describes it, for {@link ObjectInputStream#readClassDescriptor}. */
    ObjectStreamClass read() throws IOException, ClassNotFoundException {
        try (Reader in = new Reader(new ByteArrayInputStream(bytes))) {
            return in.description();
        }
    }

    private static final class Writer extends ObjectOutputStream {
        Writer(OutputStream out) throws IOException {
            super(out);
        }

        void describe(ObjectStreamClass type) throws IOException {
            writeClassDescriptor(type);
        }
    }

    private static final class Reader extends ObjectInputStream {
        Reader(InputStream in) throws IOException {
            super(in);
        }

        ObjectStreamClass description() throws IOException, ClassNotFoundException {
            return readClassDescriptor();
        }
    }
}
