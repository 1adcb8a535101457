"""A model that imports MPI, and says how many ranks it has and which rank it is."""

import sys

from mpi4py import MPI

print('{"astropool": 1, "parameters": ["x"], "outputs": ["ranks", "rank"]}', flush=True)
for line in sys.stdin:
    print('{"results": [[%d, %d]]}' % (MPI.COMM_WORLD.Get_size(), MPI.COMM_WORLD.Get_rank()), flush=True)
