#!/bin/bash
# Runs a command under mpiexec on two "hosts" of one machine: network namespaces with host names of their own, joined by
# a bridge, so that the ranks can talk by TCP alone. Prints the mpiexec command that it runs, returns its exit code, and
# leaves nothing behind. Needs root, iproute2 and util-linux.
#
# Usage: two-hosts.sh openmpi|mpich [-n RANKS] COMMAND...       (2 ranks by default; half of them on each host)
set -euo pipefail

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}

family=${1:-}
[[ $family == openmpi || $family == mpich ]] || usage
shift
ranks=2
if [[ ${1:-} == -n ]]; then
    ranks=${2:?}
    shift 2
fi
(($# > 0)) || usage
if ((EUID != 0)); then
    echo "two-hosts.sh: only root can create network namespaces; run it as root" >&2
    exit 2
fi
# Not in the machine's own network: MPI looks at all interfaces there when it starts, and fails when one of them is just
# going away.
if [[ ${TWO_HOSTS_OF:-} != "$$" ]]; then
    TWO_HOSTS_OF=$$ exec unshare --net "$0" "$family" -n "$ranks" "$@"
fi
unset TWO_HOSTS_OF
ip link set lo up

# Names and subnet by process id: several of these scripts may run at a time. An interface name has at most 15 characters.
id=$$
subnet=10.$((id / 200 % 200 + 50)).$((id % 200 + 50))
bridge=apb$id
scratch=$(mktemp -d)
agent=$scratch/agent.sh
launcher=

remove_hosts_of() { # PROCESS-ID
    local i
    for i in 1 2; do
        ip netns pids "ap$1-$i" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
        ip netns del "ap$1-$i" 2>/dev/null || true
    done
}

# shellcheck disable=SC2317 # called by the trap
remove_hosts() {
    [[ -z $launcher ]] || kill "$launcher" 2>/dev/null || true
    remove_hosts_of "$id"
    rm -rf "$scratch"
}

# What a script left that was ended by SIGKILL.
for other in $(ip netns list | sed -n 's/^ap\([0-9]*\)-1\b.*/\1/p'); do
    kill -0 "$other" 2>/dev/null || remove_hosts_of "$other"
done

trap remove_hosts EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ip link add "$bridge" type bridge
ip addr add "$subnet.1/24" dev "$bridge"
ip link set "$bridge" up
for i in 1 2; do
    ip netns add "ap$id-$i"
    ip link add "apv$id-$i" type veth peer name eth0 netns "ap$id-$i"
    ip link set "apv$id-$i" master "$bridge" up
    ip -n "ap$id-$i" addr add "$subnet.1$i/24" dev eth0
    ip -n "ap$id-$i" link set eth0 up
    ip -n "ap$id-$i" link set lo up
done

# Stands in for ssh: AGENT [options] ADDRESS COMMAND...
cat >"$agent" <<AGENT
#!/bin/bash
while [[ \$1 == -* ]]; do case \$1 in -l | -p | -o) shift 2 ;; *) shift ;; esac; done
i=\${1##*.1}
shift
exec ip netns exec ap$id-\$i unshare --uts sh -c "hostname host\$i; \$*"
AGENT
chmod +x "$agent"

slots=$(((ranks + 1) / 2))
hosts=$subnet.11:$slots,$subnet.12:$slots
if [[ $family == openmpi ]]; then
    mpiexec=(mpiexec.openmpi --allow-run-as-root --bind-to none --mca plm_rsh_agent "$agent"
        --mca oob_tcp_if_include "$subnet.0/24" --mca btl_tcp_if_include "$subnet.0/24" --mca btl "tcp,self"
        --host "$hosts" -n "$ranks")
else
    # Without UCX_TLS the ranks would find each other through shared memory, across the namespaces.
    mpiexec=(mpiexec.mpich -genv UCX_TLS "tcp,self" -launcher ssh -launcher-exec "$agent"
        -iface "$bridge" -hosts "$hosts" -n "$ranks")
fi

echo "+ ${mpiexec[*]} $*" >&2
# In the background, because bash handles a signal only after a foreground command has ended.
"${mpiexec[@]}" "$@" &
launcher=$!
code=0
wait "$launcher" || code=$?
launcher=
exit "$code"
