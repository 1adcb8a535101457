package org.astropool.internal.program;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.system.NativeEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that the programs of a slot end, with all processes that they have started, on request and when this JVM
 * ends in any way, SIGKILL included.
 *
 * <p>This requires a process that outlives this one: a shell in a separate session, which reads orders from this
 * process and whose input ends with it. Each program leads a process group, which the shell ends; what has left that
 * group (ranks of MPI, daemons) is found by a variable that it has inherited. For one thread.
 */
public final class ProcessReaper implements AutoCloseable {
    private static final String VARIABLE = "ASTROPOOL_KEEPER";
    /** After the end of its input a program has a moment to clean up. */
    private static final String SHELL = """
            trap '' INT TERM HUP USR1
            end() {
                if [ -n "$group" ]; then
                    if [ "$2" != 0 ]; then kill -TERM -- "-$group"; sleep "$2"; fi
                    kill -KILL -- "-$group"
                fi
                for file in $(grep -lszF -e "$1" /proc/[0-9]*/environ); do
                    pid=${file#/proc/}
                    kill -KILL "${pid%/environ}"
                done
            }
            used=
            group=
            while read -r order number path; do
                case $order in
                    watch) group=$number; scratch=$path; used=1 ;;
                    kill) group=$number; end "$path" "$2"; group= ;;
                    forget) kill -KILL -- "-$number"; group=; scratch= ;;
                esac
            done 2>/dev/null
            [ -n "$used" ] || exit
            [ -z "$group" ] || sleep 0.3
            end "$1" "$2" 2>/dev/null
            [ -z "$scratch" ] || rm -rf -- "$scratch"
            """;

    /**
     * Common to all programs of this slot; each adds a number, because the next program may start while the last one is
     * being ended.
     */
    private final String mark = VARIABLE + "=" + UUID.randomUUID() + "-";

    private final int graceSeconds;
    private int programs;
    private @Nullable Process shell;

    /** @param graceSeconds between SIGTERM and SIGKILL: launchers of MPI end their ranks, there and elsewhere; or 0 */
    public ProcessReaper(int graceSeconds) {
        this.graceSeconds = graceSeconds;
    }

    /** Marks the environment of the next program. */
    public void mark(Map<String, String> environment) {
        programs++;
        environment.put(VARIABLE, markOfLast().substring(VARIABLE.length() + 1));
    }

    private String markOfLast() {
        return mark + programs + "."; // 1. is not the beginning of 10.
    }

    /**
     * From now on the program ends with this JVM.
     *
     * @param scratch its folder, which is removed with it, or ""
     */
    public void watch(Process program, String scratch) throws IOException {
        order("watch " + program.pid() + " " + scratch);
    }

    /** The program has ended; processes that it has left in its group are ended now. */
    public void forget(Process program) throws IOException {
        order("forget " + program.pid());
    }

    /** Ends the last program and all processes that it has started, and waits briefly for the end. */
    public void kill(Process program) {
        List<ProcessHandle> all = new ArrayList<>(program.descendants().toList());
        try {
            order("kill " + program.pid() + " " + markOfLast());
        } catch (IOException e) {
            // without the shell, the processes that are known here
        }
        boolean interrupted = Thread.interrupted();
        if (graceSeconds > 0) {
            interrupted |= isInterruptedAwaiting(program, graceSeconds + 1);
        }
        all.forEach(ProcessHandle::destroyForcibly);
        program.destroyForcibly();
        interrupted |= isInterruptedAwaiting(program, 1);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isInterruptedAwaiting(Process program, int seconds) {
        try {
            program.waitFor(seconds, TimeUnit.SECONDS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void order(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        for (int attempt = 0; ; attempt++) {
            try {
                OutputStream orders = shell().getOutputStream();
                orders.write(bytes);
                orders.flush();
                return;
            } catch (IOException e) {
                shell = null; // it was ended by another process
                if (attempt > 0) {
                    throw new IOException("the shell that watches over programs cannot be used: " + e, e);
                }
            }
        }
    }

    private Process shell() throws IOException {
        Process running = shell;
        if (running == null || !running.isAlive()) {
            List<String> words =
                    new ArrayList<>(ProgramLine.group()); // it must not end with the process group of this JVM
            words.addAll(List.of("/bin/sh", "-c", SHELL, "astropool-keeper", mark, String.valueOf(graceSeconds)));
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
            builder.environment().remove(VARIABLE); // set by a pool that has started this JVM as its program
            running = NativeEnvironment.start(builder);
            shell = running;
        }
        return running;
    }

    /** Ends processes that are still watched, after a moment. */
    @Override
    public void close() {
        Process running = shell;
        if (running != null) {
            try {
                running.getOutputStream().close();
            } catch (IOException e) {
                // it has ended
            }
        }
    }
}
