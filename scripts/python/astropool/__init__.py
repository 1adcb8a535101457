"""astropool: Python functions on the cores of a laptop, or of a cluster under mpiexec.

    from astropool import Pool

    def log_prob(theta, data): ...

    if __name__ == "__main__":
        with Pool() as pool:
            sampler = emcee.EnsembleSampler(40, 5, log_prob, args=[data], pool=pool)

Documentation: docs/python.md.
"""

from ._executor import Executor
from ._objects import Broadcast
from ._pool import AsyncResult, Pool
from .errors import BrokenPool, PoolError, RemoteError, RemoteTraceback, TaskTimeout, WorkerLost

__all__ = [
    "Pool",
    "Executor",
    "AsyncResult",
    "Broadcast",
    "PoolError",
    "BrokenPool",
    "RemoteError",
    "RemoteTraceback",
    "TaskTimeout",
    "WorkerLost",
]
