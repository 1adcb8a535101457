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

# On a file system that every node sees; built beforehand on the login node.
astropool=${ASTROPOOL:-$PBS_O_WORKDIR/scripts/astropool}

export TMPDIR=/tmp                      # local to each node

exec "$astropool-mpiexec" --bind-to none -x PATH -x TMPDIR "$astropool" run "$JOB"
