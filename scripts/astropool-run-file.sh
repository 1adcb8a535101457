#!/usr/bin/env bash
# Sourced by astropool-mpiexec and astropool-mpjrun: the file, named by ASTROPOOL_RUN_FILE, in which rank 0 reports
# the progress of the run to its wrapper, in lines KEY=VALUE. The wrapper removes it when it ends. Files of a wrapper that
# was killed are removed by the next one in the same folder: a wrapper and the launcher that it starts hold a lock while
# they run.

unset ASTROPOOL_RUN_FILE # that of a wrapper which has started this one

# create_run_file FOLDER WRAPPER OTHER creates and exports ASTROPOOL_RUN_FILE in a folder that all nodes share, or
# in another one. Fails when neither is writable.
create_run_file() {
    local host
    host=$(uname -n) # HOSTNAME may be inherited
    remove_abandoned_run_files "$1" "$host"
    export ASTROPOOL_RUN_FILE=$1/.$2.$host.$$
    if ! lock_run_file || ! : 2>/dev/null >"$ASTROPOOL_RUN_FILE"; then
        ASTROPOOL_RUN_FILE=$(mktemp "$3/$2.XXXXXX") && lock_run_file
    fi
}

# The lock is on the file of the signals: rank 0 replaces the other one.
lock_run_file() {
    while { : >>"$ASTROPOOL_RUN_FILE.signal"; } 2>/dev/null && exec 9>>"$ASTROPOOL_RUN_FILE.signal"; do
        type -P flock >/dev/null && flock --shared 9 2>/dev/null || return 0 # some network file systems have no locks
        # Another wrapper may have taken it for abandoned before it was locked.
        [[ ! $ASTROPOOL_RUN_FILE.signal -ef /dev/fd/9 ]] || return 0
    done
    return 1
}

# Only those of this host: locks of other nodes are not seen on every file system.
remove_abandoned_run_files() {
    local lock file
    type -P flock >/dev/null || return 0
    for lock in "$1"/.astropool-mp{iexec,jrun}."$2".*.signal; do
        file=${lock%.signal}
        [[ ! -w $lock ]] || flock --nonblock "$lock" rm -f "$lock" "$file" "$file.part" 2>/dev/null
    done
    return 0
}

remove_run_file() {
    [[ -z ${ASTROPOOL_RUN_FILE-} ]] ||
        rm -f "$ASTROPOOL_RUN_FILE" "$ASTROPOOL_RUN_FILE.signal" "$ASTROPOOL_RUN_FILE.part"
}

# Prints the first value of a key that the run recorded, or with "last" the last one.
recorded() {
    local key value found=
    while IFS='=' read -r key value; do
        if [[ $key == "$1" ]] && [[ -z $found || ${2-} == last ]]; then
            found=$value
        fi
    done 2>/dev/null <"$ASTROPOOL_RUN_FILE"
    printf '%s' "$found"
}
