package org.astropool.internal.cli.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the operating system. By reflection, because the class that takes them is no part of Java's API, and a
 * Java without it should merely not take them.
 */
public final class Signals {
    private Signals() {}

    /**
     * Has a signal handled, on a thread of the JVM.
     *
     * @param name without SIG
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
            // a signal that this system or this JVM keeps for itself stays as it is
        } catch (ReflectiveOperationException e) {
            // neither can this JVM be asked: it ends by signals, and the journal has all but the last second
        }
    }
}
