#!/usr/bin/env bash
# Tests that no result is lost: kills, stops and interrupts runs of the Monte-Carlo example at random times, resumes them on
# other pools, and compares their results with those of a serial run, byte for byte.
#   scripts/chaos.sh [--seeds N] [--minutes M] [KIND]...      all kinds, if none is named
#
#   workers     5,000 points of 2 ms on 3 worker processes; at three random moments one of them is killed
#   master      the same; the master is killed at a random moment (odd seeds: in the middle of a write to its journal);
#               then --resume on another pool with another number of workers
#   hazelcast   the same points over Hazelcast; workers join the run, leave it by SIGTERM and SIGINT, and are killed; in
#               odd seeds the master is killed, too, and resumed at the same address, where the workers join again
#   mpj         the same under astropool-mpjrun, in one JVM (even seeds) and with a JVM for each rank (odd seeds, by root
#               alone): a rank is killed, or the run gets SIGTERM or SIGINT; then --resume, on this or another pool
#   isolation   the same with isolation = "process", on threads and under each mpiexec: five children are killed
#   eval        3,000 points and batches through astropool eval, on processes, isolated threads and over Hazelcast; three
#               workers are killed; the answers are compared with those of a serial pool
#   sampler     a chain of 500 steps: the master is killed up to three times, resumed on other pools; the chain is compared
#   time-limit  --time-limit 20s on a run that needs 50 s, through astropool-mpiexec, under each mpiexec
#   loop        for M minutes (60): runs on random pools with random faults, kills, stops and signals, resumed until
#               they are complete
#
# N seeds (50) of each kind but the last two, from ASTROPOOL_CHAOS_SEED (1) on. A difference, a wrong exit code, a remaining
# process and a hang are findings: they are printed with their seed, and the directory of the run is kept. A table of
# figures is printed at the end. Exit code: 0 without findings, 1 with findings, 2 wrong usage. A start may take two
# minutes. Needs ./mvnw -q -DskipTests package. Ends only processes that it has started.
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
start_limit=120          # seconds, then it is a hang
seeds=50
minutes=60
seeded_kinds="workers master hazelcast mpj isolation eval sampler"
first_seed=${ASTROPOOL_CHAOS_SEED:-1}
kinds=()
while (($# > 0)); do
    case $1 in
        --seeds) seeds=${2-} && shift ;;
        --minutes) minutes=${2-} && shift ;;
        -h | --help) usage && exit ;;
        time-limit | loop) kinds+=("$1") ;;
        *)
            [[ " $seeded_kinds " == *" $1 "* ]] || fail "unknown argument $1; see $0 --help"
            kinds+=("$1")
            ;;
    esac
    shift
