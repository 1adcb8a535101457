#!/bin/sh
# Creates files with which a distribution starts faster: its class archive, which saves a third of the start time, and the
# native part of JNA as a separate file, which otherwise each rank would unpack. They are optional: without them, or with
# another Java or on another machine, everything works, but starts more slowly.
# usage: class-archive.sh [--linked] JAVA LIB [JAR]
#   --linked   also link the classes, which leaves out those that are older than Java 6; for Java 24 or later
#   JAR        the program jar of a JDK; without it, that beside JAVA
set -eu
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS # another collector in them would make another archive
linked=
if [ "$1" = --linked ]; then
    linked=1
    shift
fi
java=$1
lib=$(CDPATH="" cd -- "$2" && pwd -P)
jar_program=${3:-${java%/*}/jar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

class_path=
for jar in "$lib"/*.jar; do
    class_path=$class_path:$jar
done
class_path=${class_path#:}

# As the launcher starts it: from Java 24 on an archive holds the modules as well, for the same options alone.
set -- -XX:+UseSerialGC
if "$java" --enable-native-access=ALL-UNNAMED -version >/dev/null 2>&1; then
    set -- "$@" --enable-native-access=ALL-UNNAMED
fi

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
set -- "$java" "$@" -Dastropool.own.jvm=true -cp "$class_path"
main=org.astropool.internal.cli.Astropool
"$@" -XX:DumpLoadedClassList="$work/run" $main run "$work/job.toml" --progress none
"$@" -XX:DumpLoadedClassList="$work/tasks" $main run "$work/tasks.toml" --costs-from "$work/out" --progress none
echo '[[1.0], [2.0]]' | "$@" -XX:DumpLoadedClassList="$work/eval" $main eval "$work/program.toml" --columns
OMPI_COMM_WORLD_SIZE=1 "$@" -XX:DumpLoadedClassList="$work/mpi" $main doctor
# Classes of astropool that only ranks, workers and searches use, if there is a JDK to list them.
if [ -x "$jar_program" ]; then
    for jar in "$lib"/astropool-worker-*.jar "$lib"/astropool-runner-*.jar; do
        "$jar_program" tf "$jar" | sed -n 's/\.class$//p' | grep -v -e -info$
    done >"$work/more"
else
    : >"$work/more"
fi
# A package also gets what ranks use, if there is an MPI: it saves a tenth of their start.
: >"$work/rank-0"
: >"$work/rank-1"
if [ -n "$linked" ] && command -v mpiexec >/dev/null; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
    # shellcheck disable=SC2016 # of the shell of the rank
    timeout 60 mpiexec -n 2 sh -c 'list=$1 java=$2 && shift 2 && exec "$java" -XX:DumpLoadedClassList="$list-${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" "$@"' \
        sh "$work/rank" "$@" $main run "$work/job.toml" --overwrite --progress none || true
fi
# Without the classes that the JVM generates for method handles: Java 17 crashes on that part of an archive when an agent
# or the flight recorder is used. Without the numbers that newer versions give to classes, which are those of one list, and
# without the classes of other loaders, which have such numbers. Without what has been resolved (@cp) unless classes are linked:
# for it, old classes are linked too early to archive them.
awk -v linked="$linked" '/SPECIES_RESOLVE|BoundMethodHandle\$Species|source:/ || (!linked && /^@cp/) { next }
    { sub(/ id: .*/, "") }
    !seen[$0]++' "$work/run" "$work/tasks" "$work/eval" "$work/mpi" "$work/rank-0" "$work/rank-1" \
    "$work/more" >"$work/classes"
"$@" ${linked:+-XX:+AOTClassLinking} -Xshare:dump -XX:SharedClassListFile="$work/classes" \
    -XX:SharedArchiveFile="$work/astropool.jsa"
mv "$work/astropool.jsa" "$lib/astropool.jsa"

native=com/sun/jna/linux-$(uname -m | tr _ -)/libjnidispatch.so
if [ -x "$jar_program" ] && (cd "$work" && "$jar_program" xf "$lib"/jna-*.jar "$native" && [ -r "$native" ]); then
    mv "$work/$native" "$lib/libjnidispatch.so"
fi
