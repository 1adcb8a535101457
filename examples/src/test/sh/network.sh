#!/bin/bash
# A second "host" on this machine, a network namespace, whose cable can be pulled out. Needs root, iproute2 and util-linux.
#
# Usage: network.sh up NAME             prints the address of this side; NAME has at most 8 letters
#        network.sh exec NAME COMMAND   runs a command there, on a host of that name
#        network.sh cut NAME            pulls out the cable
#        network.sh mend NAME           puts it in again
#        network.sh down NAME           removes everything
set -euo pipefail
(($# >= 2)) || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2 && exit 2; }
verb=$1 name=$2
shift 2
subnet=10.$((0x$(printf %s "$name" | md5sum | cut -c1-2) % 200 + 50)).77

case $verb in
    up)
        ip netns add "$name"
        ip link add "${name}-v" type veth peer name eth0 netns "$name"
        ip addr add "$subnet.1/24" dev "${name}-v"
        ip link set "${name}-v" up
        ip -n "$name" addr add "$subnet.2/24" dev eth0
        ip -n "$name" link set eth0 up
        ip -n "$name" link set lo up
        echo "$subnet.1"
        ;;
    exec) exec ip netns exec "$name" unshare --uts sh -c "hostname $name; exec \"\$@\"" sh "$@" ;;
    cut) ip -n "$name" link set eth0 down ;;
    mend)
        ip -n "$name" link set eth0 up
        ;;
    down)
        ip netns pids "$name" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
        ip netns del "$name" 2>/dev/null || true
        ip link del "${name}-v" 2>/dev/null || true
        ;;
    *) exit 2 ;;
esac
