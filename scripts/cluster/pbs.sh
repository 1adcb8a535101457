#!/bin/bash
# Usage: qsub -v JOB=JOB.toml scripts/cluster/pbs.sh    explained in docs/clusters.md
#PBS -N astropool
#PBS -j oe
#PBS -l walltime=01:00:00
#PBS -l select=2:ncpus=32:mpiprocs=1
#PBS -l place=scatter:excl
set -eu
cd "$PBS_O_WORKDIR"

# module load java/17 openmpi/4.1       # the names at your site

# PBS replaces the log of a job that it runs again (qrerun, or after a node has failed).
exec >>"astropool-${PBS_JOBID%%.*}.log" 2>&1

# What PBS knows about this job, one attribute per line.
attributes=$(qstat -f "$PBS_JOBID" 2>/dev/null |
    awk '/^\t/ { printf "%s", substr($0, 2); next } { printf "\n%s", $0 }') || attributes=

# On a file system that every node sees; a checkout is built beforehand on the login node. The default is that of the archive
# or checkout which holds this script: PBS runs a copy of it, but knows the words of qsub.
here=$(sed -n 's/^ *[Ss]ubmit_arg[a-z]* = \(.* \)\{0,1\}\([^ ]*\)\/cluster\/[^ ]*$/\2/p' <<<"$attributes")
astropool=${ASTROPOOL:-${here:-scripts}/astropool}
[[ -n ${ASTROPOOL-} || ! -x $here/../bin/astropool ]] || astropool=$here/../bin/astropool # in share/cluster of an archive
[[ -x $astropool ]] || {
    echo "pbs.sh: there is no $astropool in $PWD. Name it: qsub -v JOB=$JOB,ASTROPOOL=/path/to/scripts/astropool" >&2
    exit 2
}

# A job that PBS runs again continues its run.
resume=()
[[ ! $attributes =~ run_count\ =\ ([2-9]|[1-9][0-9]) ]] || resume=(--resume)

export TMPDIR=/tmp                      # local to each node

exec "$astropool-mpiexec" --bind-to none -x PATH -x TMPDIR "$astropool" run "$JOB" "${resume[@]}"
