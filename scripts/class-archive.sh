#!/bin/sh
# Creates files with which a distribution starts faster: its class archive, which saves a third of the start time, and the
# native part of JNA as a separate file, which otherwise each rank would unpack. They are optional: without them, or with
# another Java or on another machine, everything works, but starts more slowly.
# usage: class-archive.sh JAVA LIB
set -eu
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS # another collector in them would make another archive
java=$1
lib=$(CDPATH="" cd -- "$2" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

class_path=
for jar in "$lib"/*.jar; do
    class_path=$class_path:$jar
done
class_path=${class_path#:}

cat >"$work/job.toml" <<'JOB'
[job]
name = "class-archive"
[model]
name = "gaussian"
[grid]
x1 = { from = -1.0, to = 1.0, count = 2 }
x2 = { from = -1.0, to = 1.0, count = 2 }
[output]
directory = "out"
JOB
cat >"$work/tasks.toml" <<'JOB'
[job]
name = "class-archive"
[model]
name = "sleep"
[tasks]
table = "out/timings.fits"
[output]
directory = "out-of-tasks"
JOB
cat >"$work/program.toml" <<'JOB'
[job]
name = "class-archive"
[model]
program = ["sh", "model"]
[grid]
x = { from = -1.0, to = 1.0, count = 2 }
JOB
cat >"$work/model" <<'MODEL'
echo '{"astropool": 1, "parameters": ["x"], "outputs": ["y"], "batch": 2}'
while read -r points; do
    echo '{"results": [[1.0], [1.0]]}'
done
MODEL

# The classes that a run, one of the rows of a table, a program driven by another and a look at the MPI libraries need, in
# the order of their use.
list() {
    name=$1
    shift
    "$java" -XX:+UseSerialGC -Dastropool.own.jvm=true -XX:DumpLoadedClassList="$work/$name" -cp "$class_path" \
        org.astropool.internal.cli.Astropool "$@"
}
list run run "$work/job.toml" --progress none
list tasks run "$work/tasks.toml" --costs-from "$work/out" --progress none
echo '[[1.0], [2.0]]' | list eval eval "$work/program.toml" --columns
OMPI_COMM_WORLD_SIZE=1 list mpi doctor
# Without the classes that the JVM generates for method handles: Java 17 crashes on that part of an archive when an agent
# or the flight recorder is used.
awk '!/SPECIES_RESOLVE|BoundMethodHandle\$Species/ && !seen[$0]++' "$work/run" "$work/tasks" "$work/eval" "$work/mpi" \
    >"$work/classes"
# Classes of astropool that only ranks, workers and searches use, if there is a JDK to list them.
if [ -x "${java%/*}/jar" ]; then
    for jar in "$lib"/astropool-worker-*.jar "$lib"/astropool-runner-*.jar; do
        "${java%/*}/jar" tf "$jar" | sed -n 's/\.class$//p' | grep -v -e -info$ | while read -r class; do
            grep -qxF -e "$class" "$work/classes" || printf '%s\n' "$class"
        done >>"$work/more"
    done
    cat "$work/more" >>"$work/classes"
fi
"$java" -XX:+UseSerialGC -Xshare:dump -XX:SharedClassListFile="$work/classes" \
    -XX:SharedArchiveFile="$work/astropool.jsa" -cp "$class_path"
mv "$work/astropool.jsa" "$lib/astropool.jsa"

native=com/sun/jna/linux-$(uname -m | tr _ -)/libjnidispatch.so
if [ -x "${java%/*}/jar" ] && (cd "$work" && "${java%/*}/jar" xf "$lib"/jna-*.jar "$native" && [ -r "$native" ]); then
    mv "$work/$native" "$lib/libjnidispatch.so"
fi
