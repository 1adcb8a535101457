#!/bin/sh
# The cost of points that a program evaluates in no time: evaluations per second, on an otherwise idle machine.
#   examples/external/speed.sh
# For comparison: what starts the same command as often and looks neither for results nor for failures.
set -eu
here=$(CDPATH='' cd -- "${0%/*}" && pwd -P)
astropool=$here/../../scripts/astropool
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
make -s -C "$here" OUT="$temp" "$temp/parabola"

cat >"$temp/parabola.py" <<'PYTHON'
import sys
from astropool import serve

if len(sys.argv) > 1:
    serve(lambda points: [-(x * x + y * y) / 2 for x, y in points], parameters=["x", "y"], batch=int(sys.argv[1]))
serve(lambda x, y: -(x * x + y * y) / 2)
PYTHON

fail() {
    printf 'speed.sh: %s\n' "$@" >&2
    exit 1
}

# measure WHAT SLOTS POINTS MODEL
measure() {
    cat >"$temp/job.toml" <<TOML
[job]
name = "speed"
[model]
$4
[grid]
x = { from = -1.0, to = 1.0, count = 1000 }
y = { from = -1.0, to = 1.0, count = $(($3 / 1000)) }
[output]
formats = ["fits"]
TOML
    "$astropool" run "$temp/job.toml" --overwrite --workers "$2" --json --progress none \
        >"$temp/summary" 2>"$temp/words" || fail "$1: exit code $?" "$(cat "$temp/words")"
    sed -n "s|.*\"evaluations_per_second\": *\([0-9]*\).*|\1 evaluations a second: $1|p" "$temp/summary"
}

# compare WHAT COMMAND...: another program that starts one command for each line of its input
compare() {
    what=$1
    shift
    command -v "$1" >"$temp/path" || return 0
    begin=$(date +%s%N)
    seq "$others" | "$@" >"$temp/printed"
    end=$(date +%s%N)
    [ "$(wc -l <"$temp/printed")" -eq "$others" ] || fail "$what has not started all of $others commands"
    echo "$((others * 1000000000 / (end - begin))) commands a second: $what"
}

measure "C, batches of 256, one slot" 1 2000000 'program = ["./parabola", "256"]'
measure "C, one by one, one slot" 1 200000 'program = ["./parabola", "1"]'
measure "Python, batches of 256, one slot" 1 500000 'program = ["python3", "parabola.py", "256"]'
measure "Python, one by one, one slot" 1 100000 'program = ["python3", "parabola.py"]'
measure "a command a point (/bin/echo), two slots" 2 10000 'command = ["/bin/echo", "1"]
outputs = { one = {} }'
others=2000
compare "GNU parallel" parallel --will-cite -j2 /bin/echo '{}'
compare "xargs" xargs -P2 -n1 /bin/echo
