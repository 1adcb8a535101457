#!/bin/bash
# More workers for the run in a directory, which has to be a running one over Hazelcast. They leave it before this job ends.
# Written by "astropool submit --join", explained in docs/clusters.md. By hand: @BY_HAND@
@DIRECTIVES@
# shellcheck disable=SC2016,SC2034 # words are quoted as they were given; the lines on the batch system are those of submit.sh
set -u
started=$(date +%s)

directory=@DIRECTORY@
astropool=@ASTROPOOL@
@LAUNCHER@

# What the batch system says: the job, whether it is no interactive one, its restarts, its cores, and when it ends.
@SYSTEM@
cd @FOLDER@ || exit 2
@SETUP@
export TMPDIR=@TMPDIR@
export ASTROPOOL_END_TIME=$ends

# The workers finish the points that they are evaluating, and leave.
process="" interrupted=""
leave() {
    interrupted=1
    [[ -z $process ]] || kill -s TERM "$process" 2>/dev/null
}
trap leave USR1 TERM HUP INT USR2

address=$directory/journal/worker.address
[[ -r $address ]] || {
    echo "no run over Hazelcast is running in $directory: there is no $address" >&2
    exit 4
}
@START@ &
process=$!
while :; do
    interrupted=""
    wait "$process"
    code=$?
    [[ -n $interrupted ]] || break
done
(exit "$code")
