package org.astropool.internal.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLimitsTest {
    @TempDir
    private Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private NodeLimits limits() {
        return new NodeLimits(root.resolve("proc"), root.resolve("sys"));
    }

    @Test
    void lowLimitsAreShownWithTheOptionOfUlimitAndAdvice() throws IOException {
        write("proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max data size             unlimited            unlimited            bytes
                Max stack size            8388608              unlimited            bytes
                Max processes             100                  96365                processes
                Max open files            20000                20000                files
                Max address space         1073741824           unlimited            bytes
                """);

        assertThat(limits().limits())
                .containsEntry("data size", "unlimited")
                .containsEntry("stack size", "8388608")
                .containsEntry("open files", "20000")
                .hasEntrySatisfying("processes", text -> assertThat(text).startsWith("100 (ulimit -u): a rank has"))
                .hasEntrySatisfying(
                        "address space", text -> assertThat(text).startsWith("1073741824 (ulimit -v): the heap is"));
    }

    @Test
    void smallestLimitOfTheControlGroupsIsShownForBothVersions() throws IOException {
        write("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/job/step\n0::/job\n");
        write("sys/fs/cgroup/memory/job/step/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "268435456\n");
        write("sys/fs/cgroup/job/memory.max", "max\n");
        assertThat(limits().memory().get("control group")).startsWith("256 MiB: a rank occupies");

        write("sys/fs/cgroup/memory.max", "104857600\n");
        assertThat(limits().memory().get("control group")).startsWith("100 MiB: ");
    }

    @Test
    void hugePagesAndOvercommitAreExplained() throws IOException {
        write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        write("proc/sys/vm/overcommit_memory", "0\n");
        assertThat(limits().memory()).containsOnlyKeys("huge pages").containsEntry("huge pages", "madvise");

        write("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
        write("proc/sys/vm/overcommit_memory", "2\n");
        assertThat(limits().memory()).hasSize(2);
        assertThat(limits().memory().get("huge pages")).startsWith("always: ");
        assertThat(limits().memory().get("overcommit")).contains("ASTROPOOL_JAVA_OPTS=-Xmx");
    }

    @Test
    void withoutProcNothingIsShown() {
        assertThat(limits().limits()).isEmpty();
        assertThat(limits().memory()).isEmpty();
    }
}
