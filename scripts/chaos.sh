#!/usr/bin/env bash
# Shows that nothing is lost: kills, stops and interrupts runs of the Monte-Carlo example at random moments, takes them up
# again on other pools, and compares their results with those of a serial run, byte for byte.
#   scripts/chaos.sh [--seeds N] [--minutes M] [workers|master|time-limit|loop]...      all of them, if none is named
#
#   workers     5,000 points of 2 ms on 3 worker processes; at three random moments one of them is killed
#   master      the same; the master is killed at a random moment (odd seeds: in the middle of a write to its journal);
#               then --resume on another pool with another number of workers
#   time-limit  --time-limit 20s on a run that needs 50 s, through astropool-mpiexec, under each mpiexec
#   loop        for M minutes (60): runs on random pools with random faults, kills, stops and signals, resumed until
#               they are complete
#
# N seeds (50) of workers and master, from ASTROPOOL_CHAOS_SEED (1) on. A difference, a wrong exit code, a process left
# behind and a hang are findings: they are printed with their seed, and the directory of the run is kept. A table of
# figures comes last. Exit code: 0 without findings, 1 with, 2 wrong usage. A start may take two minutes.
# Needs ./mvnw -q -DskipTests package. Ends no processes but those that it has started.
set -u
cd "$(dirname "$0")/.." || exit 2

fail() {
    printf 'chaos.sh: %s\n' "$*" >&2
    exit 2
}

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
}

points=5000
slot_rate=500            # how many of them a slot evaluates a second, at most
seconds_a_point=0.002
start_limit=120          # seconds, then it is a hang
seeds=50
minutes=60
first_seed=${ASTROPOOL_CHAOS_SEED:-1}
kinds=()
while (($# > 0)); do
    case $1 in
        --seeds) seeds=${2-} && shift ;;
        --minutes) minutes=${2-} && shift ;;
        -h | --help) usage && exit ;;
        workers | master | time-limit | loop) kinds+=("$1") ;;
        *) fail "unknown argument $1; see $0 --help" ;;
    esac
    shift
