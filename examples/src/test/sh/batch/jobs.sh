#!/usr/bin/env bash
# Sourced by the stand-ins for the commands of PBS and LSF: jobs that run on this machine, one process group each. Their files
# are in BATCH_JOBS: N.pid and N.ended.

: "${BATCH_JOBS:?names the folder of the jobs}"

refuse() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Sets job to the number of a new job.
number_job() {
    exec 8>>"$BATCH_JOBS/lock"
    flock 8
    job=$(($(cat "$BATCH_JOBS/last" 2>/dev/null || echo 0) + 1))
    echo "$job" >"$BATCH_JOBS/last"
    exec 8>&-
}

# run_job N AFTER VARIABLE=VALUE... : runs BATCH_JOBS/N.sh when the job AFTER, if any, has ended.
run_job() {
    local job=$1 after=$2
    shift 2
    # As the daemons of a batch system start it: not with the signals that the launcher script of astropool ignores.
    # shellcheck disable=SC2016 # for the inner shell
    setsid env --default-signal=INT,TERM,HUP,USR1 "$@" bash -c '
        while [[ -n $2 && ! -e $BATCH_JOBS/$2.ended ]]; do sleep 0.05; done
        echo $BASHPID >"$BATCH_JOBS/$1.pid"
        cd / || exit
        bash "$BATCH_JOBS/$1.sh"
        echo $? >"$BATCH_JOBS/$1.ended"' job "$job" "$after" >"$BATCH_JOBS/$job.out" 2>&1 </dev/null &
}

# Fails when there is no such job that has not ended.
check_alive() {
    [[ -e $BATCH_JOBS/$1.sh && ! -e $BATCH_JOBS/$1.ended ]]
}

# signal_job SIGNAL N: to the script, as batch systems do.
signal_script() {
    pkill -s "$(<"$BATCH_JOBS/$2.pid")" --signal "$1" -f "bash $BATCH_JOBS/$2.sh"
}

end_job() {
    echo 271 >"$BATCH_JOBS/$1.ended"
    [[ ! -e $BATCH_JOBS/$1.pid ]] || pkill -s "$(<"$BATCH_JOBS/$1.pid")" --signal TERM
}
