package org.astropool.internal.job.run;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JsonFile;
import org.astropool.task.Output;
import org.astropool.task.TaskList;

/**
 * The labels of tasks that a model listed itself, in a file next to the journal, so that the points can be read without
 * the model. Not JSON, with which a run of 100,000 tasks would start a second later.
 */
final class RecordedTasks {
    static final String FILE = "tasks.bin";

    /** "APTASKS1" in the file. */
    private static final long MAGIC = 0x4150_5441_534b_5331L;

    private static final byte TASK = 1;
    private static final byte END = 0;

    private RecordedTasks() {}

    static void write(Path folder, TaskList tasks) throws IOException {
        AtomicFile.write(folder.resolve(FILE), stream -> {
            DataOutputStream out = new DataOutputStream(stream);
            out.writeLong(MAGIC);
            out.writeInt(tasks.labels().size());
            for (Output label : tasks.labels()) {
                write(out, label.name());
                write(out, label.type().name());
                write(out, label.unit());
                write(out, label.description());
            }
            for (int task = 0; task < tasks.size(); task++) {
                out.writeByte(TASK);
                for (Object value : tasks.values(task)) {
                    write(out, value);
                }
            }
            out.writeByte(END);
            out.flush();
        });
    }

    private static void write(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Double number) {
            out.writeDouble(number);
        } else if (value instanceof Long number) {
            out.writeLong(number);
        } else if (value instanceof Boolean flag) {
            out.writeByte(flag ? 1 : 0);
        } else {
            byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text, 0, text.length);
        }
    }

    /**
     * Reads them.
     *
     * @return empty when there is no such file
     * @throws IOException when it cannot be read; the message gives the offset
     */
    static Optional<TaskList> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonFile.checkRegular(file);
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            if (in.getLong() != MAGIC) {
                throw new IllegalArgumentException("wrong first bytes");
            }
            List<Output> labels = new ArrayList<>();
            for (int i = in.getInt(); i > 0; i--) {
                String name = text(in);
                labels.add(new Output(name, Output.Type.valueOf(text(in)), 1, text(in), text(in)));
            }
            TaskList tasks = new TaskList(labels);
            while (in.get() == TASK) {
                Object[] values = new Object[labels.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = value(labels.get(i).type(), in);
                }
                tasks.add(values);
            }
            return Optional.of(tasks);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException(file + " is not a list of tasks, at offset " + in.position() + ": " + e, e);
        }
    }

    private static Object value(Output.Type type, ByteBuffer in) {
        return switch (type) {
            case DOUBLE -> in.getDouble();
            case LONG -> in.getLong();
            case BOOLEAN -> in.get() != 0;
            case STRING -> text(in);
            case DOUBLE_VECTOR -> throw new IllegalArgumentException("a label that is a vector");
        };
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes with " + in.remaining() + " left");
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
