"""The connection of a script to the astropool program: the frames that are sent and received, and the tasks under way."""

import json
import os
import select
import threading
import time

from . import _frames, _launch
from ._interrupts import HeldInterrupts
from ._outcomes import Pending
from .errors import BrokenPool, PoolError

_WAIT_SECONDS = 3600.0
_LONGEST_POLL_MILLISECONDS = 100
_LONGEST_WAIT = 0.02
#: So many tasks under way for each worker process keep it busy until further ones have been sent, which are when there are few.
_ENOUGH_TASKS = 32
_FEW_TASKS = 16
#: Larger frames are sent at once, and so are those that wait when they have as many bytes.
_SMALL_FRAME = 1 << 11
_MOST_BYTES_HELD = 1 << 15


class Link:
    """Sends frames, and calls those who wait for a result when it arrives. Thread-safe.

    Results are read by the thread that waits for one, because to wake another one takes longer; tasks for which nobody
    waits have a thread of their own, which reads in the background.

    While the workers have more than enough to do, small tasks wait for each other, so that many are sent with one call of
    the operating system: a result that arrives sends them.

    Parameters
    ----------
    connection : _launch.Connection

    Attributes
    ----------
    lock : threading.RLock
        Held by those who send frames that belong together.
    ready : dict
        What the program has told of itself and of its workers; empty until it is ready.
    trouble : str or None
        Why the link cannot be used any more.
    """

    def __init__(self, connection):
        self.connection = connection
        self.lock = threading.RLock()
        self.ready = {}
        self.trouble = None
        self._owner = os.getpid()
        self._is_ended = False
        guard = threading.Lock()
        self._finished = threading.Condition(guard)  # tasks have ended
        self._needs_reader = threading.Condition(guard)  # of the same: there is something to read in the background
        self._reading = threading.RLock()  # held by the thread that reads frames; a callback, which it calls, may wait for others
        self._in_background = 0  # tasks for which nobody may be waiting; guarded by the conditions
        self._tasks = {}  # by identifier: called with the frame that ends the task
        self._last = 0
        self._held = []  # small frames that wait for others; guarded by the lock, as the two counts
        self._bytes_held = self._tasks_held = 0
        self._last_words = None
        self._messages = None
        if connection.process is not None:
            self._messages = _launch.Messages(connection.process.stderr)
        _frames.enlarge_pipe(connection.reads)
        _frames.enlarge_pipe(connection.writes)
        self._frames = _frames.FrameReader(connection.reads)
        self._arrivals = select.poll()  # of the thread that reads
        self._arrivals.register(connection.reads, select.POLLIN)
        self._reader = threading.Thread(target=self._read_in_background, name="astropool-pool", daemon=True)
        self._reader.start()

    @property
    def slots(self):
        """The number of worker processes, as far as has been read."""
        return self.ready.get("slots", 1)

    def check_usable(self):
        """Raises PoolError or BrokenPool."""
        if os.getpid() != self._owner:
            raise PoolError(
                "this Pool belongs to process %d and cannot be used in its child %d; evaluate there, or open another Pool in the child"
                % (self._owner, os.getpid()))
        if self.trouble is not None:
            raise BrokenPool(self.trouble)

    # ---- sending; the caller holds the lock ----

    def send(self, kind, count, identifier, segments=()):
        """Sends a frame, after those that wait."""
        self._write(self._write_all, kind, count, identifier, segments)

    def start(self, kind, count, segments, length, arrived, call, waits):
        """Sends a task; returns its identifier.

        Parameters
        ----------
        arrived : callable
            Called with values, failures by item and the seconds of the evaluation.
        waits : bool
            Whether the caller calls `wait` until it has been called.
        """
        self._last += 1
        task = self._last
        self._tasks[task] = Pending(arrived, count, call, waits)
        if not waits:
            with self._finished:
                self._in_background += 1
                if self._in_background == 1:
                    self._needs_reader.notify()
        try:
            if waits or length > _SMALL_FRAME or not self._has_more_than(_ENOUGH_TASKS):
                self.send(kind, count, task, segments)
            else:
                self._hold(_frames.HEADER.pack(kind, count, task, length) + b"".join(segments))
        except BaseException:
            self._take(task)
            raise
        return task

    def _has_more_than(self, tasks):
        """Whether each worker process has so many tasks on average."""
        return len(self._tasks) - self._tasks_held > tasks * self.slots

    def _hold(self, frame):
        self._held.append(frame)
        self._tasks_held += 1
        self._bytes_held += len(frame)
        if self._bytes_held > _MOST_BYTES_HELD:
            self._write(self._write_held)

    def _write(self, writing, *arguments):
        try:
            writing(*arguments)
        except (OSError, ValueError):
            with self._finished:
                self._finished.wait_for(lambda: self.trouble is not None, 1)
            # The reader may be late, or wait for the lock that this thread holds.
            raise BrokenPool(self.trouble or self._how_it_ended()) from None

    def _write_held(self):
        if self._held:
            held = b"".join(self._held)
            self._held.clear()
            self._bytes_held = self._tasks_held = 0
            _frames.write_all(self.connection.writes, [memoryview(held)])

    def _write_all(self, kind, count, identifier, segments):
        self._write_held()
        _frames.write_frame(self.connection.writes, kind, count, identifier, segments)

    def _send_held(self):
        """Sends the tasks that wait if the workers may soon have nothing to do."""
        if self._held and not self._has_more_than(_FEW_TASKS):
            with self.lock:
                try:
                    self._write_held()
                except (OSError, ValueError):
                    pass  # the pool has ended, as whoever reads finds out

    def _take(self, task):
        pending = self._tasks.pop(task, None)
        if pending is not None and not pending.waits:
            with self._finished:
                self._in_background -= 1
        return pending

    def cancel(self, task):
        """Withdraws a task; returns whether it had not ended."""
        pending = self._take(task)
        if pending is None:
            return False
        if os.getpid() == self._owner and self.trouble is None:
            with self.lock:
                try:
                    self.send(_frames.CANCEL, 0, task)
                except BrokenPool:
                    pass
        self._notify()
        return True

    # ---- receiving ----

    def is_reading(self):
        """Whether the caller is a callback, for which the thread that reads frames waits."""
        return self._reading._is_owned()

    def wait(self, is_awaited, timeout=None):
        """Reads frames until a condition holds or the time is over, or waits for another thread that does so."""
        end = None if timeout is None else time.monotonic() + timeout

        def is_awaited_or_late():
            return is_awaited() or time.monotonic() >= end

        is_done = is_awaited if timeout is None else is_awaited_or_late

        while not is_done():
            if self._reading.acquire(blocking=False):
                try:
                    while not is_done() and self.trouble is None:
                        if self._has_arrived(_LONGEST_POLL_MILLISECONDS):
                            with HeldInterrupts():
                                self._read_frame()
                finally:
                    self._reading.release()
                    self._notify()
                if self.trouble is not None and not is_done():
                    self.fail_all(self.trouble)
                    return
            else:
                with self._finished:
                    if not is_done():
                        self._finished.wait(_LONGEST_WAIT)

    def join(self):
        """Waits until all tasks have ended."""
        with self._finished:
            while self._tasks and self.trouble is None:
                self._finished.wait(_WAIT_SECONDS)

    def read_arrived(self):
        """Reads what has arrived while nobody waited, unless another thread reads."""
        if os.getpid() != self._owner or self.is_reading():
            return
        while self.trouble is None and not self._is_ended and self._reading.acquire(blocking=False):
            try:
                if not self._has_arrived(0):
                    return
                with HeldInterrupts():
                    self._read_frame()
            finally:
                self._reading.release()

    def _has_arrived(self, milliseconds):
        return self._frames.has_more() or self._arrivals.poll(milliseconds)

    def _read_in_background(self):
        while self.trouble is None:
            with self._needs_reader:
                while not self._in_background and not self._is_ended and self.trouble is None:
                    self._needs_reader.wait(_WAIT_SECONDS)
            with self._reading:
                while (self._in_background or self._is_ended) and self.trouble is None:
                    self._read_frame()
        self.fail_all(self.trouble)

    def _read_frame(self):
        """Reads a frame and does what it says. The caller holds the lock for reading."""
        try:
            frame = self._frames.read()
        except (OSError, ValueError) as failure:
            frame = None
            self._last_words = self._last_words or "the connection to the pool broke: %s" % failure
        if frame is None:
            self.fail_all("the pool was closed" if self._is_ended else self._last_words or self._how_it_ended())
            return
        kind, count, identifier, payload = frame
        if kind in (_frames.RESULT, _frames.FAILED):
            pending = self._take(identifier)
            self._send_held()
            if pending is not None:
                pending.end(kind, payload)
            if not self._frames.has_more():
                self._notify()
        elif kind in (_frames.READY, _frames.WORKERS):
            described = json.loads(bytes(payload))
            if described:
                self.ready = described
                self._send_held()  # there may be more workers
        elif kind == _frames.ENDED:
            self._last_words = json.loads(bytes(payload))["message"]

    def _notify(self):
        with self._finished:
            self._finished.notify_all()

    # ---- the end ----

    def _how_it_ended(self):
        process = self.connection.process
        if process is None:
            return "the pool has ended"
        try:
            code = process.wait(5)
        except Exception:
            return "the pool has closed its connection"
        self._messages.join(1)
        last = "".join(self._messages.last).strip()
        return "the pool has ended with exit code %d%s" % (code, ":\n" + last if last else "")

    def fail_all(self, trouble):
        """Lets all tasks fail with `BrokenPool`, now and from now on."""
        with self._finished:
            self.trouble = self.trouble or trouble
            tasks = list(self._tasks.values())
            self._tasks.clear()
            self._in_background = 0
            self._finished.notify_all()
            self._needs_reader.notify()
        for pending in tasks:
            pending.broken(self.trouble)

    def end(self):
        """Ends the program; tasks that have no result fail. Returns False if that was done before."""
        with self._finished:
            if self._is_ended:
                return False
            self._is_ended = True
            self._needs_reader.notify()  # it sees the end of the program
        connection = self.connection
        connection.close_writing()
        if connection.process is not None:
            try:
                connection.process.wait(5)
            except Exception:
                connection.process.kill()
                connection.process.wait()
        self._reader.join(5)
        self.fail_all("the pool was closed")
        connection.close()
        if self._messages is not None:
            self._messages.join(1)
            connection.process.stderr.close()
        return True
