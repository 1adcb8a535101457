#!/usr/bin/env bash
# Submits runs to a private Slurm of two nodes, has their allocations end, be preempted and lose a node, and compares results
# and core-hours with those of an undisturbed run. Too long for every build: about six minutes a kind, ten-minutes more.
#   scripts/chaos-batch.sh [--seed N] [--keep] [KIND...]
# KIND: allocations (five of a minute), preemption (requeued at random moments), node-down, join (workers of an array that leave
# in time), ten-minutes (what Slurm accounts).
# Needs what SlurmIT needs: slurm-wlm, munge, Open MPI, root for network names; and "./mvnw package" with the test classes.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin

seed=$$ keep=""
while [[ ${1-} == --* ]]; do
    case $1 in
        --seed)
            seed=$2
            shift
            ;;
        --keep) keep=1 ;;
        *)
            echo "usage: chaos-batch.sh [--seed N] [--keep] [allocations|preemption|node-down|join|ten-minutes]..." >&2
            exit 2
            ;;
    esac
    shift
done
kinds=("$@")
((${#kinds[@]} > 0)) || kinds=(allocations preemption node-down join ten-minutes)
RANDOM=$seed
echo "seed $seed"

work=$(mktemp -d)
chmod 755 "$work" # munge insists
sh=examples/src/test/sh
export SLURM_CONF=$work/slurm/slurm.conf ASTROPOOL_MPIEXEC=mpiexec.openmpi MINI_SLURM_PORT=${MINI_SLURM_PORT:-17001}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
cleanup() {
    PATH=$PWD/$sh/two-nodes:$PATH $sh/mini-slurm.sh stop "$work/slurm" || true
    # the daemons may still write when they are told to stop
    [[ -n $keep ]] || rm -rf "$work" 2>/dev/null || { sleep 2 && rm -rf "$work"; }
}
trap cleanup EXIT
PATH=$PWD/$sh/two-nodes:$PATH $sh/mini-slurm.sh start "$work/slurm" || exit 2

findings=0
finding() {
    findings=$((findings + 1))
    echo "FINDING in $kind: $*"
}

# Sets job to the options of a run of $1 points of 0.2 s.
use_points() {
    points=$1
    job=(examples/jobs/monte-carlo.toml --class-path examples/target/test-classes --set model.name=counted-survey
        --set model.options.events=2000 --set model.options.minimum_seconds=0.2
        --set grid.limiting_magnitude.count=$((points / 25)))
    reference=$work/reference-$points
    [[ -e $reference/results.ecsv ]] ||
        ASTROPOOL_TEST_EVALUATIONS=$work/unused scripts/astropool run "${job[@]}" --out "$reference" --workers 64 \
            --progress none >/dev/null 2>&1
}

# Prints the state of the batch job.
state() {
    squeue --noheader --states=all --jobs="$id" --format=%T
}

evaluated() {
    stat --format=%s "$ASTROPOOL_TEST_EVALUATIONS" 2>/dev/null || echo 0
}

ended() {
    [[ $(state) =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL)$ ]]
}

# Waits until the run has evaluated so many points, or has ended.
await_evaluations() {
    until (($(evaluated) >= $1)) || ended; do sleep 0.3; done
}

await_running() {
    until [[ $(state) == RUNNING ]] || ended; do sleep 0.3; done
}

trouble() {
    local i
    case $kind in
        preemption)
            for ((i = 1; i <= 3; i++)); do
                await_evaluations $((points * i / 4 - RANDOM % (points / 8)))
                await_running
                sleep "$((RANDOM % 10)).$((RANDOM % 10))"
                ! ended || break
                echo "  requeued with $(evaluated) of $points points"
                scontrol requeue "$id" || true
                sleep 8 # Slurm knows nothing of a job that is being ended
            done
            ;;
        join)
            await_evaluations 100
            scripts/astropool submit --join "$out" --array 2 --time 1 --threads 1 --class-path examples/target/test-classes \
                -- --mem=100 >/dev/null
            ;;
        node-down)
            await_evaluations $((points / 3 + RANDOM % (points / 4)))
            await_running
            sleep "$((RANDOM % 10)).$((RANDOM % 10))"
            echo "  n2 goes down with $(evaluated) of $points points"
            scontrol update NodeName=n2 State=DOWN Reason=test
            sleep 20
            scontrol update NodeName=n2 State=RESUME 2>/dev/null || true # it may have come back by itself
            ;;
    esac
}

