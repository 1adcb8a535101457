"""The workers of a job, which evaluate its model for a sampler: the side of the script of `astropool eval`."""
import json
import os
import select
import subprocess
import threading
import warnings
import weakref

from ._interrupts import HeldInterrupts
from ._launch import Messages, check_one_process, start_program

_INFINITY = float("inf")


class PointFailed(Exception):
    """A point that failed, with the answer of `astropool eval` in `result`."""

    def __init__(self, result):
        super().__init__("%s: %s" % (result.get("kind", "failed"), result.get("message", "")))
        self.result = result


def _plain(point):
    """A point for JSON, which has no NaN and no infinity: as a string such a value only fails its own point."""
    if hasattr(point, "keys"):
        return {name: _number(point[name]) for name in point.keys()}
    return [_number(value) for value in point]


def _number(value):
    number = float(value)
    return number if -_INFINITY < number < _INFINITY else str(number)


def _lines(points, size):
    """One line per batch of this many points, or per point if that is one."""
    try:
        return _as_lines([_listed(point) for point in points], size)
    except (ValueError, TypeError):  # not finite, or numbers of another kind
        return _as_lines([_plain(point) for point in points], size)


def _listed(point):
    """The fast way for an array of numpy."""
    is_array = getattr(point, "ndim", 0) == 1 and point.dtype == float and not hasattr(point, "keys")
    return point.tolist() if is_array else _plain(point)


def _as_lines(points, size):
    batches = points if size == 1 else [points[i:i + size] for i in range(0, len(points), size)]
    return "".join([json.dumps(each, allow_nan=False) + "\n" for each in batches]).encode()


class _Request:
    """The answers to points that were sent together."""

    def __init__(self, first, count):
        self.first = first
        self.count = count
        self.missing = count
        self._answers = {}  # by the index of the first point of each

    def has(self, index):
        return self.first <= index < self.first + self.count

    def take(self, answer):
        index = answer["index"]
        together = isinstance(index, list)
        first = index[0] if together else index
        if first in self._answers:
            raise KeyError(first)
        self._answers[first] = answer
        self.missing -= len(index) if together else 1

    def answers(self):
        """The answers in the order of the points. Points that were evaluated together may have one, with a list of each value."""
        return [self._answers[first] for first in sorted(self._answers)]


def _singly(answer):
    """An answer for each point."""
    if not isinstance(answer["index"], list):
        return [answer]
    columns = dict(answer, status=[answer["status"]] * len(answer["index"]))
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


_pools = weakref.WeakSet()


def _leave_pools_to_parent():
    for pool in list(_pools):
        pool._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_pools_to_parent)


