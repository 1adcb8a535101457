#!/bin/bash
# Two "hosts" on this machine, network namespaces, with a cable between them that can be pulled out. None of it is in the
# machine's own network: MPI looks at all interfaces there when it starts, and fails when one of them is just going away.
# Needs root, iproute2 and util-linux.
#
# Usage: network.sh up NAME             prints the address of the host here
#        network.sh here NAME COMMAND   runs a command on it
#        network.sh exec NAME COMMAND   runs a command on the other host, whose name is NAME
#        network.sh cut NAME            pulls out the cable
#        network.sh mend NAME           puts it in again
#        network.sh renumber NAME       takes the address of the host here away
#        network.sh down NAME           removes everything
set -euo pipefail
(($# >= 2)) || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2 && exit 2; }
verb=$1 name=$2
shift 2
here=$name-here
subnet=10.$((0x$(printf %s "$name" | md5sum | cut -c1-2) % 200 + 50)).77

case $verb in
    up)
        ip netns add "$here"
        ip netns add "$name"
        ip -n "$here" link add eth0 type veth peer name eth0 netns "$name"
        ip -n "$here" addr add "$subnet.1/24" dev eth0
        ip -n "$name" addr add "$subnet.2/24" dev eth0
        for host in "$here" "$name"; do
            ip -n "$host" link set eth0 up
            ip -n "$host" link set lo up
        done
        echo "$subnet.1"
        ;;
    here) exec ip netns exec "$here" "$@" ;;
    exec) exec ip netns exec "$name" unshare --uts sh -c "hostname $name; exec \"\$@\"" sh "$@" ;;
    cut) ip -n "$name" link set eth0 down ;;
    mend)
        ip -n "$name" link set eth0 up
        ;;
    renumber) ip -n "$here" addr del "$subnet.1/24" dev eth0 ;;
    down)
        for host in "$name" "$here"; do
            ip netns pids "$host" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
            ip netns del "$host" 2>/dev/null || true
        done
        ;;
    *) exit 2 ;;
esac