run_kind() {
    local minutes=1 words=(--master-evaluates yes)
    kind=$1
    if [[ $kind == join ]]; then # on a part of each node
        use_points 1000
        minutes=10 words=(--pool hazelcast --cpus-per-task=1 --mem=100)
        printf 'whole_nodes = false\n' >"$work/site.toml"
        export ASTROPOOL_SITE=$work/site.toml
        unset ASTROPOOL_MPIEXEC
    elif [[ $kind == ten-minutes ]]; then
        use_points 11500
        minutes=12
    else
        use_points 3500
    fi
    export ASTROPOOL_TEST_EVALUATIONS=$work/evaluations-$kind
    out=$work/$kind
    id=$(scripts/astropool submit "${job[@]}" --out "$out" --nodes 2 --time "$minutes" "${words[@]}" 2>/dev/null)
    trouble
    until ended; do sleep 1; done
    [[ $(state) == COMPLETED ]] || finding "the job ended as $(state): $(tail -n 5 "$out"/batch-*.log)"
    cmp "$out/results.ecsv" "$reference/results.ecsv" || finding "other results"
    if [[ $kind == join ]]; then
        unset ASTROPOOL_SITE
        export ASTROPOOL_MPIEXEC=mpiexec.openmpi
        [[ $(cat "$out"/batch-*.log | grep -c 'left the run') == 2 ]] || finding "two workers were to join, and to leave in time"
    fi
    figures
}

# Of all starts: what Slurm has accounted, what the record of the jobs and the ledger say, and where it went.
figures() {
    sleep 2 # until Slurm has written its file
    python3 - "$kind" "$out" "$work/slurm/log/jobcomp" "$id" "$points" "$(evaluated)" <<'PYTHON'
import datetime, json, re, subprocess, sys
kind, out, jobcomp, job, points, evaluated = sys.argv[1:]
def time(text): return datetime.datetime.fromisoformat(text).timestamp()
accounted, allocations = 0, 0
for line in open(jobcomp):
    if line.startswith("JobId=" + job + " "):
        fields = dict(re.findall(r"(\w+)=(\S*)", line))
        accounted += (time(fields["EndTime"]) - time(fields["StartTime"])) * int(fields["ProcCnt"])
        allocations += 1
def astropool(*words): return json.loads(subprocess.run(["scripts/astropool", *words], capture_output=True, text=True, check=True).stdout)
batch = astropool("status", out, "--json")["batch"]
ledger = astropool("status", out, "--ledger", "--json")["total"]
cores = batch["starts"][0]["cores"]
print(f"{kind}: {allocations} allocations, {len(batch['starts'])} starts, {points} points, {int(evaluated) - int(points)} evaluated twice")
print(f"  core-hours: {accounted / 3600:.4f} by Slurm, {batch['core_hours']:.4f} by batch.json, {ledger['allocation'] / 3600:.4f} by the ledger")
for name, seconds in (("batch.json", batch["core_hours"] * 3600), ("the ledger", ledger["allocation"])):
    print(f"  {name} differs by {(accounted - seconds) / cores / allocations:.2f} s an allocation, {100 * (accounted - seconds) / accounted:.2f} %")
print("  ledger: " + ", ".join(f"{name} {100 * seconds / ledger['allocation']:.2f} %" for name, seconds in ledger.items() if name != "allocation"))
PYTHON
}

for each in "${kinds[@]}"; do
    run_kind "$each"
done
echo "$findings findings in $SECONDS s"
((findings == 0))
