package org.astropool.internal.cli.batch;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An environment that notes which of its variables are read. For one thread. */
final class UsedVariables extends AbstractMap<String, String> {
    private final Map<String, String> environment;
    private final Map<String, String> used = new TreeMap<>();

    UsedVariables(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String get(@Nullable Object name) {
        String value = environment.get(name);
        if (value != null) {
            used.put(String.valueOf(name), value);
        }
        return value;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return environment.entrySet();
    }

    /** Those that were read and are set. */
    Map<String, String> used() {
        return new TreeMap<>(used);
    }
}
