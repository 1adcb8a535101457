package org.astropool.internal.model;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.astropool.internal.text.ThrowableText;
import org.astropool.task.Model;

/** Finds models. Stateless. */
public final class Models {
    private static final int FARTHEST_NAME = 3;

    private Models() {}

    /**
     * The models that the class loader lists in {@code META-INF/services}, by name. One that cannot be loaded is left
     * out.
     */
    public static List<Model> all(ClassLoader loader) {
        List<Model> models = new ArrayList<>();
        for (ServiceLoader.Provider<Model> provider :
                ServiceLoader.load(Model.class, loader).stream().toList()) {
            try {
                models.add(provider.get());
            } catch (ServiceConfigurationError | LinkageError e) {
                // find() by its class name reports why; one broken jar must not hide the other models
            }
        }
        models.sort(Comparator.comparing(Model::name));
        return models;
    }

    /**
     * Finds a model by its name, or by the name of its class.
     *
     * @throws ModelException when there is none, or its class cannot be loaded
     */
    public static Model find(String nameOrClass, ClassLoader loader) throws ModelException {
        List<Model> known = all(loader);
        for (Model model : known) {
            if (model.name().equals(nameOrClass)) {
                return model;
            }
        }
        try {
            Class<?> type = Class.forName(nameOrClass, false, loader); // a class that is not a model is not initialized
            Model model = type.asSubclass(Model.class).getConstructor().newInstance();
            if (model instanceof UsesLibraries user) {
                user.libraries(loader);
            }
            return model;
        } catch (ClassNotFoundException e) {
            throw new ModelException(notFound(nameOrClass, known), e);
        } catch (ClassCastException e) {
            throw new ModelException("class " + nameOrClass + " does not implement " + Model.class.getName(), e);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ModelException(
                    "model class " + nameOrClass + " has no public constructor without arguments that works: "
                            + ThrowableText.describe(cause),
                    e);
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ModelException(
                    "model class " + nameOrClass + " throws while it loads: " + ThrowableText.describe(cause), e);
        }
    }

    private static String notFound(String name, List<Model> known) {
        List<String> names = known.stream().map(Model::name).toList();
        return "there is no model \"" + name + "\""
                + hint(name, names, "known models: " + (names.isEmpty() ? "none" : String.join(", ", names)))
                + ". A jar of your own is found by --class-path, or by class_path in [model]";
    }

    /**
     * A class loader that also looks into jars and folders; the given one when there is none.
     *
     * @param classPath jars and folders
     */
    public static ClassLoader loader(List<String> classPath, ClassLoader parent) {
        if (classPath.isEmpty()) {
            return parent;
        }
        URL[] urls = classPath.stream().map(Models::url).toArray(URL[]::new);
        return new URLClassLoader(urls, parent);
    }

    private static URL url(String path) {
        try {
            return new File(path).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("class path " + path + ": " + e.getMessage(), e);
        }
    }

    /** {@code , did you mean "x"?} for messages, or nothing. */
    public static String hint(String name, Collection<String> known) {
        return nearest(name, known).map(n -> ", did you mean \"" + n + "\"?").orElse("");
    }

    /**
     * The same, followed by a clause.
     *
     * @param clause for instance {@code it has a, b}: a sentence of its own after a question, else after a semicolon
     */
    public static String hint(String name, Collection<String> known, String clause) {
        String hint = hint(name, known);
        return hint.isEmpty()
                ? "; " + clause
                : hint + " " + clause.substring(0, 1).toUpperCase(Locale.ROOT) + clause.substring(1);
    }

    /** The known name that a typing error may have meant. */
    static Optional<String> nearest(String name, Collection<String> known) {
        int letters = name.replaceFirst("^-+", "").length();
        // More, and it would be another word.
        LevenshteinDistance distance = new LevenshteinDistance(Math.min(FARTHEST_NAME, (letters + 2) / 3));
        String lower = name.toLowerCase(Locale.ROOT);
        record Candidate(String name, int distance) {}
        return known.stream()
                .map(each -> new Candidate(each, distance.apply(lower, each.toLowerCase(Locale.ROOT))))
                .filter(each -> each.distance >= 0) // -1 is beyond the limit
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }
}
