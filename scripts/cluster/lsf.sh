#!/bin/bash
# Usage: bsub -env "all, JOB=JOB.toml" < scripts/cluster/lsf.sh    explained in docs/clusters.md
#BSUB -J astropool
#BSUB -o astropool-%J.log
#BSUB -r
#BSUB -W 1:00
#BSUB -n 2
#BSUB -R "span[ptile=1]"
#BSUB -x
#BSUB -wa USR1
#BSUB -wt 2
set -eu
cd "$LS_SUBCWD"

# module load java/17 openmpi/4.1       # the names at your site

# On a file system that every node sees; a checkout is built beforehand on the login node. LSF reads this script from standard input, so it
# cannot know where its checkout is: the default is that of the folder from which it was submitted, or that on the PATH.
astropool=${ASTROPOOL:-$LS_SUBCWD/scripts/astropool}
[[ -x $astropool ]] || astropool=$(type -P astropool) || {
    echo "lsf.sh: there is no scripts/astropool in $LS_SUBCWD, and no astropool on the PATH. Name it:" \
        "bsub -env \"all, JOB=$JOB, ASTROPOOL=/path/to/scripts/astropool\" < lsf.sh" >&2
    exit 2
}

export TMPDIR=/tmp                      # local to each node

exec "$astropool-mpiexec" --bind-to none -x PATH -x TMPDIR "$astropool" run "$JOB"
