#!/bin/bash
# Compares the time of threads with that of mpiexec where programs keep all cores busy. Prints the median of each.
# usage: examples/external/ranks-speed.sh [RUNS [POINTS]]      5 runs of 10000 points, a millisecond each
# ASTROPOOL_MPIEXEC names the launcher; it starts one rank more than there are cores, the master.
set -euo pipefail
runs=${1:-5} points=${2:-10000}
astropool=${ASTROPOOL:-$(dirname "$(readlink -f "$0")")/../../scripts/astropool}
mpiexec=${ASTROPOOL_MPIEXEC:-mpiexec}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/model.py" <<'MODEL'
import sys, time

print('{"astropool": 1, "parameters": ["x"], "outputs": ["y"]}', flush=True)
for line in sys.stdin:
    end = time.thread_time() + 1e-3 # of the processor, whoever else uses it
    while time.thread_time() < end:
        pass
    print('{"results": [[1.0]], "index": %s}' % line.split('"index": ')[1].split(",")[0], flush=True)
MODEL
cat >"$work/job.toml" <<JOB
[job]
name = "ranks-speed"
[model]
program = ["python3", "model.py"]
[grid]
x = { from = 0.0, to = 1.0, count = $points }
JOB

# The seconds of a run.
seconds() {
    local begin=$EPOCHREALTIME
    "$@" run "$work/job.toml" --out "$work/out" --overwrite --progress none >/dev/null 2>"$work/log" ||
        { cat "$work/log" >&2; exit 1; }
    awk -v begin="$begin" -v end="$EPOCHREALTIME" 'BEGIN { print end - begin }'
}

for ((run = 0; run < runs; run++)); do
    seconds "$astropool" >>"$work/threads"
    seconds "$mpiexec" -n $(($(nproc) + 1)) "$astropool" >>"$work/ranks"
done
median() { sort -g "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
printf 'threads %.2f s, %s -n %d %.2f s, ratio %.2f\n' "$(median "$work/threads")" "$mpiexec" $(($(nproc) + 1)) \
    "$(median "$work/ranks")" "$(awk "BEGIN { print $(median "$work/ranks") / $(median "$work/threads") }")"