done
[[ $seeds =~ ^[0-9]+$ && $minutes =~ ^[0-9]+$ ]] || fail "--seeds and --minutes want whole numbers"
((${#kinds[@]} > 0)) || kinds=(workers master time-limit loop)

models=examples/target/test-classes
[[ -f $models/org/astropool/examples/CountedSurvey.class && -x examples/target/astropool/bin/astropool ]] ||
    fail "the distribution or the test models are missing; first: ./mvnw -q -DskipTests package"

mpiexecs=()
for mpiexec in mpiexec.openmpi mpiexec.mpich; do
    if type -P "$mpiexec" >/dev/null; then
        mpiexecs+=("$mpiexec")
    else
        echo "chaos.sh: no $mpiexec here; runs under it are left out" >&2
    fi
done
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none
export ASTROPOOL_LEASE=3s # stops of a few seconds are to be losses, too

work=$(mktemp -d "${TMPDIR:-/tmp}/astropool-chaos.XXXXXX") || exit 2
mark=$work # what tells our processes from others
pid=""     # of the start that is under way

declare -A figure # KIND.NAME
findings=0

add() {
    figure[$1]=$((${figure[$1]:-0} + ${2:-1}))
}

raise() {
    (($2 <= ${figure[$1]:-0})) || figure[$1]=$2
}

# Sets r to a random number from $1 to $2. Not by $(...): a subshell has its own random numbers.
random() {
    r=$(($1 + (RANDOM << 15 | RANDOM) % ($2 - $1 + 1)))
}

milliseconds() {
    local now=${EPOCHREALTIME/[.,]/}
    ms=$((now / 1000))
}

pause_ms() {
    sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"
}

# Sets ours to the processes of this script's runs.
find_ours() {
    local environment
    ours=()
    for environment in /proc/[0-9]*/environ; do
        if grep -qszxF "ASTROPOOL_CHAOS=$mark" "$environment" 2>/dev/null; then
            environment=${environment%/environ}
            ours+=("${environment#/proc/}")
        fi
    done
}

end_ours() {
    find_ours
    ((${#ours[@]} == 0)) || kill -s KILL "${ours[@]}" 2>/dev/null
}

leave() {
    trap - EXIT
    end_ours
    if ((findings == 0)); then
        rm -rf "$work"
    fi
}
trap leave EXIT
trap 'report; exit 1' INT TERM

finding() {
    findings=$((findings + 1))
    add "$kind.findings"
    printf 'FINDING %s, seed %s: %s; see %s\n' "$kind" "$seed" "$*" "$run"
    spoilt=1
}

# Begins a run of its own directory. Its random numbers follow from kind and seed.
begin() {
    kind=$1 seed=$2 spoilt="" starts=0
    run=$work/$kind-$seed
    RANDOM=$(((seed * 4 + ${#kind}) % 32768))
    mkdir -p "$run"
    : >"$run/evaluations"
    export ASTROPOOL_TEST_EVALUATIONS=$run/evaluations
    add "$kind.runs"
}

# Ends it.
finish() {
    if ! cmp -s "$run/out/results.ecsv" "$serial"; then
        finding "results.ecsv is not that of a serial run"
    fi
    if [[ -z $spoilt ]]; then
        rm -rf "$run"
    fi
}

evaluations() {
    count=$(stat -c %s "$run/evaluations")
}

job=(examples/jobs/monte-carlo.toml --class-path "$models" --set model.name=counted-survey
    --set model.options.events=2000 --progress none)

# Starts the words before "--", then astropool run with those behind it.
start() {
    local before=()
    while [[ $1 != -- ]]; do
        before+=("$1")
        shift
    done
    shift
    starts=$((starts + 1))
    log=$run/start-$starts
    printf '%s\n' "$*" >"$log.words"
    set -m # in a background job without it SIGINT is ignored
    ASTROPOOL_CHAOS=$mark "${before[@]}" scripts/astropool run "${job[@]}" --out "$run/out" \
        --set model.options.minimum_seconds="$seconds_a_point" --set grid.limiting_magnitude.count=$((points / 25)) \
        "$@" >"$log.out" 2>"$log.err" </dev/null &
    pid=$!
    set +m
}

alive() {
    kill -0 "$pid" 2>/dev/null
}

# Waits for the end of the start. Sets code. What is left of it two seconds later is a finding, and is ended.
await_end() {
    local deadline=$((SECONDS + start_limit))
    while alive && ((SECONDS < deadline)); do
        sleep 0.02
    done
    if alive; then
        find_ours
        for process in "${ours[@]}"; do
            kill -s QUIT "$process" 2>/dev/null # Java tells what its threads do
        done
        sleep 1
        finding "start $starts did not end in $start_limit s"
        end_ours
    fi
    wait "$pid" 2>/dev/null
    code=$?
    local tries=20
    find_ours
    while ((${#ours[@]} > 0 && tries-- > 0)); do
        sleep 0.1
        find_ours
    done
    if ((${#ours[@]} > 0)); then
        finding "start $starts (exit code $code) left processes behind: $(ps -o args= -p "$(IFS=,; echo "${ours[*]}")" | cut -c1-200)"
        end_ours
    fi
} 2>/dev/null # bash tells of each job that was killed

# Waits until the model was called so often, or the start has ended.
await_evaluations() {
    evaluations
    while ((count < $1)) && alive; do
        sleep 0.005
        evaluations
    done
}

# Sets victim to a random worker of a run on child processes, or to nothing.
choose_child() {
    local children
    victim=""
    read -ra children <<<"$(pgrep -P "$pid" | tr '\n' ' ')"
    if ((${#children[@]} > 0)); then
        random 0 $((${#children[@]} - 1))
        victim=${children[r]}
    fi
}

# Sets victim to a random rank of a run under mpiexec, or to nothing.
choose_rank() {
    local process ranks=()
    victim=""
    find_ours
    for process in "${ours[@]}"; do
        if [[ $(readlink "/proc/$process/exe") == */java ]] && grep -qszE '^(OMPI_COMM_WORLD_RANK|PMI_RANK)=' "/proc/$process/environ"; then
            ranks+=("$process")
        fi
    done
    if ((${#ranks[@]} > 0)); then
        random 0 $((${#ranks[@]} - 1))
        victim=${ranks[r]}
    fi
}

# Sets pool and words to a random pool.
choose_pool() {
    local n
    random 1 4
    n=$r
    random 0 $((2 + ${#mpiexecs[@]}))
    before=(env)
    case $r in
        0) pool="serial" words=(--pool serial) ;;
        1) pool="threads" words=(--pool threads --workers "$n") ;;
        2) pool="processes" words=(--pool processes --workers "$n") ;;
        *)
            pool="mpi" words=(--master-evaluates yes --threads 1)
            before=(env "ASTROPOOL_MPIEXEC=${mpiexecs[r - 3]}" scripts/astropool-mpiexec -n $((n + 1)))
            ;;
    esac
}

# Sets found to the points that a resumed start has found in the journal.
found_points() {
    found=$(sed -n 's/.* \([0-9]*\) of [0-9]* points are in the journal.*/\1/p' "$log.err" | head -n 1)
    found=${found:-0}
}

kill_workers() {
    local moment moments=()
    begin workers "$1"
    for _ in 1 2 3; do
        random 1 $((points - 1))
        moments+=("$r")
    done
    start -- --pool processes --workers 3
    for moment in $(printf '%s\n' "${moments[@]}" | sort -n); do
        await_evaluations "$moment"
        choose_child
        if [[ -n $victim ]] && kill -s KILL "$victim" 2>/dev/null; then
            add workers.kills
        fi
    done
    await_end
    ((code == 0)) || finding "exit code $code"
    evaluations
    raise workers.twice $((count - points))
    finish
}

kill_master() {
    local killed
    begin master "$1"
    if ((seed % 2 == 1)); then
        start env "ASTROPOOL_FAULTS=seed=$seed on=master die-in-write=0.1" -- --pool processes --workers 3
    else
        start -- --pool processes --workers 3
        random 100 $((normal_ms * 11 / 10))
        pause_ms "$r"
        kill -s KILL "$pid" 2>/dev/null
    fi
    await_end
    evaluations
    killed=$count
    if ((code != 0)); then
        ((code == 137)) || finding "exit code $code of a master that was killed"
        add master.kills
        add master.resumes
        choose_pool
        start "${before[@]}" -- "${words[@]}" --resume
        await_end
        ((code == 0)) || finding "exit code $code of --resume"
        found_points
        raise master.twice $((killed - found))
        ((killed - found <= 3 * slot_rate)) || finding "$killed were evaluated, but $found were found in the journal"
        evaluations
        ((count - killed == points - found)) ||
            finding "--resume evaluated $((count - killed)) points, $((points - found)) were missing"
    fi
    finish
} 2>/dev/null

# 1,000 points of 50 ms on one slot.
limit_time() {
    local mpiexec number=0 start_limit=600
    for mpiexec in "${mpiexecs[@]}"; do
        number=$((number + 1))
        begin time-limit "$number"
        use_job 1000 0.05
        start env "ASTROPOOL_MPIEXEC=$mpiexec" scripts/astropool-mpiexec -n 2 -- \
            --threads 1 --master-evaluates no --time-limit 20s
        await_end
        ((code == 0)) || finding "exit code $code"
        add time-limit.resumes "$(grep -c 'starting again' "$log.err")"
        evaluations
        raise time-limit.twice $((count - points))
        ((count == points)) || finding "$count evaluations of $points points"
        finish
    done
    use_job 5000 0.002
}

# One start of the loop, with some trouble. Sets code.
troubled_start() {
    local faults="" signal="" what before_signal stopped=""
    choose_pool
    random 0 3
    if ((r == 0)) && [[ $pool == processes || $pool == mpi ]]; then
        random 0 5
        case $r in
            0) faults="on=workers drop=0.002" ;;
            1) faults="on=workers corrupt=0.002" ;;
            2) faults="duplicate=0.01 delay=0.01:20ms" ;;
            3) faults="on=workers kill=0.0005" ;;
            4) faults="on=workers stop=0.001:4s" ;;
            *) faults="on=master die-in-write=0.03" ;;
        esac
        random 1 1000000
        faults="seed=$r $faults"
    fi
    start env "ASTROPOOL_FAULTS=$faults" "${before[@]}" -- "${words[@]}" --resume
    printf 'faults: %s\n' "$faults" >>"$log.words"
    random 1 3
    for ((what = r; what > 0; what--)); do
        random 50 "$normal_ms"
        pause_ms "$r"
        alive || break
        random 0 7
        printf 'trouble %s\n' "$r" >>"$log.words"
        case $r in
            0 | 1 | 2) stop_or_kill KILL ;;
            3 | 4) stop_or_kill STOP && stopped=1 ;;
            5)
                [[ $pool == mpi ]] || signal=KILL # a launcher without its wrapper would go on
                ;;
            *)
                random 0 2
                case $r in 0) signal=TERM ;; 1) signal=INT ;; *) signal=USR1 ;; esac
                ;;
        esac
        [[ -z $signal ]] || break
    done
    if [[ -n $signal ]] && kill -s "$signal" "$pid" 2>/dev/null; then
        add loop.signals
        milliseconds
        before_signal=$ms
    fi
    await_end
    case $code.$signal in
        0.* | 4.*) ;;
        143.TERM | 143.USR1 | 130.INT)
            if [[ -z $faults$stopped ]]; then # else it awaits what it has to take for lost first
                milliseconds
                raise loop.shutdown_ms $((ms - before_signal))
            fi
            ;;
        137.KILL) add loop.kills ;;
        137.*) [[ $faults == *die-in-write* ]] || finding "start $starts ended with $code, without a signal" ;;
        *) finding "start $starts ended with $code; signal: ${signal:-none}; faults: ${faults:-none}" ;;
    esac
} 2>/dev/null

# Kills a worker, or stops it for a while.
stop_or_kill() {
    case $pool in
        processes) choose_child ;;
        mpi) choose_rank ;;
        *) return ;;
    esac
    [[ -n $victim ]] && kill -s "$1" "$victim" 2>/dev/null || return 0
    if [[ $1 == STOP ]]; then
        add loop.stops
        random 100 6000
        pause_ms "$r"
        kill -s CONT "$victim" 2>/dev/null
    else
        add loop.kills
    fi
}

loop() {
    local end=$((SECONDS + minutes * 60)) number=$first_seed
    while ((SECONDS < end)); do
        begin loop "$number"
        code=""
        while [[ $code != 0 && -z $spoilt ]] && ((starts < 8 && SECONDS < end)); do
            troubled_start
            add loop.starts
        done
        if [[ $code != 0 && -z $spoilt ]]; then
            start -- --pool threads --workers 4 --resume # enough of it
            add loop.starts
            await_end
            ((code == 0)) || finding "exit code $code of the last --resume"
        fi
        [[ -n $spoilt ]] || evaluations
        raise loop.twice $(((count - points) / starts))
        add loop.resumes $((starts - 1))
        finish
        number=$((number + 1))
    done
}

# Sets the number of points, how long each takes, and serial to the results of a serial run, which is made once.
use_job() {
    points=$1 seconds_a_point=$2
    serial=$work/serial-$points.ecsv
    if [[ ! -f $serial ]]; then
        echo "a serial run of $points points of $seconds_a_point s, to compare with"
        local kind=serial seed=$points run=$work/serial-$points starts=0 spoilt=""
        mkdir -p "$run"
        ASTROPOOL_TEST_EVALUATIONS=$run/evaluations start -- --pool serial
        await_end
        ((code == 0)) || fail "the serial run ended with $code: $(cat "$log.err")"
        mv "$run/out/results.ecsv" "$serial"
        rm -rf "$run"
    fi
}

report() {
    local kind
    printf '\n%-11s %6s %6s %6s %8s %8s %22s %17s %9s\n' "" runs kills stops signals resumes \
        "evaluated twice, most" "longest shutdown" findings
    for kind in "${kinds[@]}"; do
        printf '%-11s %6s %6s %6s %8s %8s %22s %17s %9s\n' "$kind" "${figure[$kind.runs]:-0}" \
            "${figure[$kind.kills]:-0}" "${figure[$kind.stops]:-0}" "${figure[$kind.signals]:-0}" \
            "${figure[$kind.resumes]:-0}" "${figure[$kind.twice]:-0}" \
            "${figure[$kind.shutdown_ms]:+${figure[$kind.shutdown_ms]} ms}" "${figure[$kind.findings]:-0}"
    done
    echo "$findings findings in $SECONDS s; the seeds of workers and master begin at $first_seed"
}

use_job 5000 0.002
kind=normal seed=0 run=$work/normal starts=0 spoilt=""
mkdir -p "$run"
export ASTROPOOL_TEST_EVALUATIONS=$run/evaluations
milliseconds
normal_ms=$ms
start -- --pool processes --workers 3
await_end
milliseconds
normal_ms=$((ms - normal_ms)) # how long a run without trouble takes
rm -rf "$run"

for kind_to_run in "${kinds[@]}"; do
    case $kind_to_run in
        workers | master)
            for ((number = first_seed; number < first_seed + seeds; number++)); do
                "kill_${kind_to_run}" "$number"
            done
            ;;
        time-limit) limit_time ;;
        loop) loop ;;
    esac
done
report
((findings == 0))
