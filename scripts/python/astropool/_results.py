"""What the calls of a pool return: results that arrive later, at once or one by one."""

import multiprocessing
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future

from ._feed import BLOCKS_PER_SLOT, LARGEST_BLOCK, length_of
from .errors import BrokenPool

#: How long to wait at a time; a wait without a limit could not be interrupted on all systems.
_WAIT_SECONDS = 3600.0


class AsyncResult:
    """The result of a call that may not have ended yet, with the methods of `multiprocessing.pool.AsyncResult`."""

    def __init__(self, pool, callback, error_callback, waits=False):
        self._pool = pool
        self._waits = waits
        self._callback = callback
        self._error_callback = error_callback
        self._event = threading.Event()
        self._value = None
        self._failure = None

    def ready(self):
        """Whether the call has ended."""
        return self._event.is_set()

    def successful(self):
        """Whether it ended without an exception. Raises ValueError if it has not ended."""
        if not self.ready():
            raise ValueError("%r not ready" % (self,))
        return self._failure is None

    def wait(self, timeout=None):
        """Waits until the call has ended, or for `timeout` seconds."""
        self._event.wait(timeout)

    def get(self, timeout=None):
        """The result; raises the exception of the call, or multiprocessing.TimeoutError after `timeout` seconds."""
        try:
            if self._waits or self._pool._link.is_reading():
                self._pool._link.wait(self._event.is_set, timeout)
            else:
                self._event.wait(timeout)
        except BaseException:  # Ctrl-C: nobody will ask for the result again
            self.cancel()
            raise
        if not self._event.is_set():
            raise multiprocessing.TimeoutError
        if self._failure is not None:
            raise self._failure
        return self._value

    def cancel(self):
        """Withdraws what has not been evaluated yet."""
        raise NotImplementedError

    def _end(self, value, failure):
        self._value = value
        self._failure = failure
        self._event.set()
        callback = self._callback if failure is None else self._error_callback
        if callback is not None:
            try:
                callback(value if failure is None else failure)
            except Exception:
                sys.excepthook(*sys.exc_info())


class OneResult(AsyncResult):
    task = None

    def _arrived(self, values, failures, seconds):
        self._end(values[0], failures.get(0))

    def cancel(self):
        if self.task is not None:
            self._pool._link.cancel(self.task)


class EveryResult(OneResult):
    """The results of all worker processes."""

    def __init__(self, pool):
        super().__init__(pool, None, None, waits=True)

    def _arrived(self, values, failures, seconds):
        self._end(values, failures[min(failures)] if failures else None)


class MapResult(AsyncResult):
    def __init__(self, pool, feed, length, callback, error_callback, bar):
        super().__init__(pool, callback, error_callback, feed.waits)
        self._feed = feed
        self._lock = threading.RLock()
        self._results = [None] * length
        self._failures = {}
        self._missing = length
        self._under_way = {}
        self._bar = bar
        self._stopped = False
        self._is_starting = False
        with self._lock:
            self._start_more()
            is_over = self._missing == 0
        if is_over:
            self._finish(None)

    def _start_more(self):
        with self._lock:
            self._is_starting = True
            try:
                while not (self._feed.is_done or self._stopped) and len(self._under_way) < BLOCKS_PER_SLOT * self._pool._link.slots:
                    index = self._feed.index
                    self._under_way[index] = None
                    task = self._feed.start(self._arrived)
                    if task is None:
                        self._under_way.pop(index, None)
                    elif index in self._under_way:
                        self._under_way[index] = task
            except BaseException:
                self._under_way.pop(index, None)
                self.cancel()
                raise
            finally:
                self._is_starting = False

    def _arrived(self, index, values, failures, seconds):
        with self._lock:
            self._under_way.pop(index, None)
            if self._stopped:
                return
            self._results[index:index + len(values)] = values
            for i, failure in failures.items():
                self._failures[index + i] = failure
            self._missing -= len(values)
            if self._bar is not None:
                self._bar.advance(len(values), len(failures))
            broken = next((f for f in failures.values() if isinstance(f, BrokenPool)), None)
            if self._is_starting:  # a result of the journal, which whoever starts has at once
                return
            try:
                if broken is None:
                    self._start_more()
            except BaseException as failure:  # an argument that cannot be pickled
                broken = failure
            if broken is not None:
                self._stopped = True
            elif self._missing > 0:
                return
        self._finish(broken)

    def _finish(self, broken):
        if self._bar is not None:
            self._bar.close()
        first = self._failures[min(self._failures)] if self._failures else None
        self._end(self._results, broken if broken is not None else first)

    def cancel(self):
        with self._lock:
            self._stopped = True
            self._feed.close()
            tasks = list(self._under_way.values())
            self._under_way.clear()
        for task in tasks:
            if task is not None:
                self._pool._link.cancel(task)
        if self._bar is not None:
            self._bar.close()


