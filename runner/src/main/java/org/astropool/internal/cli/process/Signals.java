package org.astropool.internal.cli.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the operating system. Uses reflection, because the class for signals is not part of the Java API, and a
 * JVM without it should only lack this feature.
 */
public final class Signals {
    private Signals() {}

    /**
     * Sets the handler of a signal, which is called by a thread of the JVM.
     *
     * @param name the name without SIG
     */
    public static void handle(String name, Consumer<String> handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            handler.accept(name);
                            return null;
                        }
                        return method.getName().equals("equals") ? (Object) (self == arguments[0]) : name.hashCode();
                    });
            signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            // the signal is reserved by the system or the JVM and is not handled
        } catch (ReflectiveOperationException e) {
            // this JVM does not support it: signals end the process, and the journal has all points but those of the
            // last second
        }
    }
}
