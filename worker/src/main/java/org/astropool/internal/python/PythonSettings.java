package org.astropool.internal.python;

import java.io.Serializable;

/**
 * How the worker processes of a script are started.
 *
 * @param session number of the script's pool, which worker processes serve until another one needs them
 * @param python the interpreter
 * @param packageFolder the folder that holds the package {@code astropool}
 * @param cores how many cores a worker process may use
 * @param setup an object of JSON for the worker process, to which its label is added
 * @param initializer number of the object that is called first, or 0
 */
public record PythonSettings(
        long session, String python, String packageFolder, int cores, String setup, long initializer)
        implements Serializable {
    private static final long serialVersionUID = 1;
}
