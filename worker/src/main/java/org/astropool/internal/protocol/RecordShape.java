package org.astropool.internal.protocol;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a record is taken apart and built again, without Java serialization. */
final class RecordShape {
    private static final ClassValue<Optional<RecordShape>> SHAPES = new ClassValue<>() {
        @Override
        protected Optional<RecordShape> computeValue(Class<?> type) {
            return Optional.ofNullable(shapeOf(type));
        }
    };

    private final String name;
    private final MethodHandle constructor;
    private final MethodHandle[] accessors;

    private RecordShape(String name, MethodHandle constructor, MethodHandle[] accessors) {
        this.name = name;
        this.constructor = constructor;
        this.accessors = accessors;
    }

    /** The shape of a record; null for every other class, and for a record that only Java serialization may handle. */
    static @Nullable RecordShape of(Class<?> type) {
        return SHAPES.get(type).orElse(null);
    }

    private static @Nullable RecordShape shapeOf(Class<?> type) {
        if (!type.isRecord() || !Serializable.class.isAssignableFrom(type) || hasItsOwnForm(type)) {
            return null;
        }
        RecordComponent[] components = type.getRecordComponents();
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            MethodHandle constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types));
            MethodHandle[] accessors = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                // the field, as for serialization: an accessor may compute something else
                accessors[i] = lookup.findGetter(type, components[i].getName(), components[i].getType())
                        .asType(MethodType.methodType(Object.class, Object.class));
            }
            return new RecordShape(
                    type.getName(),
                    constructor
                            .asType(MethodType.genericMethodType(components.length))
                            .asSpreader(Object[].class, components.length),
                    accessors);
        } catch (IllegalAccessException | NoSuchMethodException | NoSuchFieldException e) {
            return null; // its module is not open
        }
    }

    private static boolean hasItsOwnForm(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .map(Method::getName)
                .anyMatch(method -> method.equals("writeReplace") || method.equals("readResolve"));
    }

    String name() {
        return name;
    }

    int components() {
        return accessors.length;
    }

    @Nullable
    Object component(Object instance, int i) {
        try {
            return accessors[i].invokeExact(instance);
        } catch (Throwable e) {
            throw new IllegalStateException("a field of a record cannot be read", e);
        }
    }

    /** @throws Exception what the constructor throws */
    Object build(@Nullable Object[] components) throws Exception {
        try {
            return constructor.invokeExact(components);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
