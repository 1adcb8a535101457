"""astropool: Python functions on the cores of a laptop, or of a cluster under mpiexec::

    from astropool import Pool

    def log_prob(theta, data): ...

    if __name__ == "__main__":
        with Pool() as pool:
            sampler = emcee.EnsembleSampler(40, 5, log_prob, args=[data], pool=pool)

A function as the model of a job, model.py, for which the job file has program = ["python3", "model.py"]::

    from astropool import serve

    def log_likelihood(omega_m, w):
        return -0.5 * (((omega_m - 0.3) / 0.05) ** 2 + ((w + 1) / 0.1) ** 2)

    serve(log_likelihood)

The model of a job, evaluated for a script::

    from astropool import Job

    with Job("job.toml").pool() as pool:
        sampler = emcee.EnsembleSampler(40, 2, pool.log_likelihood, vectorize=True)

Documentation: docs/python.md.
"""

import importlib
import os

TYPE_CHECKING = False  # of typing, whose import takes as long as that of all this
if TYPE_CHECKING:
    from ._executor import Executor
    from ._job import Job, JobFailed
    from ._job_pool import JobPool, PointFailed
    from ._objects import Broadcast
    from ._plot import Chain, chain, plot
    from ._pool import Pool
    from ._results import AsyncResult
    from ._serve import Skip, model, serve
    from ._tables import Table, read
    from .errors import BrokenPool, PoolError, RemoteError, RemoteTraceback, TaskTimeout, WorkerLost

# Imported when they are first used: a model that is started on each core needs none of the pool.
_MODULES = {
    "Pool": "_pool",
    "Executor": "_executor",
    "AsyncResult": "_results",
    "Broadcast": "_objects",
    "PoolError": "errors",
    "BrokenPool": "errors",
    "RemoteError": "errors",
    "RemoteTraceback": "errors",
    "TaskTimeout": "errors",
    "WorkerLost": "errors",
    "Job": "_job",
    "JobFailed": "_job",
    "JobPool": "_job_pool",
    "PointFailed": "_job_pool",
    "read": "_tables",
    "Table": "_tables",
    "plot": "_plot",
    "chain": "_plot",
    "Chain": "_plot",
    "serve": "_serve",
    "model": "_serve",
    "Skip": "_serve",
}

__all__ = [*_MODULES, "register_joblib"]


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError("module %r has no attribute %r" % (__name__, name))
    value = getattr(importlib.import_module("." + _MODULES[name], __name__), name)
    globals()[name] = value
    return value


def register_joblib():
    """Makes ``joblib.parallel_config(backend="astropool")`` available, and with it the ``n_jobs`` of scikit-learn.

    Arguments of the backend: ``pool``, an open `Pool`, or the options of `Pool`; without any, the number of processes
    follows from ``n_jobs``.
    """
    try:
        import joblib  # noqa: F401
    except ImportError:
        raise ImportError("register_joblib needs joblib: pip install joblib, or the package python3-joblib") from None
    from . import _joblib

    _joblib.register()


def __dir__():
    return sorted({*globals(), *__all__})


if "ASTROPOOL_JOB_DIRECTORY" in os.environ:  # this is a model, which may read its data before it uses anything of this package
    from . import _model_files  # noqa: F401