class ResultIterator:
    """The iterator of `imap`. It reads ahead as many messages as keep the workers busy."""

    def __init__(self, pool, func, iterable, chunksize, retries, timeout, seed, ordered, mode="map"):
        self._pool = pool
        self._ordered = ordered
        items = iter(iterable)
        self._feed = pool._feed(func, mode, items, chunksize, retries, timeout, seed)
        self._feed.length = length_of(iterable)
        self._feed.is_done = self._feed.length == 0
        self._arrived_blocks = {}
        self._condition = threading.Condition()
        self._under_way = {}
        self._ready = deque()
        self._next = 0
        self._fill()

    def __iter__(self):
        return self

    def _fill(self):
        waiting = sum(len(values) for values, _ in self._arrived_blocks.values())
        while not self._feed.is_done and len(self._under_way) + len(self._arrived_blocks) < BLOCKS_PER_SLOT * self._pool._link.slots \
                and waiting < LARGEST_BLOCK:
            index = self._feed.index
            self._under_way[index] = None
            try:
                task = self._feed.start(self._arrived)
            except BaseException:  # an argument that cannot be pickled: the items after it are not evaluated
                self._under_way.pop(index, None)
                self._feed.close()
                raise
            if task is None:
                self._under_way.pop(index, None)
            elif index in self._under_way:
                self._under_way[index] = task

    def _arrived(self, index, values, failures, seconds):
        with self._condition:
            self._under_way.pop(index, None)
            self._arrived_blocks[index] = values, failures
            self._condition.notify_all()

    def _has_more(self):
        return (self._next in self._arrived_blocks) if self._ordered else bool(self._arrived_blocks)

    def _take(self):
        """The next block that has arrived, or None. With the condition held."""
        if self._ordered:
            index = self._next if self._next in self._arrived_blocks else None
        else:
            index = next(iter(self._arrived_blocks), None)
        return None if index is None else self._arrived_blocks.pop(index)

    def next(self, timeout=None):
        """The next result. Raises multiprocessing.TimeoutError after `timeout` seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while not self._ready:
            self._fill()
            with self._condition:
                block = self._take()
                if block is None:
                    if self._feed.is_done and not self._under_way and (self._ordered or not self._arrived_blocks):
                        raise StopIteration
                    left = _WAIT_SECONDS if end is None else end - time.monotonic()
                    if left <= 0:
                        raise multiprocessing.TimeoutError
                    if not self._pool._link.is_reading():
                        self._condition.wait(left)
                        continue
            if block is None:  # a callback waits, and nobody else reads
                self._pool._link.wait(self._has_more, left)
                continue
            values, failures = block
            self._next += len(values)
            self._ready.extend((value, failures.get(i)) for i, value in enumerate(values))
            self._fill()
        value, failure = self._ready.popleft()
        if failure is not None:
            raise failure
        return value

    __next__ = next

    def close(self):
        """Withdraws what has not been evaluated yet."""
        self._feed.close()
        for task in list(self._under_way.values()):
            if task is not None:
                self._pool._link.cancel(task)
        self._under_way.clear()

    def __del__(self):
        try:
            self.close()
        except Exception:
            pass


class PoolFuture(Future):
    """A future whose cancellation withdraws its task."""

    _task = None
    _pool = None

    def result(self, timeout=None):
        self._wait_in_callback(timeout)
        return super().result(timeout)

    def exception(self, timeout=None):
        self._wait_in_callback(timeout)
        return super().exception(timeout)

    def _wait_in_callback(self, timeout):
        pool = self._pool()
        if pool is not None and not self.done() and pool._link.is_reading():
            pool._link.wait(self.done, timeout)

    def cancel(self):
        if not super().cancel():
            return False
        pool = self._pool()
        if pool is not None and self._task is not None and pool._link.cancel(self._task):
            self.set_running_or_notify_cancel()  # otherwise whoever brings the result does so
        return True