class JobPool:
    """The workers of a job, which keep running and evaluate its model. Opened by `Job.pool`; a context manager.

    A point with a wrong number of values, or with other names, raises ValueError. In emcee, write
    ``EnsembleSampler(walkers, dimensions, pool.log_likelihood, vectorize=True)``; a prior is a function around it.

    Threads may share it. Ctrl-C ends the wait for answers, not the pool. It belongs to the process that created it: a child
    (os.fork, multiprocessing) must open its own.

    Attributes
    ----------
    failures : list of (point, PointFailed)
        The points that failed and counted as `failed`.
    """

    def __init__(self, job, launcher=(), options=(), astropool=None, batch=1, failed=None):
        if batch < 1:
            raise ValueError("batch is %s, it must be at least 1" % batch)
        if failed is not None and not float(failed) < _INFINITY:
            raise ValueError("failed is %s, it must be a number or -math.inf: the sampler would seek such points" % failed)
        self.failures = []
        self._job = str(job)
        self._failed = None if failed is None else float(failed)
        self._owner = os.getpid()
        self._batch = batch
        self._lock = threading.Lock()
        self._answered = threading.Condition(self._lock)
        self._requests = []  # requests without all of their answers
        self._asked = 0  # points so far
        self._unsent = bytearray()
        self._received = b""  # the beginning of an incomplete line
        self._exchanging = False
        self._trouble = None  # why there are no more answers
        if not launcher:
            check_one_process('Job(...).pool(launcher=["mpiexec", "-n", ...])')
        self._process = start_program(["eval", self._job, "--columns", *map(str, options)], astropool, launcher)
        self._messages = Messages(self._process.stderr)
        os.set_blocking(self._process.stdin.fileno(), False)
        _pools.add(self)

    def evaluate(self, points):
        """The answers of `astropool eval` for each point, in order: dicts with "status" and the outputs.

        A point is a sequence of values in the order of the job's axes, or a dict by name.
        """
        return [each for answer in self._answers(list(points)) for each in _singly(answer)]

    def _answers(self, points):
        self._check_owner()
        lines = _lines(points, self._batch)  # raises before anything is sent
        with HeldInterrupts() as interrupts, self._lock:
            self._raise_trouble()
            request = _Request(self._asked, len(points))
            self._asked += len(points)
            self._requests.append(request)
            self._unsent += lines
            self._step(can_write=True, can_read=False)
            self._exchange(lambda: request.missing == 0, interrupts)
        return request.answers()

    def _check_owner(self):
        """Two processes that read from one pipe would receive each other's answers; and locks copied by a fork must not be used."""
        if os.getpid() != self._owner:
            raise RuntimeError(
                "this JobPool belongs to process %d and cannot be used in its child %d; evaluate there, or open another one"
                " in the child" % (self._owner, os.getpid()))

    def _leave_to_parent(self):
        """Closes this child's ends of the pipes: `astropool eval` would not see the end of its input while one is open."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.stderr.close()
        self._process.returncode = 0  # for the parent to wait for

    def _raise_trouble(self):
        if self._trouble is not None:
            raise RuntimeError(self._trouble)

    def _exchange(self, is_enough, interrupts):
        """Writes and reads, also for other threads, unless one of them already does: waking up another thread takes longer."""
        while not is_enough():
            self._raise_trouble()
            if self._exchanging:
                self._answered.wait(HeldInterrupts.LONGEST)
            else:
                self._exchanging = True
                to_write = [self._process.stdin] if self._unsent else []
                self._lock.release()
                try:
                    readable, writable, _ = select.select([self._process.stdout], to_write, [], HeldInterrupts.LONGEST)
                finally:
                    self._lock.acquire()
                    self._exchanging = False
                    self._answered.notify_all()
                self._step(writable, readable)
            interrupts.let_through()

    def _step(self, can_write, can_read):
        try:
            if can_write:
                self._write()
            if can_read:
                self._take(os.read(self._process.stdout.fileno(), 1 << 16))
        except BaseException:  # by a handler of another signal, for instance
            self._trouble = "this JobPool was interrupted between points and answers; open another one"
            raise

    def _write(self):
        try:
            while self._unsent:
                del self._unsent[:os.write(self._process.stdin.fileno(), self._unsent)]
        except BlockingIOError:
            pass
        except (OSError, ValueError):  # it has ended, or another thread has closed it
            self._unsent.clear()  # the reading thread also detects the end

    def _take(self, received):
        if not received:
            self._trouble = ("astropool eval has ended%s before all points were evaluated%s"
                             % (self._exit_code(), self._messages.shown()))
        *lines, self._received = (self._received + received).split(b"\n")
        try:
            for answer in json.loads(b"[" + b",".join(lines) + b"]"):  # parsing them together takes a third of the time
                self._request_of(answer["index"]).take(answer)
            self._requests = [request for request in self._requests if request.missing > 0]
        except (ValueError, TypeError, KeyError, IndexError):
            self._trouble = "astropool eval has written something that is not an answer: %r" % b"\n".join(lines)[:200]

    def _request_of(self, index):
        first = index[0] if isinstance(index, list) else index
        return [request for request in self._requests if request.has(first)][0]

    def _exit_code(self):
        try:
            return " with exit code %s" % self._process.wait(10)
        except subprocess.TimeoutExpired:
            return ", or closed its output,"

    def map(self, function, points):
        """The log-likelihoods of points, in order, for samplers that take a map().

        The function must be None or the `log_likelihood` of this pool: it is not called, the model is the job's.
        """
        if not self._is_log_likelihood(function):
            raise TypeError(
                "JobPool.map evaluates the model of the job and cannot call %r. Give the sampler pool.log_likelihood itself;"
                " put another sign, a prior or more values into a function around it, for instance:"
                " def log_prob(points): return log_prior(points) + pool.log_likelihood(points)"
                " with emcee.EnsembleSampler(..., log_prob, vectorize=True), or with scipy's differential_evolution"
                " (lambda x: -pool.log_likelihood(x.T), ..., vectorized=True)" % (function,))
        points = list(points)
        values = []
        for answer in self._answers(points):
            if isinstance(answer["index"], list):
                values += map(float, answer["log_likelihood"])
            else:
                values.append(self._log_likelihood(points[len(values)], answer))
        return values

    def _is_log_likelihood(self, function):
        if type(function).__module__.split(".")[0] == "emcee" and not (
                getattr(function, "args", None) or getattr(function, "kwargs", None)):
            function = getattr(function, "f", function)  # as emcee wraps functions
        own = JobPool.log_likelihood
        return function is None or (
            getattr(function, "__self__", None) is self and getattr(function, "__func__", None) is own)

    def log_likelihood(self, points):
        """The log-likelihood of a point, or of many (a sequence of points, or an array with one row per point).

        Returns a number, or an array of numpy; -inf for a point that the model skips.

        Raises PointFailed if a point fails, after all points were evaluated, unless the pool was opened with `failed`.
        """
        if hasattr(points, "keys") or (len(points) > 0 and not hasattr(points[0], "__len__")):
            return self.map(None, [points])[0]
        values = self.map(None, points)
        try:
            import numpy
        except ImportError:
            return values
        return numpy.array(values)

    def _log_likelihood(self, point, answer):
        if answer["status"] == "ok":
            return float(answer["log_likelihood"])
        if answer["status"] != "failed":
            return -_INFINITY
        if answer.get("unreadable"):
            raise ValueError("%s; the point was %s" % (answer["message"], point))
        failure = PointFailed(answer)
        self.failures.append((point, failure))
        if self._failed is None:
            raise failure
        warnings.warn("a point failed and counts as %s: %s" % (self._failed, failure), stacklevel=3)
        return self._failed

    def close(self):
        """Ends the workers. Has no effect on them in a child of the process that created it."""
        if os.getpid() != self._owner:
            self._leave_to_parent()
            return
        with HeldInterrupts() as interrupts, self._lock:
            self._unsent.clear()
            self._process.stdin.close()
            try:
                self._exchange(lambda: False, interrupts)
            except RuntimeError:
                self._trouble = "this JobPool is closed"
        self._process.stdout.close()
        self._process.wait()
        self._messages.join(1)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __len__(self):
        """For samplers that use the number of workers: it is unknown, and results do not depend on it."""
        return 1

    def __repr__(self):
        return "<astropool.JobPool of %s%s>" % (self._job, ": " + self._trouble if self._trouble else "")

    def __getstate__(self):
        raise TypeError("a JobPool cannot be pickled: it belongs to this process")
