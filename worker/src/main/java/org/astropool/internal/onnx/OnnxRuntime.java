package org.astropool.internal.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Loads networks by ONNX Runtime, whose jar may be on the class path of the JVM, or on that of the job, which
 * astropool's own classes do not see. Then {@link OnnxNetwork} is loaded again beside the jar, once for each jar, since
 * loading its native library takes time. Stateless apart from that.
 */
final class OnnxRuntime {
    private static final String VERSION = "1.23.2";
    private static final String LIBRARY = "ai/onnxruntime/OrtEnvironment.class";
    private static final String IMPLEMENTATION = "org.astropool.internal.onnx.OnnxNetwork";
    private static final Map<String, ClassLoader> LOADERS = new ConcurrentHashMap<>();

    private OnnxRuntime() {}

    /**
     * Loads a network.
     *
     * @param libraries where the library is looked for
     * @throws IOException when the file is no network, or the library is missing; the message gives the next step
     */
    static Network open(Path file, ClassLoader libraries) throws IOException {
        try {
            Class<?> implementation = Class.forName(IMPLEMENTATION, true, loader(libraries));
            return (Network) implementation.getConstructor(Path.class).newInstance(file);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof LinkageError error) {
                throw unusable(error);
            }
            throw new IOException(
                    file + " cannot be used as a network: " + oneLine(cause)
                            + "; export it again, to a version of ONNX that ONNX Runtime supports",
                    cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } catch (LinkageError e) {
            throw unusable(e);
        }
    }

    private static String oneLine(Throwable problem) {
        return String.valueOf(problem.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static IOException unusable(LinkageError error) {
        return new IOException(
                "ONNX Runtime cannot be loaded on this machine: " + error + "; use onnxruntime-" + VERSION + ".jar",
                error);
    }

    private static ClassLoader loader(ClassLoader libraries) throws IOException {
        ClassLoader own = OnnxRuntime.class.getClassLoader();
        if (own.getResource(LIBRARY) != null) {
            return own;
        }
        URL found = libraries.getResource(LIBRARY);
        if (found == null) {
            throw new IOException("networks need ONNX Runtime, which is not on the class path; download"
                    + " https://repo1.maven.org/maven2/com/microsoft/onnxruntime/onnxruntime/" + VERSION
                    + "/onnxruntime-" + VERSION + ".jar and give it with --class-path, as class_path in [model] or"
                    + " in ASTROPOOL_CLASS_PATH, or put it into the folder lib of astropool; on all hosts");
        }
        URL jar = jar(found);
        return LOADERS.computeIfAbsent(jar.toString(), name -> new BesideTheJar(jar, own));
    }

    private static URL jar(URL found) throws IOException {
        URLConnection connection = found.openConnection();
        if (connection instanceof JarURLConnection inJar) {
            return inJar.getJarFileURL();
        }
        String text = found.toString(); // in a folder
        return new URL(text.substring(0, text.length() - LIBRARY.length()));
    }

    /** Sees astropool's classes and the jar. */
    private static final class BesideTheJar extends URLClassLoader {
        BesideTheJar(URL jar, ClassLoader parent) {
            super(new URL[] {jar}, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(IMPLEMENTATION)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, OnnxRuntime.class.getProtectionDomain());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
