#!/bin/bash
# Usage: sbatch scripts/cluster/slurm.sh JOB.toml [options of astropool run]    explained in docs/clusters.md
#SBATCH --job-name=astropool
#SBATCH --output=%x-%j.log
#SBATCH --open-mode=append
#SBATCH --time=01:00:00
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --exclusive
#SBATCH --mem=0
#SBATCH --signal=B:USR1@60
set -eu

# module load java/17 openmpi/4.1       # the names at your site

# On a file system that every node sees; a checkout is built beforehand on the login node. The default is that of the archive
# or checkout which holds this script: Slurm runs a copy of it, but knows where it was.
here=$(scontrol show job -o "$SLURM_JOB_ID" | sed -n 's/.* Command=\([^ ]*\)\/cluster\/[^ ]*.*/\1/p')
astropool=${ASTROPOOL:-${here:-$SLURM_SUBMIT_DIR/scripts}/astropool}
[ -n "${ASTROPOOL-}" ] || [ ! -x "$here/../bin/astropool" ] || astropool=$here/../bin/astropool # in share/cluster of an archive

export TMPDIR=/tmp                      # local to each node

exec "$astropool-mpiexec" --bind-to none "$astropool" run "$@"
