package org.astropool.internal.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.options.ClassPath;
import org.astropool.internal.job.JobException;
import org.astropool.internal.model.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        description = "Runs your own main class that uses the pool, under any launcher.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool exec --class-path my.jar org.example.Main input.fits",
            "  mpiexec -n 8 astropool exec --class-path my.jar org.example.Main"
        })
final class ExecCommand implements Callable<Integer> {

    @Mixin
    private ClassPath classPath;

    @Parameters(index = "0", paramLabel = "CLASS", description = "A class with a main method.")
    private String className;

    @Parameters(index = "1..*", paramLabel = "ARGS", description = "The arguments of the class.")
    private List<String> arguments = new ArrayList<>();

    /** Options after the class belong to the user's program. */
    @Spec
    void stopAtClass(CommandSpec spec) {
        spec.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws Exception {
        ClassLoader loader = Models.loader(classPath.entries(), ExecCommand.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Method main = mainMethod(loader);
            main.trySetAccessible(); // like java, which also runs a class that is not public
            main.invoke(null, (Object) arguments.toArray(String[]::new));
            return 0;
        } catch (InvocationTargetException e) {
            // like java, since these are errors of the user's program
            Throwable cause = e.getCause() == null ? e : e.getCause();
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
            return 1;
        }
    }

    private Method mainMethod(ClassLoader loader) throws JobException {
        try {
            return Class.forName(className, true, loader).getMethod("main", String[].class);
        } catch (ClassNotFoundException e) {
            throw new JobException(
                    "there is no class " + className + " on the class path; add its jar with --class-path");
        } catch (NoSuchMethodException e) {
            throw new JobException("class " + className + " has no public static void main(String[])");
        } catch (LinkageError e) {
            throw new JobException("class " + className + " cannot be loaded: " + e);
        }
    }
}
