"""joblib's Parallel on a pool: `joblib.parallel_config(backend="astropool")`."""

import concurrent.futures
import copy
import multiprocessing
import os
import threading

from joblib.parallel import AutoBatchingMixin, FallbackToBackend, ParallelBackendBase, SequentialBackend, register_parallel_backend

from . import _launch
from ._objects import Broadcast
from ._pool import Pool

NAME = "astropool"
#: As that of joblib.Parallel: larger arrays are sent to each machine once.
_MAX_NBYTES = 1 << 20


def register():
    register_parallel_backend(NAME, Backend)


class _Kept:
    """The pool of backends that were given none. It stays open for later calls, and ends with the script."""

    def __init__(self):
        self._lock = threading.Lock()
        self._pool = None
        self._options = None
        self._users = 0

    def acquire(self, options):
        with self._lock:
            if self._pool is not None and (self._pool._state != "running" or self._pool._link.trouble is not None):
                self._pool.terminate()
                self._pool, self._users = None, 0
            if self._pool is not None and self._options != options:
                if self._users:
                    raise RuntimeError(
                        "joblib already uses a pool with other options; open a Pool and give it to both:"
                        ' parallel_config(backend="astropool", pool=pool)')
                self._pool.terminate()
                self._pool = None
            if self._pool is None:
                self._pool, self._options = Pool(**options), options
            self._users += 1
            return self._pool

    def release(self, pool):
        with self._lock:
            if pool is self._pool:
                self._users -= 1


_kept = _Kept()


class Backend(AutoBatchingMixin, ParallelBackendBase):
    """Evaluates the batches of joblib on a pool.

    Parameters
    ----------
    pool : Pool, optional
        An open pool. Without it, one is opened and kept for later calls.
    options
        Those of `Pool`. The number of processes is by default that of the jobs.
    """

    supports_timeout = True
    supports_retrieve_callback = True
    supports_inner_max_num_threads = False
    uses_threads = False
    supports_sharedmem = False
    default_n_jobs = -1

    def __init__(self, pool=None, nesting_level=None, inner_max_num_threads=None, **options):
        super().__init__(nesting_level=nesting_level, inner_max_num_threads=inner_max_num_threads)
        if pool is not None and options:
            raise TypeError("the pool is open; it cannot be given the options %s" % ", ".join(sorted(options)))
        self._given = pool
        self._options = options
        self._pool = None
        self._futures = set()
        self._max_nbytes = _MAX_NBYTES
        self._shared = {}  # by identity: an array, and what workers get instead
        self.parallel = None

    # ---- the pool ----

    def _opened(self, n_jobs):
        if self._given is not None:
            return self._given
        if self._pool is None:
            options = dict(self._options)
            decided = {"processes", "pool", "launcher", "options"} & set(options) or _launch.SOCKET_VARIABLE in os.environ
            if n_jobs is not None and n_jobs > 0 and not decided:
                options["processes"] = n_jobs
            self._pool = _kept.acquire(options)
        return self._pool

    def effective_n_jobs(self, n_jobs):
        if n_jobs == 0:
            raise ValueError("n_jobs == 0 in Parallel has no meaning")
        if n_jobs == 1:
            return 1
        size = self._opened(n_jobs).size
        if n_jobs is None:
            return size
        return min(n_jobs, size) if n_jobs > 0 else max(size + 1 + n_jobs, 1)

    def configure(self, n_jobs=1, parallel=None, prefer=None, require=None, max_nbytes=_MAX_NBYTES, **ignored):
        self._max_nbytes = max_nbytes
        if n_jobs == 1:
            raise FallbackToBackend(SequentialBackend(nesting_level=self.nesting_level))
        self.parallel = parallel
        return self.effective_n_jobs(n_jobs)

    def terminate(self):
        self.stop_call()
        self.reset_batch_stats()
        if self._pool is not None:
            _kept.release(self._pool)
            self._pool = None

    def __del__(self):
        if getattr(self, "_pool", None) is not None:
            _kept.release(self._pool)

    def __reduce__(self):
        raise TypeError("a backend of joblib belongs to its process and cannot be pickled")

    # ---- tasks ----

    def submit(self, func, callback=None):
        future = self._opened(None).submit(_evaluated, self._sharing(func))
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        future.get = _getter(future)  # joblib before 1.3 asks for it
        if callback is not None:
            future.add_done_callback(callback)
        return future

    apply_async = submit

    def retrieve_result_callback(self, out):
        return out.result()

    def abort_everything(self, ensure_ready=True):
        for future in list(self._futures):
            future.cancel()
        if not ensure_ready:
            self.terminate()

    def stop_call(self):
        pool = self._given if self._given is not None else self._pool
        shared, self._shared = self._shared, {}
        for _, sent in shared.values():
            try:
                pool.forget(sent)
            except (ValueError, RuntimeError):  # the pool has ended
                pass

    # ---- large arrays ----

    def _sharing(self, batch):
        """The batch with what replaces its large arrays, as joblib does with memory maps: workers see them read-only."""
        items = getattr(batch, "items", None)
        if self._max_nbytes is None or not isinstance(items, list):
            return batch
        replaced = [
            (function, tuple(map(self._replaced, args)), {name: self._replaced(value) for name, value in kwargs.items()})
            for function, args, kwargs in items]
        result = copy.copy(batch)
        result.items = replaced
        return result

    def _replaced(self, value):
        if getattr(value, "nbytes", 0) < self._max_nbytes or type(value).__module__ != "numpy" or value.dtype.hasobject:
            return value
        known = self._shared.get(id(value))
        if known is None:
            known = self._shared[id(value)] = value, self._opened(None).broadcast(value)  # keeps its identity from being reused
        return known[1]


def _getter(future):
    def get(timeout=None):
        try:
            return future.result(timeout)
        except concurrent.futures.TimeoutError as late:
            if future.done():
                raise
            raise multiprocessing.TimeoutError() from late

    return get


def _evaluated(batch):
    """Evaluates a batch on a worker."""
    items = getattr(batch, "items", None)
    if isinstance(items, list):
        batch.items = [
            (function, tuple(map(_received, args)), {name: _received(value) for name, value in kwargs.items()})
            for function, args, kwargs in items]
    return batch()


def _received(value):
    return value.value if isinstance(value, Broadcast) else value
