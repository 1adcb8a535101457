"""A pool with the interface of concurrent.futures."""

import concurrent.futures
import functools
import threading
import time
from multiprocessing import TimeoutError as _MultiprocessingTimeout

from ._pool import Pool


def _called_with(function, arguments):
    return function(*arguments)


class Executor(concurrent.futures.Executor):
    """A `concurrent.futures.Executor` on a `Pool`.

    The parameters are those of `Pool`; the first may also be given as ``max_workers``. Cancelling a future also stops a task
    that is being evaluated. `mp_context` and `max_tasks_per_child` are accepted for scripts that are
    written for `ProcessPoolExecutor`, and have no effect. The futures of a pool that has ended raise `BrokenPool`, which is a
    `concurrent.futures.BrokenExecutor`.
    """

    def __init__(self, max_workers=None, initializer=None, initargs=(), *, mp_context=None,
                 max_tasks_per_child=None, **options):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._pool = Pool(max_workers, initializer, initargs, **options)
        self._futures = set()
        self._lock = threading.Lock()
        self._is_shut_down = False

    @property
    def pool(self):
        """The `Pool`."""
        return self._pool

    @property
    def _max_workers(self):
        return self._pool.size

    @property
    def num_workers(self):
        """The number of worker processes, as mpi4py.futures names it."""
        return self._pool.size

    def starmap(self, fn, iterable, timeout=None, chunksize=None):
        """As `map`, for items that are tuples of arguments, as mpi4py.futures has it."""
        return self.map(functools.partial(_called_with, fn), iterable, timeout=timeout, chunksize=chunksize)

    def submit(self, fn, /, *args, **kwargs):
        """Evaluates ``fn(*args, **kwargs)`` on a worker; returns a `concurrent.futures.Future`."""
        with self._lock:
            if self._is_shut_down:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future = self._pool.submit(fn, *args, **kwargs)
            self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return future

    def map(self, fn, *iterables, timeout=None, chunksize=None, buffersize=None):
        """An iterator over the results of ``fn`` for the items of the iterables, in order.

        All items are read at once, as the standard library does; use ``Pool.imap`` for endless iterators. An automatic
        `chunksize` follows from the time that items take.

        Raises
        ------
        TimeoutError
            By the iterator, when a result is not available `timeout` seconds after this call.
        """
        if chunksize is not None and chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        end = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            if self._is_shut_down:
                raise RuntimeError("cannot schedule new futures after shutdown")
            items = list(zip(*iterables)) if buffersize is None else zip(*iterables)
            results = self._pool.istarmap(fn, items, chunksize)

        def iterate():
            try:
                while True:
                    try:
                        value = results.next(None if end is None else max(0, end - time.monotonic()))
                    except StopIteration:
                        return
                    yield value
            except _MultiprocessingTimeout as late:
                raise concurrent.futures.TimeoutError() from late
            finally:
                results.close()

        return iterate()

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Starts no further tasks. Those that were submitted are evaluated, unless `cancel_futures`, then the workers end."""
        with self._lock:
            self._is_shut_down = True
            futures = list(self._futures)
        if cancel_futures:
            for future in futures:
                future.cancel()
        if self._pool._state == "ended":
            return
        self._pool.close()
        if wait:
            self._pool.join()
        else:
            threading.Thread(target=self._pool.join, name="astropool-shutdown").start()
