#!/usr/bin/env bash
# Runs astropool-mpjrun in cluster mode, with a daemon of its own, in a network namespace, because MPJ's daemons and ranks
# listen on all interfaces. Needs root. Ends all that is left in the namespace.
#   mpj-cluster.sh RANKS [options and command of astropool-mpjrun]
set -eu

mpjrun=$(cd "$(dirname "$0")/../../../.." && pwd)/scripts/astropool-mpjrun
space=astropool-mpj-$$
folder=$(mktemp -d)
daemon=""

# shellcheck disable=SC2317 # a trap calls it
tidy() {
    local left
    if [[ -n $daemon ]]; then
        kill -TERM "$daemon" 2>/dev/null || true
        wait "$daemon" || true
    fi
    left=$(ip netns pids "$space" 2>/dev/null || true)
    # shellcheck disable=SC2086 # a list of processes
    [[ -z $left ]] || kill -KILL $left 2>/dev/null || true
    ip netns del "$space"
    rm -rf "$folder"
}

ip netns add "$space"
trap tidy EXIT
ip -n "$space" link set lo up
inside=(ip netns exec "$space" unshare --uts sh -c 'hostname localhost; exec "$@"' sh)
echo localhost >"$folder/machines"
"${inside[@]}" "$mpjrun" daemon 40055 >"$folder/daemon.log" 2>&1 &
daemon=$!
for ((tries = 0; tries < 300; tries++)); do
    listening=$(ip netns exec "$space" ss -ltnH)
    [[ $listening != *:40055* ]] || break
    sleep 0.1
done
ranks=$1
shift
code=0
"${inside[@]}" "$mpjrun" -np "$ranks" -dev niodev -machinesfile "$folder/machines" "$@" &
job=$!
trap 'kill -TERM "$job"' TERM
trap 'kill -INT "$job"' INT
while kill -0 "$job" 2>/dev/null; do
    wait "$job" && code=0 || code=$?
done
cat "$folder/daemon.log" >&2
exit "$code"