done
[[ $seeds =~ ^[0-9]+$ && $minutes =~ ^[0-9]+$ ]] || fail "--seeds and --minutes must be whole numbers"
# shellcheck disable=SC2206 # a list of words
((${#kinds[@]} > 0)) || kinds=($seeded_kinds time-limit loop)

models=examples/target/test-classes
[[ -f $models/org/astropool/examples/CountedSurvey.class && -x scripts/distribution/target/astropool/bin/astropool ]] ||
    fail "the distribution or the test models are missing; first: ./mvnw -q -DskipTests package"

mpiexecs=()
for mpiexec in mpiexec.openmpi mpiexec.mpich; do
    if type -P "$mpiexec" >/dev/null; then
        mpiexecs+=("$mpiexec")
    else
        echo "chaos.sh: no $mpiexec here; runs under it are skipped" >&2
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

# Sets ours to the processes of this script's runs, or to those of the workers that have joined them.
find_ours() {
    local environment its_mark=${1:-$mark}
    ours=()
    for environment in /proc/[0-9]*/environ; do
        if grep -qszxF "ASTROPOOL_CHAOS=$its_mark" "$environment" 2>/dev/null; then
            environment=${environment%/environ}
            ours+=("${environment#/proc/}")
        fi
    done
}

end_ours() {
    local its_mark
    for its_mark in "$mark" "$mark.joined"; do
        find_ours "$its_mark"
        ((${#ours[@]} == 0)) || kill -s KILL "${ours[@]}" 2>/dev/null
    done
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

# Begins a run in its own directory. Its random numbers depend on kind and seed.
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
    if ! cmp -s "$run/$table" "$serial"; then
        finding "$table is not that of a serial run"
    fi
    if [[ -z $spoilt ]]; then
        rm -rf "$run"
    fi
}

evaluations() {
    count=$(stat -c %s "$run/evaluations")
}

# Starts these words in the background.
launch() {
    starts=$((starts + 1))
    log=$run/start-$starts
    printf '%s\n' "$*" >"$log.words"
    set -m # in a background job without it SIGINT is ignored
    ASTROPOOL_CHAOS=$mark "$@" >"$log.out" 2>"$log.err" <"$input" &
    pid=$!
    set +m
}

# Starts the words before "--", then a run of the job with those behind it.
start() {
    local before=()
    while [[ $1 != -- ]]; do
        before+=("$1")
        shift
    done
    shift
    launch "${before[@]}" "${program[@]}" run "${job[@]}" --progress none --out "$run/out" "$@"
}

alive() {
    kill -0 "$pid" 2>/dev/null
}

# Waits for the end of the start. Sets code. Processes that remain two seconds later are a finding, and are ended.
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
        finding "start $starts (exit code $code) left processes behind:" \
            "$(ps -o args= -p "$(IFS=,; echo "${ours[*]}")" | cut -c1-200)"
        end_ours
    fi
} 2>/dev/null # bash tells of each job that was killed

# Waits until the model was called this many times, or the start has ended.
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
        if [[ $(readlink "/proc/$process/exe") == */java ]] &&
            grep -qszE '^(OMPI_COMM_WORLD_RANK|PMI_RANK)=' "/proc/$process/environ"; then
            ranks+=("$process")
        fi
    done
    if ((${#ranks[@]} > 0)); then
        random 0 $((${#ranks[@]} - 1))
        victim=${ranks[r]}
    fi
}

# Sets victim to a random process of the run whose command line has these words, or to nothing.
choose_process() {
    local process chosen=()
    victim=""
    find_ours
    for process in "${ours[@]}"; do
        if tr '\0' ' ' <"/proc/$process/cmdline" | grep -qE "$1"; then
            chosen+=("$process")
        fi
    done
    if ((${#chosen[@]} > 0)); then
        random 0 $((${#chosen[@]} - 1))
        victim=${chosen[r]}
    fi
} 2>/dev/null # some have ended

# Sets moments to this many random numbers of evaluations, in order.
choose_moments() {
    local n
    moments=()
    for ((n = 0; n < $1; n++)); do
        random 1 $((points - 1))
        moments+=("$r")
    done
    mapfile -t moments < <(printf '%s\n' "${moments[@]}" | sort -n)
}

# Sets pool, before and words to a random pool.
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

# Resumes a run that has ended early, on another pool, and compares the evaluated points with the missing ones.
#   $1: how many slots have evaluated before; the rest: the words of the pool, as for start; a random one, if none is given
resume_elsewhere() {
    local evaluated slots=$1
    shift
    evaluations
    evaluated=$count
    add "$kind.resumes"
    if (($# == 0)); then
        program=(scripts/astropool)
        choose_pool
        set -- "${before[@]}" -- "${words[@]}"
    fi
    start "$@" --resume
    await_end
    ((code == 0)) || finding "exit code $code of --resume"
    found_points
    raise "$kind.twice" $((evaluated - found))
    ((evaluated - found <= slots * slot_rate)) ||
        finding "$evaluated were evaluated, but $found were found in the journal"
    evaluations
    ((count - evaluated == points - found)) ||
        finding "--resume evaluated $((count - evaluated)) points, $((points - found)) were missing"
}

# Kills a worker at each of the moments. $1: the function that chooses the worker, with its arguments.
kill_at_moments() {
    local moment
    for moment in "${moments[@]}"; do
        await_evaluations "$moment"
        "$@"
        if [[ -n $victim ]] && kill -s KILL "$victim" 2>/dev/null; then
            add "$kind.kills"
        fi
    done
}

kill_workers() {
    begin workers "$1"
    choose_moments 3
    start -- --pool processes --workers 3
    kill_at_moments choose_child
    await_end
    ((code == 0)) || finding "exit code $code"
    evaluations
    raise workers.twice $((count - points))
    finish
}

kill_master() {
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
    if ((code != 0)); then
        ((code == 137)) || finding "exit code $code of a master that was killed"
        add master.kills
        resume_elsewhere 3
    fi
    finish
} 2>/dev/null

# Starts a worker that joins the run.
join() {
    local log=$run/joined-${#joined[@]}
    set -m
    ASTROPOOL_CHAOS=$mark.joined scripts/astropool worker --join "$address" --secret-file "$run/secret" --threads 1 \
        --class-path "$models" --wait 30s >"$log.out" 2>"$log.err" </dev/null &
    joined+=($!)
    set +m
    joined_code+=(0)
}

# Sends a signal to a random worker that has joined, which must then end with this code.
end_joined() {
    local n here=()
    for n in "${!joined[@]}"; do
        if ((joined_code[n] == 0)) && kill -0 "${joined[n]}" 2>/dev/null; then
            here+=("$n")
        fi
    done
    ((${#here[@]} > 0)) || return 1
    random 0 $((${#here[@]} - 1))
    n=${here[r]}
    kill -s "$1" "${joined[n]}" 2>/dev/null && joined_code[n]=$2
}

# Waits for the end of the workers that have joined. The run is over, so workers that came too late are ended.
await_joined() {
    local n deadline=$((SECONDS + 45)) wanted
    for n in "${!joined[@]}"; do
        wanted=${joined_code[n]}
        if ((wanted == 0)) && ! grep -q 'joined as worker' "$run/joined-$n.err"; then
            kill -s KILL "${joined[n]}"
            wanted=137
        fi
        while kill -0 "${joined[n]}" && ((SECONDS < deadline)); do
            sleep 0.05
        done
        kill -s QUIT "${joined[n]}" && sleep 1 && kill -s KILL "${joined[n]}"
        wait "${joined[n]}"
        code=$?
        # a worker that got a signal after the run may have ended by itself; one that has found no master returns 2
        if ((code == 2)) && grep -q 'there is no secret file' "$run/joined-$n.err"; then
            continue # it began to join when the run was over, and its secret removed
        fi
        if ((code != wanted && !(code == 0 && wanted > 0) && !(code == 2 && master_killed))); then
            finding "the worker of joined-$n ended with $code, not with $wanted"
        fi
    done
    find_ours "$mark.joined"
    ((${#ours[@]} == 0)) || finding "workers that had joined are left: ${ours[*]}"
} 2>/dev/null

await_invitation() {
    local deadline=$((SECONDS + start_limit))
    address=""
    while [[ -z $address ]] && alive && ((SECONDS < deadline)); do
        sleep 0.05
        address=$(sed -n 's/.*--join \([^ ]*\) --secret-file.*/\1/p' "$log.err" | head -n 1)
    done
}

kill_hazelcast() {
    local moment number=0 killed=0
    begin hazelcast "$1"
    joined=() joined_code=() master_killed=0
    choose_moments 6
    start -- --pool hazelcast --workers 1 --threads 1 --listen 127.0.0.1 --secret-file "$run/secret"
    await_invitation
    join
    for moment in "${moments[@]}"; do
        number=$((number + 1))
        await_evaluations "$moment"
        alive || break
        if ((number == 4 && seed % 2 == 1)) && kill -s KILL "$pid" 2>/dev/null; then
            await_end
            ((code == 137)) || finding "exit code $code of a master that was killed"
            master_killed=1
            add hazelcast.kills
            add hazelcast.resumes
            start -- --pool hazelcast --workers 1 --threads 1 --listen "$address" --secret-file "$run/secret" --resume
            continue
        fi
        random 0 4
        case $r in
            0) if end_joined KILL 137; then killed=$((killed + 1)); else join; fi ;;
            1) if end_joined TERM 143; then add hazelcast.signals; else join; fi ;;
            2) if end_joined INT 130; then add hazelcast.signals; else join; fi ;;
            3)
                choose_child
                [[ -z $victim ]] || { kill -s KILL "$victim" && killed=$((killed + 1)); }
                ;;
            *) join ;;
        esac
    done
    await_end
    ((code == 0)) || finding "exit code $code"
    await_joined
    evaluations
    add hazelcast.kills "$killed"
    raise hazelcast.twice $((count - points))
    ((count >= points && count - points <= (killed + 4 * master_killed) * slot_rate)) ||
        finding "$count evaluations of $points points, though only $killed workers were killed"
    finish
} 2>/dev/null

kill_mpj() {
    local signal="" moment
    begin mpj "$1"
    if ((seed % 2 == 1)) && ((EUID == 0)); then
        program=(worker/src/test/sh/mpj-cluster.sh 4) # ranks that listen on all interfaces, in a network of their own
    else
        program=(scripts/astropool-mpjrun -np 4)
    fi
    random 1 $((points - 1))
    moment=$r
    start -- --threads 1 --master-evaluates yes
    await_evaluations "$moment"
    random 0 3
    case $r in
        0) signal=TERM ;;
        1) signal=INT ;;
        *) signal=KILL ;;
    esac
    if [[ $signal != KILL ]]; then
        kill -s "$signal" "$pid" 2>/dev/null && add mpj.signals
    else
        choose_process '(MulticoreStarter|daemon\.Wrapper).* org\.astropool\.cli\.Astropool '
        [[ -z $victim ]] || { kill -s KILL "$victim" 2>/dev/null && add mpj.kills; }
    fi
    await_end
    case $code.$signal in
        0.*) ;;
        4.KILL | 143.TERM | 130.INT)
            random 0 1
            # ranks in their own network have another host name, whose lock elsewhere counts for a minute
            if ((r == 0)) || [[ ${program[0]} == *mpj-cluster.sh ]]; then
                resume_elsewhere 4 -- --threads 1 --master-evaluates yes
            else
                resume_elsewhere 4
            fi
            ;;
        *) finding "exit code $code after SIG$signal" ;;
    esac
    program=(scripts/astropool)
    finish
} 2>/dev/null

kill_isolation() {
    begin isolation "$1"
    choose_moments 5
    random 0 ${#mpiexecs[@]}
    if ((r == 0)); then
        start -- --set run.isolation=process --pool threads --workers 3
    else
        start env "ASTROPOOL_MPIEXEC=${mpiexecs[r - 1]}" scripts/astropool-mpiexec -n 4 -- --set run.isolation=process \
            --threads 1 --master-evaluates no
    fi
    kill_at_moments choose_process 'org\.astropool\.worker\.ChildWorker'
    await_end
    ((code == 0)) || finding "exit code $code"
    ! grep -q 'starting again' "$log.err" || finding "a child that was killed has ended the run of its rank"
    evaluations
    raise isolation.twice $((count - points))
    ((count - points <= ${#moments[@]} * slot_rate)) || finding "$count evaluations of $points points"
    finish
}

kill_eval() {
    local words
    begin eval "$1"
    choose_moments 3
    case $((seed % 3)) in
        0) words=(--pool threads --workers 3 --set run.isolation=process) ;;
        1) words=(--pool processes --workers 3) ;;
        2) words=(--pool hazelcast --workers 3 --threads 1) ;;
    esac
    launch scripts/astropool eval "${job[@]}" --ordered "${words[@]}"
    kill_at_moments choose_child
    await_end
    ((code == 0)) || finding "exit code $code"
    evaluations
    raise eval.twice $((count - points))
    mv "$log.out" "$run/answers"
    finish
}

kill_sampler() {
    local kills faults=""
    begin sampler "$1"
    random 1 3
    kills=$r
    before=() words=(--pool processes --workers 3)
    pool="processes"
    ((seed % 2 == 0)) || faults="seed=$seed on=master die-in-write=0.05"
    start env "ASTROPOOL_FAULTS=$faults" -- "${words[@]}"
    while true; do
        if [[ -z $faults ]] && ((kills > 0)); then
            random 100 "$normal_ms"
            pause_ms "$r"
            if [[ $pool == mpi ]]; then
                choose_rank # its wrapper resumes the run
            else
                victim=$pid
            fi
            [[ -z $victim ]] || { kill -s KILL "$victim" 2>/dev/null && add sampler.kills; }
        fi
        await_end
        ((code != 0)) || break
        if ((code != 137 || kills < 0)); then
            finding "start $starts on $pool ended with $code"
            break
        fi
        kills=$((kills - 1)) faults=""
        add sampler.resumes
        choose_pool
        start "${before[@]}" -- "${words[@]}" --resume
    done
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
}

# One start of the loop, with a random fault. Sets code.
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

# Sets serial to the table of a serial run of the job, which is made once. $1: the name of the job; the rest: the command
use_serial() {
    local kind=serial seed=$1 run=$work/serial-$1 starts=0 spoilt=""
    serial=$work/serial-$1.table
    shift
    if [[ ! -f $serial ]]; then
        mkdir -p "$run"
        ASTROPOOL_TEST_EVALUATIONS=$run/evaluations "$@"
        await_end
        [[ $table != answers ]] || mv "$log.out" "$run/answers"
        ((code == 0)) || fail "the serial run ended with $code: $(cat "$log.err")"
        mv "$run/$table" "$serial"
        rm -rf "$run"
    fi
}

# The Monte-Carlo example. $1: the number of points; $2: how long each takes, in seconds
use_job() {
    points=$1 table=out/results.ecsv input=/dev/null program=(scripts/astropool)
    job=(examples/jobs/monte-carlo.toml --class-path "$models" --set model.name=counted-survey
        --set model.options.events=2000 --set model.options.minimum_seconds="$2"
        --set grid.limiting_magnitude.count=$((points / 25)))
    echo "a serial run of $points points of $2 s, to compare with"
    use_serial "$points" start -- --pool serial
}

# Points for eval, every third of them in batches of five.
use_points() {
    use_job 5000 0.002
    points=3000 table=answers
    awk -v lines="$points" 'BEGIN {
        for (i = 0; i < lines; i++) {
            point = sprintf("[%.17g, %.17g]", 18 + 3.9 * ((i * 7919) % lines) / lines, 0.02 + 0.48 * i / lines)
            if (i % 15 < 10) print point
            else line = line (i % 5 == 0 ? "[" : ", ") point
            if (i % 15 >= 10 && i % 5 == 4) { print line "]"; line = "" }
        }
    }' >"$work/points"
    input=$work/points
    use_serial eval launch scripts/astropool eval "${job[@]}" --ordered --pool serial
}

use_chain() {
    points=12000 table=out/chain.ecsv input=/dev/null program=(scripts/astropool) job=("$work/chain.toml")
    cat >"$work/chain.toml" <<'END'
job = { name = "chain", seed = 20261122 }
model = { name = "supernova-distances", options = { dataset = "simulated", cosmology = "flat-wcdm" } }
sampler = { walkers = 24, steps = 500, moves = { stretch = 0.8, de = 0.2 } }
output.formats = ["ecsv"]
[parameters]
omega_m.prior = { kind = "flat", from = 0.0, to = 1.0 }
w.prior = { kind = "flat", from = -2.5, to = 0.0 }
END
    echo "a serial run of the chain, to compare with"
    use_serial chain start -- --pool serial
    measure
}

# Sets normal_ms to how long a run of the job without trouble takes.
measure() {
    local kind=normal seed=0 run=$work/normal starts=0 spoilt="" begun
    mkdir -p "$run"
    export ASTROPOOL_TEST_EVALUATIONS=$run/evaluations
    milliseconds
    begun=$ms
    start -- --pool processes --workers 3
    await_end
    milliseconds
    normal_ms=$((ms - begun))
    rm -rf "$run"
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
    echo "$findings findings in $SECONDS s; seeds begin at $first_seed"
}

for kind_to_run in "${kinds[@]}"; do
    case $kind_to_run in
        time-limit) ;;
        eval) use_points ;;
        sampler) use_chain ;;
        *)
            use_job 5000 0.002
            measure
            ;;
    esac
    case $kind_to_run in
        time-limit) limit_time ;;
        loop) loop ;;
        *)
            for ((number = first_seed; number < first_seed + seeds; number++)); do
                "kill_$kind_to_run" "$number"
            done
            ;;
    esac
done
report
((findings == 0))
