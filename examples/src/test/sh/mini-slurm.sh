#!/usr/bin/env bash
# A Slurm of two nodes, n1 and n2, on this machine, for tests. It needs the Debian packages slurm-wlm and munge; its
# daemons run as the user who starts it, and its files are all in DIR.
#   mini-slurm.sh start DIR     then: export SLURM_CONF=DIR/slurm.conf
#   mini-slurm.sh stop DIR
set -euo pipefail

PORT=${MINI_SLURM_PORT:-17001} # of the controller; those of the nodes follow
PATIENCE=300                   # tenths of a second

fail() {
    printf 'mini-slurm.sh: %s; see %s\n' "$1" "$dir/log" >&2
    stop
    exit 1
}

# Starts a daemon that stays in the foreground: NAME COMMAND...
daemon() {
    local name=$1
    shift
    "$@" >"$dir/log/$name.out" 2>&1 </dev/null &
    echo $! >"$dir/run/$name"
}

# Waits until a command succeeds: WHAT COMMAND...
await() {
    local what=$1 i
    shift
    for ((i = 0; i < PATIENCE; i++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    fail "$what after $((PATIENCE / 10)) s"
}

configuration() {
    local host user
    host=$(hostname -s)
    user=$(id -un)
    cat <<SETTINGS
ClusterName=mini
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$PORT
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/run/munge.socket,cred_expire=15
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
JobRequeue=1
EnforcePartLimits=ALL
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/log/jobcomp
KillWait=5
ReturnToService=2
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((PORT + 1)) CPUs=2 RealMemory=2000
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((PORT + 2)) CPUs=2 RealMemory=2000
PartitionName=debug Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
PartitionName=paid Nodes=n1,n2 AllowAccounts=project MaxTime=INFINITE State=UP
SETTINGS
}

both_nodes_are_idle() {
    [[ $(SLURM_CONF=$dir/slurm.conf sinfo --noheader --Node --states=idle --format=%N | sort -u | wc -l) -eq 2 ]]
}

start() {
    mkdir -p "$dir"/{run,log,state,spool-n1,spool-n2}
    chmod 755 "$dir" "$dir/run"
    configuration >"$dir/slurm.conf"
    (umask 077 && head -c 1024 /dev/urandom >"$dir/munge.key")
    daemon munged munged --foreground --force --key-file="$dir/munge.key" --socket="$dir/run/munge.socket" \
        --pid-file="$dir/run/munged.pid" --log-file="$dir/log/munged.log" --seed-file="$dir/run/seed"
    await "munged has no socket" test -S "$dir/run/munge.socket"
    daemon slurmctld slurmctld -D -f "$dir/slurm.conf"
    for node in n1 n2; do
        daemon "slurmd-$node" slurmd -D -N "$node" -f "$dir/slurm.conf"
    done
    await "the nodes are not idle" both_nodes_are_idle
}

stop() {
    local name
    for name in slurmd-n1 slurmd-n2 slurmctld munged; do
        [[ ! -r $dir/run/$name ]] || kill "$(<"$dir/run/$name")" 2>/dev/null || true
    done
}

[[ $# -eq 2 && ($1 == start || $1 == stop) ]] || {
    echo "usage: mini-slurm.sh start|stop DIR" >&2
    exit 2
}
mkdir -p "$2"
dir=$(cd "$2" && pwd)
"$1"
