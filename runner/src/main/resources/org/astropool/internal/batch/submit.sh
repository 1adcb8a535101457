#!/bin/bash
# Runs the job file @NAME@ in a job of the batch system, and goes on in the next one until the run is complete.
# Written by "astropool submit", explained in docs/clusters.md. By hand: @BY_HAND@
# Inside an allocation: bash submit.sh (then nothing starts the next one).
@DIRECTIVES@
# shellcheck disable=SC2016 # words are quoted as they were given
set -u
started=$(date +%s)

directory=@DIRECTORY@
astropool=@ASTROPOOL@
@LAUNCHER@
# submitted.toml is a copy: changes to the job file after the submission have no effect.
run=(run "$directory/submitted.toml" --out "$directory" --resume@OPTIONS@)

# What the batch system says: the job, whether it is no interactive one, its restarts, its cores, and when it ends.
@SYSTEM@
cd @FOLDER@ || exit 2
@SETUP@
export TMPDIR=@TMPDIR@

# SIGUSR1 is a warning: the run ends in time, and continues in the next job. SIGTERM: the job was cancelled, it was preempted
# and the batch system starts it again, or its time is over.
process="" signal="" interrupted=""
pass_on() {
    signal=$1
    interrupted=1
    [[ -z $process ]] || kill -s "$1" "$process" 2>/dev/null
}
trap 'pass_on USR1' USR1
trap 'pass_on TERM' TERM HUP INT USR2 # LSF sends SIGINT first, and SIGUSR2 when the time is over

# Prints the time at which the run has to end, and "first" in its first start. Fails, with the reason, when the run must not
# start again.
answer=$("$astropool" batch begin "$directory" --job="$job" --restarts="$restarts" --cores="$cores" \
    --started="$started" --ends="$ends") || exit
# shellcheck disable=SC2034 # not every run has options for its first start
read -r ASTROPOOL_END_TIME first <<<"$answer"@FIRST@
export ASTROPOOL_END_TIME ASTROPOOL_ALLOCATION_START="$started"

code=143
if [[ -z $signal ]]; then
    @START@ &
    process=$!
    while :; do
        interrupted=""
        wait "$process" # also ends when a signal comes
        code=$?
        [[ -n $interrupted ]] || break
    done
fi

# Records what the job has used, and has the batch system start the next one if the run is to go on.
"$astropool" batch end "$directory" --job="$job" --code="$code" --signal="$signal" --batch="$batch" \
    --ends="$ends"
