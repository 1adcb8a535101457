package org.astropool.internal.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Strings and byte arrays in a frame: their length in bytes as an int, then the bytes. */
final class Wire {
    private Wire() {}

    static int size(byte[] bytes) {
        return Integer.BYTES + bytes.length;
    }

    static void put(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length).put(bytes);
    }

    static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new ProtocolException("a field of " + length + " bytes in a frame with " + in.remaining() + " left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String string(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }
}
