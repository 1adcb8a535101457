package org.astropool.internal.protocol;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.astropool.internal.text.ThrowableText;
import org.jspecify.annotations.Nullable;

/** Finds out which captured variable or field makes a value unserializable, since the JDK names only the class. */
final class UnserializablePart {
    private static final int MAX_DEPTH = 8;

    private UnserializablePart() {}

    static String describe(@Nullable Object value, Throwable cause) {
        String what = value == null ? "null" : nameOf(value);
        String path = value == null ? "" : path(value);
        String reason = cause instanceof NotSerializableException
                ? "class " + ThrowableText.message(cause) + " is not serializable"
                : ThrowableText.describe(cause);
        return "cannot serialize " + what + (path.isEmpty() ? "" : ": " + path) + ": " + reason
                + "; make it Serializable or transient, or create it inside the task";
    }

    private static String nameOf(Object value) {
        return value.getClass().isSynthetic() || value.getClass().isHidden()
                ? "the lambda in " + value.getClass().getName().replaceAll("\\$\\$Lambda.*", "")
                : "an object of class " + value.getClass().getName();
    }

    private static String path(Object value) {
        try {
            return path(value, 0);
        } catch (Throwable e) { // if the search fails, only this part of the message is missing
            return "";
        }
    }

    private static String path(Object value, int depth) {
        if (depth == MAX_DEPTH) {
            return "";
        }
        SerializedLambda lambda = lambdaOf(value);
        if (lambda != null) {
            for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
                Object captured = lambda.getCapturedArg(i);
                if (!serializable(captured)) {
                    String here = "captured variable " + (i + 1) + " of " + lambda.getCapturedArgCount() + " ("
                            + captured.getClass().getName() + ")";
                    return join(here, path(captured, depth + 1));
                }
            }
            return "";
        }
        for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Object inside = read(field, value);
                if (inside != null && !serializable(inside)) {
                    String here = "field " + type.getSimpleName() + "." + field.getName() + " ("
                            + inside.getClass().getName() + ")";
                    return join(here, path(inside, depth + 1));
                }
            }
        }
        return "";
    }

    private static String join(String here, String deeper) {
        return deeper.isEmpty() ? here : here + ", " + deeper;
    }

    private static @Nullable SerializedLambda lambdaOf(Object value) {
        try {
            Method writeReplace = value.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return writeReplace.invoke(value) instanceof SerializedLambda lambda ? lambda : null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private static @Nullable Object read(Field field, Object owner) {
        if (Modifier.isStatic(field.getModifiers())
                || Modifier.isTransient(field.getModifiers())
                || field.getType().isPrimitive()) {
            return null;
        }
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException | RuntimeException e) { // modules that are not open cannot be searched
            return null;
        }
    }

    private static boolean serializable(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        if (!(value instanceof Serializable)) {
            return false;
        }
        try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            out.writeObject(value);
            return true;
        } catch (Throwable e) { // the value's own writeObject may throw anything
            return false;
        }
    }
}
