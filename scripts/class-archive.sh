#!/bin/sh
# Makes the class archive of a distribution, which takes a third off the start of the program. Never needed: without it,
# or with another Java than the one that made it, everything works, only slower.
# usage: class-archive.sh JAVA LIB
set -eu
java=$1
lib=$2
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

# The classes that a run and a look at the MPI libraries need, in the order of their use.
list() {
    name=$1
    shift
    "$java" -XX:+UseSerialGC -XX:DumpLoadedClassList="$work/$name" -cp "$class_path" org.astropool.cli.Astropool "$@"
}
list run run "$work/job.toml" --progress none
OMPI_COMM_WORLD_SIZE=1 list mpi doctor
awk '!seen[$0]++' "$work/run" "$work/mpi" >"$work/classes"
"$java" -XX:+UseSerialGC -Xshare:dump -XX:SharedClassListFile="$work/classes" \
    -XX:SharedArchiveFile="$work/astropool.jsa" -cp "$class_path"
mv "$work/astropool.jsa" "$lib/astropool.jsa"
