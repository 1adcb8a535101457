package org.astropool.internal.python;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a request, in parts: most requests have one, which a worker process has written. Others name items
 * whose processes were lost. For one thread.
 */
final class PythonAnswer {
    private static final int HEADER = 24;
    private static final int ANSWERED = 0;
    private static final int LOST = 1;
    private static final int TIMED_OUT = 2;
    private static final int ALIGNMENT = 8;

    private record Part(int items, int kind, long nanos, byte[] content) {}

    private final List<Part> parts = new ArrayList<>();

    void answered(Frame done) {
        parts.add(new Part(done.count(), ANSWERED, done.id(), done.payload()));
    }

    void lost(PythonLostException why, int attempts, String worker) {
        boolean late = why.why() == PythonLostException.Why.TIMED_OUT;
        String times = attempts == 1 ? "" : " " + attempts + " times";
        String last = attempts == 1 ? ": " : "; the last time, ";
        String text = late
                ? String.valueOf(why.getMessage())
                : "the worker process ended" + times + " while it evaluated this task" + last + why.getMessage();
        String output = why.output().isEmpty() ? "" : "\nits last output:\n" + why.output();
        add(late ? TIMED_OUT : LOST, text + output, worker);
    }

    void lost(String message, String worker) {
        add(LOST, message, worker);
    }

    private void add(int kind, String message, String worker) {
        JsonObject report = new JsonObject();
        report.put("message", message);
        report.put("worker", worker);
        byte[] content = JsonWriter.string(report).getBytes(StandardCharsets.UTF_8);
        parts.add(new Part(1, kind, 0, content));
    }

    byte[] bytes() {
        int length = 0;
        for (Part part : parts) {
            length = Math.addExact(length, HEADER + padded(part.content().length));
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (Part part : parts) {
            bytes.putInt(part.items()).putInt(part.kind()).putLong(part.nanos()).putLong(part.content().length);
            bytes.put(part.content());
            bytes.position(padded(bytes.position()));
        }
        return bytes.array();
    }

    private static int padded(int length) {
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
