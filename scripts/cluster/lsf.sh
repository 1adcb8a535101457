#!/bin/bash
# Usage: bsub -env "all, JOB=JOB.toml" < scripts/cluster/lsf.sh    explained in docs/clusters.md
#BSUB -J astropool
#BSUB -o astropool-%J.log
#BSUB -W 1:00
#BSUB -n 2
#BSUB -R "span[ptile=1]"
#BSUB -x
#BSUB -wa USR1
#BSUB -wt 2
set -eu
cd "$LS_SUBCWD"

# module load java/17 openmpi/4.1       # the names at your site

# On a file system that every node sees; built beforehand on the login node.
astropool=${ASTROPOOL:-$LS_SUBCWD/scripts/astropool}

export TMPDIR=/tmp                      # local to each node

exec "$astropool-mpiexec" --bind-to none -x PATH -x TMPDIR "$astropool" run "$JOB"
