#!/bin/sh
# From light curves to the population of type Ia supernovae: three jobs, each of which reads the table of the one before.
#
# Usage: examples/jobs/csp-hierarchical/run.sh --out DIR [LAUNCHER ...]
#   DIR       gets a folder for each job, and summary.json, the summary of the last: "best" is the fit. What is there
#             already is not computed again.
#   LAUNCHER  words in front of scripts/astropool, for instance: mpiexec -n 3. Default: threads of this machine.
#
# The light curves are those in ASTROPOOL_DATA, else in examples/data; scripts/fetch-data.sh gets them.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
astropool=${here%/examples/jobs/csp-hierarchical}/scripts/astropool

usage() {
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d'
}

case ${1:-} in
    -h | --help)
        usage
        exit 0
        ;;
    --out)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        out=$2
        shift 2
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

"$astropool" --version >/dev/null # builds it in a fresh checkout, which many ranks cannot
mkdir -p "$out"
out=$(cd "$out" && pwd)

# Runs a job: JOB SETTING [LAUNCHER ...], where SETTING may be "".
run() {
    job=$1
    setting=$2
    shift 2
    set -- "$@" "$astropool" run "$here/$job.toml" --out "$out/$job"
    [ -z "$setting" ] || set -- "$@" --set "$setting"
    [ ! -e "$out/$job/journal" ] || set -- "$@" --resume
    "$@"
}

run 1-light-curves "" "$@"
run 2-supernovae "model.options.light_curves=$out/1-light-curves/results.ecsv" "$@"
run 3-fit "model.options.table=$out/2-supernovae/results.ecsv" "$@"
cp "$out/3-fit/summary.json" "$out/summary.json.tmp"
mv "$out/summary.json.tmp" "$out/summary.json"
