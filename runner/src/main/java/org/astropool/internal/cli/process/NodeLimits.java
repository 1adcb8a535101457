package org.astropool.internal.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a node allows a process, and whether that is enough. Linux; empty elsewhere. */
public final class NodeLimits {
    /** @param enough in the unit of the limit; less gets the advice */
    private record Limit(String name, String ulimit, long enough, String advice) {}

    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    private static final List<Limit> LIMITS = List.of(
            new Limit(
                    "stack size",
                    "-s",
                    0,
                    "too small"), // the threads of Java have stacks of their own, of 512 KiB or what -Xss says
            new Limit("processes", "-u", 256, "a rank has about 20 threads and one per slot; raise it"),
            new Limit("open files", "-n", 256, "a rank has about 40, and three for each program; raise it"),
            new Limit("locked memory", "-l", 0, "too small"),
            new Limit(
                    "address space",
                    "-v",
                    2048 * MIB,
                    "the heap is half of what 750 MiB leave; below 950 MiB Java does not start. Ask for more memory"),
            new Limit(
                    "data size",
                    "-d",
                    1024 * MIB,
                    "the heap is what 350 MiB leave; below 446 MiB Java does not start. Raise it"));

    private final Path proc;
    private final Path sys;

    /** Both are parameters for tests. */
    NodeLimits(Path proc, Path sys) {
        this.proc = proc;
        this.sys = sys;
    }

    public static NodeLimits ofThisProcess() {
        return new NodeLimits(Path.of("/proc"), Path.of("/sys"));
    }

    /** Soft limits, with advice where one is low. */
    public Map<String, String> limits() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : lines(proc.resolve("self/limits"))) {
            for (Limit limit : LIMITS) {
                String name = "Max " + limit.name();
                if (line.startsWith(name)) {
                    String value = line.substring(name.length()).strip().split(" +")[0];
                    found.put(limit.name(), described(limit, value));
                }
            }
        }
        return found;
    }

    private static String described(Limit limit, String value) {
        if (!value.matches("\\d{1,18}") || Long.parseLong(value) >= limit.enough()) {
            return value;
        }
        return value + " (ulimit " + limit.ulimit() + "): " + limit.advice();
    }

    /** What limits or changes the memory of this process. */
    public Map<String, String> memory() {
        Map<String, String> found = new LinkedHashMap<>();
        groupLimit().ifPresent(bytes -> found.put("control group", groupAdvice(bytes)));
        for (String line : lines(sys.resolve("kernel/mm/transparent_hugepage/enabled"))) {
            String chosen = line.replaceAll(".*\\[(.*)\\].*", "$1");
            found.put(
                    "huge pages",
                    chosen.equals("always")
                            ? "always: a rank can occupy some 20 MiB more than it uses; madvise avoids that"
                            : chosen);
        }
        for (String line : lines(proc.resolve("sys/vm/overcommit_memory"))) {
            if (line.strip().equals("2")) {
                found.put(
                        "overcommit",
                        "2: what is reserved counts as used; give each rank a heap, for instance ASTROPOOL_JAVA_OPTS=-Xmx1g");
            }
        }
        return found;
    }

    /** Bytes of memory that the processes of this node or control group can use; empty if that is not known. */
    public OptionalLong usableMemory() {
        OptionalLong group = groupLimit();
        for (String line : lines(proc.resolve("meminfo"))) {
            if (line.matches("MemTotal: +\\d{1,15} kB")) {
                long total = Long.parseLong(line.replaceAll("\\D", "")) * KIB;
                return OptionalLong.of(Math.min(total, group.orElse(total)));
            }
        }
        return group;
    }

    private static String groupAdvice(long bytes) {
        String text = bytes / MIB + " MiB";
        return bytes >= 512 * MIB
                ? text
                : text + ": a rank occupies up to 150 MiB where its model is a program, and the program its own memory;"
                        + " ask the batch system for more";
    }

    /** The smallest limit of the control groups of this process, of either version. */
    private OptionalLong groupLimit() {
        OptionalLong smallest = OptionalLong.empty();
        for (String line : lines(proc.resolve("self/cgroup"))) {
            String[] parts = line.split(":", 3);
            boolean unified = parts.length == 3 && parts[0].equals("0");
            if (!unified && (parts.length < 3 || !List.of(parts[1].split(",")).contains("memory"))) {
                continue;
            }
            Path root = sys.resolve(unified ? "fs/cgroup" : "fs/cgroup/memory");
            Path group = root.resolve("." + parts[2]).normalize();
            for (; group != null && group.startsWith(root); group = group.getParent()) {
                for (String value : lines(group.resolve(unified ? "memory.max" : "memory.limit_in_bytes"))) {
                    // version 1 writes a huge number for none
                    if (value.matches("\\d{1,15}")) {
                        smallest = OptionalLong.of(Math.min(smallest.orElse(Long.MAX_VALUE), Long.parseLong(value)));
                    }
                }
            }
        }
        return smallest;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of(); // a controller that is not mounted, or no Linux
        }
    }
}
