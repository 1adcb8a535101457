#!/usr/bin/env bash
# Starts a program model under Open MPI many times while the starts of processes are delayed at random and each change of
# the environment invalidates the old copy (examples/src/test/resources/native/delayed_starts.c): each start must end with 0.
#   scripts/delayed-starts.sh [STARTS]        default: 100; needs cc, Open MPI and ./mvnw -q -DskipTests package
set -eu
starts=${1:-100}
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cc -shared -fPIC -O1 -Wall -Werror -o "$work/delay.so" \
    "$here/../examples/src/test/resources/native/delayed_starts.c" -ldl
cat >"$work/model" <<'MODEL'
echo '{"astropool": 1, "parameters": ["x"], "outputs": ["y"]}'
while read -r points; do
    echo '{"results": [[1.0]]}'
done
MODEL
cat >"$work/job.toml" <<'JOB'
[job]
name = "delayed-starts"
[model]
program = ["sh", "model"]
[grid]
x = { from = -1.0, to = 1.0, count = 4 }
JOB

mpiexec=$(command -v mpiexec.openmpi || command -v mpiexec)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
failed=0
for ((start = 1; start <= starts; start++)); do
    code=0
    LD_PRELOAD=$work/delay.so "$mpiexec" --oversubscribe --bind-to none -n 2 "$here/astropool" \
        run "$work/job.toml" --overwrite --progress none >"$work/log" 2>&1 </dev/null || code=$?
    if [[ $code -ne 0 ]]; then
        failed=$((failed + 1))
        printf 'start %d ended with %d:\n' "$start" "$code"
        tail -n 20 "$work/log"
    fi
done
printf '%d of %d starts failed\n' "$failed" "$starts"
[[ $failed -eq 0 ]]
