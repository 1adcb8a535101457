"""The pool of a script."""

import atexit
import json
import os
import pickle
import struct
import sys
import threading
import warnings
import weakref

from . import _frames, _launch, _pickling
from ._feed import Feed, checked_chunk, checked_seed, checked_whole, length_of, milliseconds_of
from ._functions import FunctionTable
from ._interrupts import HeldInterrupts
from ._journal import MISSING, Journal, digest_of, key_of
from ._link import Link
from ._objects import FILE, FILE_READ_ONLY, INLINE, Broadcast, collected_broadcasts
from ._results import AsyncResult, EveryResult, MapResult, OneResult, PoolFuture, ResultIterator
from .errors import PoolError

__all__ = ["Pool", "AsyncResult"]

PROTOCOL = 1
_LARGEST_INLINE = 1 << 20
_READY_SECONDS = 120

_pools = weakref.WeakSet()


class Pool:
    """Evaluates Python functions on worker processes: of this machine, of a batch job, or of a cluster.

    The same script runs alone, where the workers are processes of this machine, and as
    ``mpiexec -n 64 astropool python script.py``, where one rank runs the script and the others work for it.

    Parameters
    ----------
    processes : int, optional
        The number of worker processes on this machine; by default one per processor.
    initializer, initargs : callable, tuple
        Called once in each worker process before its first task.
    pool : str
        "auto", or a carrier: "threads" and "processes" of this machine, or "hazelcast".
    launcher : sequence of str
        Words of a launcher that starts the workers, for instance ``["mpiexec", "-n", "8"]`` or ``["srun", "-n", "8"]``.
    options : sequence of str
        Further options of ``astropool python``.
    listen, secret_file : str, optional
        With ``pool="hazelcast"``: the address ``HOST[:PORT]`` of this machine at which further workers join, by default
        loopback, and the file with the secret that they need, which is created if it does not exist. `invitation` is the
        command that makes another machine a worker.
    python : str
        The interpreter of the workers; by default the one that runs the script.
    journal : str or path, optional
        A file in which results are kept. A script that is started again with the same file evaluates only what is missing.
    report : str or path, optional
        A page for a browser, rewritten at intervals while the pool is open: its workers, when they were busy, and where
        the core-seconds went. Under ``astropool python`` it is an option of that command, ``--report FILE``.
    maxtasksperchild, context : optional
        For scripts that are written for `multiprocessing`; without effect.
    astropool : str
        The path of the astropool program, if it is neither on the PATH nor beside this package.

    Raises
    ------
    PoolError
        The pool cannot be started.

    Notes
    -----
    Methods may be called by several threads. A Pool belongs to the process that opened it: children by fork must open
    another one, and it cannot be pickled. Tasks cannot use it. ``with Pool() as pool`` closes it at the end.
    """

    def __init__(self, processes=None, initializer=None, initargs=(), *, pool="auto", launcher=(), options=(), listen=None,
                 secret_file=None, python=None, astropool=None, journal=None, report=None, maxtasksperchild=None,
                 context=None):
        _launch.check_not_a_worker()
        if processes is not None:
            processes = checked_whole("processes", processes, 1)
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be callable")
        initargs = tuple(initargs)
        for name, words in (("launcher", launcher), ("options", options)):
            if isinstance(words, (str, bytes)):
                raise TypeError("%s is %r; it must be a list of words, for instance %r" % (name, words, words.split()))
        joining = [("--listen", listen), ("--secret-file", secret_file)]
        if pool != "hazelcast" and any(value is not None for _, value in joining):
            raise ValueError('workers can join only a pool over Hazelcast: Pool(pool="hazelcast", listen=...)')
        self._journal = None if journal is None else Journal(journal)
        self._state = "starting"
        self._owner = os.getpid()
        self._objects = 0
        self._last_call = 0
        self._calls = FunctionTable(self._define_call, self._forget_call)
        self._folder = None
        words = list(map(str, options))
        if processes is not None and not launcher and _launch.is_run_by_astropool():
            warnings.warn("processes=%d has no effect: `astropool python` has started the workers" % processes, stacklevel=2)
        elif processes is not None:
            # a process of Hazelcast's has several worker processes of its own
            words += ["--workers", "1", "--threads", str(processes)] if pool == "hazelcast" else ["--workers", str(processes)]
        if pool != "auto":
            words += ["--pool", str(pool)]
        for option, value in joining:
            if value is not None:
                words += [option, os.fspath(value)]
        if report is not None:
            words += ["--report", os.path.abspath(report)]
        try:
            self._link = Link(_launch.connect(astropool, launcher, words))
        except BaseException:
            if self._journal is not None:
                self._journal.close()
            raise
        _pools.add(self)
        self._lock = self._link.lock
        self._begin(initializer, initargs, python)

    def _begin(self, initializer, initargs, python):
        self._folder = _launch.spool_folder()
        object_id = 0
        try:
            if initializer is not None:
                object_id = self._define_object(
                    "the initializer and its arguments take", *_dumps((initializer, initargs), "the initializer or its arguments"))
            hello = {
                "protocol": PROTOCOL,
                "python": python or sys.executable,
                "package": os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                "initializer": object_id,
                "spool": self._folder,
                "setup": {
                    "path": [os.path.abspath(each) for each in sys.path],
                    "argv": sys.argv,
                    # cloudpickle sends what the script defines; otherwise workers import the script
                    "main": _main_to_import() if _pickling.cloudpickle is None else ["", ""],
                    "initializer": object_id,
                },
            }
            with self._lock:
                self._link.send(_frames.HELLO, 0, PROTOCOL, [json.dumps(hello).encode()])
            self._link.wait(lambda: self._link.ready or self._link.trouble, _READY_SECONDS)
            if not self._link.ready and self._link.trouble is None:
                self._link.fail_all("the pool did not start in %d s" % _READY_SECONDS)
            self._check_usable()
            self._state = "running"
        except BaseException:
            self.terminate()
            raise

    # ---- what libraries ask for ----

    @property
    def size(self):
        """How many tasks are evaluated at a time: the number of worker processes, which others may join or leave."""
        self._link.read_arrived()
        return self._link.slots

    _processes = _max_workers = size

    @property
    def invitation(self):
        """The command that makes another machine a worker of this pool, or None where none can join."""
        return self._link.ready.get("invitation")

    def is_master(self):
        """True: workers never run the script."""
        return True

    def wait(self):
        """Returns at once: for scripts that let workers wait here."""

    def __len__(self):
        return self.size

    def __enter__(self):
        self._check_usable()
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.close()
            self.join()
        else:
            self.terminate()

    def __reduce__(self):
        raise pickle.PicklingError(
            "a Pool cannot be pickled: it belongs to the process that opened it. A function that is sent to workers must not refer"
            " to it")

    def __repr__(self):
        return "<astropool.Pool: %s>" % (
            "%d workers, %s" % (self.size, self._link.ready.get("carrier", "")) if self._state == "running" else self._state)

    def _repr_html_(self):
        import html

        shown = "<b>astropool.Pool</b>: %s" % html.escape(repr(self)[len("<astropool.Pool: "):-1])
        if self.invitation and self._state == "running":
            shown += "<br>further workers: <code>%s</code>" % html.escape(self.invitation)
        return shown

    # ---- many tasks ----

    def map(self, func, iterable, chunksize=None, *, retries=0, timeout=None, progress=False, seed=None, callback=None):
        """The results of ``func`` for each item, in order.

        Parameters
        ----------
        chunksize : int, optional
            The number of items per message; by default it follows from the time that items take.
        retries : int
            Further attempts at an item whose function raised an exception.
        timeout : float, optional
            The time limit of one item in seconds; the worker process of an item that exceeds it is killed.
        progress : bool
            Whether to show a progress bar on standard error, or in the notebook.
        seed : int, optional
            The function receives a keyword argument ``rng``, a numpy Generator that depends only on the seed and on the
            number of the item.

        callback : callable, optional
            Called with each result, in order, when all are there: for scripts that are written for schwimmbad.

        Raises
        ------
        Exception
            That of the first item that failed, after all others were evaluated; its ``__cause__`` has the traceback of the
            worker.
        """
        results = self._map_async(func, iterable, "map", chunksize, retries, timeout, seed, progress=progress, waits=True).get()
        if callback is not None:
            for result in results:
                callback(result)
        return results

    def starmap(self, func, iterable, chunksize=None, *, retries=0, timeout=None, progress=False, seed=None):
        """As `map`, for items that are tuples of arguments."""
        items = map(tuple, iterable)
        return self._map_async(func, items, "starmap", chunksize, retries, timeout, seed, progress=progress, waits=True).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None, *, retries=0, timeout=None, seed=None):
        """As `map`, but returns an `AsyncResult` at once."""
        return self._map_async(func, iterable, "map", chunksize, retries, timeout, seed, callback, error_callback)

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None, *, retries=0, timeout=None,
                      seed=None):
        """As `starmap`, but returns an `AsyncResult` at once."""
        items = map(tuple, iterable)
        return self._map_async(func, items, "starmap", chunksize, retries, timeout, seed, callback, error_callback)

    def imap(self, func, iterable, chunksize=None, *, retries=0, timeout=None, seed=None):
        """An iterator over the results, in order. The iterable may be endless: it is read a bounded number of items ahead."""
        return ResultIterator(self, func, iterable, chunksize, retries, timeout, seed, ordered=True)

    def imap_unordered(self, func, iterable, chunksize=None, *, retries=0, timeout=None, seed=None):
        """As `imap`, with the results in the order in which they are computed."""
        return ResultIterator(self, func, iterable, chunksize, retries, timeout, seed, ordered=False)

    def istarmap(self, func, iterable, chunksize=None, *, retries=0, timeout=None, seed=None):
        """As `imap`, for items that are tuples of arguments."""
        return ResultIterator(self, func, iterable, chunksize, retries, timeout, seed, ordered=True, mode="starmap")

    def _map_async(self, func, iterable, mode, chunksize, retries, timeout, seed, callback=None, error_callback=None,
                   progress=False, waits=False):
        items = iterable if isinstance(iterable, (list, tuple, range)) else list(iterable)
        from ._progress import Progress

        bar = Progress(len(items)) if progress else None
        feed = self._feed(func, mode, items, chunksize, retries, timeout, seed, waits)
        return MapResult(self, feed, len(items), callback, error_callback, bar)

    def _feed(self, func, mode, items, chunksize, retries, timeout, seed, waits=False):
        return Feed(self, func, mode if seed is None or mode != "map" else "map-rng", iter(items), length_of(items),
                    checked_chunk(chunksize), checked_whole("retries", retries, 0), milliseconds_of(timeout), checked_seed(seed),
                    waits)

    # ---- one task ----

    def apply(self, func, args=(), kwds=None, *, retries=0, timeout=None):
        """The result of ``func(*args, **kwds)``, evaluated on a worker."""
        return self._apply(func, args, kwds, None, None, retries, timeout, True).get()

    def apply_async(self, func, args=(), kwds=None, callback=None, error_callback=None, *, retries=0, timeout=None):
        """As `apply`, but returns an `AsyncResult` at once. A callback is called with the result, by another thread."""
        return self._apply(func, args, kwds, callback, error_callback, retries, timeout, False)

    def _apply(self, func, args, kwds, callback, error_callback, retries, timeout, waits):
        result = OneResult(self, callback, error_callback, waits)
        result.task = self._start_one(
            func, (tuple(args), dict(kwds or {})), checked_whole("retries", retries, 0), milliseconds_of(timeout), result._arrived, waits)
        return result

    def submit(self, func, /, *args, **kwargs):
        """Evaluates ``func(*args, **kwargs)`` on a worker; returns a `concurrent.futures.Future`.

        Cancelling the future also stops a task that is already being evaluated.
        """
        future = PoolFuture()
        future._pool = weakref.ref(self)

        def arrived(values, failures, seconds):
            try:
                if not future.set_running_or_notify_cancel():
                    return
            except RuntimeError:
                return
            if failures:
                future.set_exception(failures[0])
            else:
                future.set_result(values[0])

        future._task = self._start_one(func, (args, kwargs), 0, 0, arrived)
        return future

    def _start_one(self, func, item, retries, milliseconds, arrived, waits=False):
        """Starts a call; returns the task, or None if the journal has its result."""
        ended = arrived
        if self._journal is not None:
            key = key_of(self._digest_of(self._call_of(func), func), "call", item, None, 0)
            value = self._journal.get(key)
            if value is not MISSING:
                arrived([value], {}, 0)
                return None

            def ended(values, failures, seconds):
                self._keep([key], values, failures)
                arrived(values, failures, seconds)

        return self._start_task(func, "call", (item,), 0, None, retries, milliseconds, ended, waits=waits)

    # ---- the journal ----

    def _digest_of(self, call, func):
        """The digest of a function in the journal."""
        if call.digest is None:
            call.digest = digest_of(func, "the function %s" % _name(func))
        return call.digest

    def _keep(self, keys, values, failures):
        if failures:
            done = [i for i in range(len(values)) if i not in failures]
            keys, values = [keys[i] for i in done], [values[i] for i in done]
        self._journal.add(keys, values)

    # ---- workers ----

    def run_everywhere(self, func, /, *args, **kwargs):
        """Evaluates ``func(*args, **kwargs)`` once in each worker process; returns the list of results.

        Processes that evaluate a task do so first. The list has an item for each process that exists at the time of the call,
        in the order of the workers; processes that are started later, because a worker joins or replaces one that was lost,
        do not evaluate the function: use the `initializer` of the pool for what all must have done.

        Raises
        ------
        Exception
            That of the first process in which the function failed, after all others have ended.
        """
        result = EveryResult(self)
        result.task = self._start_task(
            func, "everywhere", ((args, kwargs),), 0, None, 0, 0, result._arrived, waits=True, kind=_frames.EVERYWHERE)
        return result.get()

    def broadcast(self, value):
        """Sends a value to each machine once; returns a `Broadcast`, which functions may capture or receive as argument.

        The workers of a machine share the memory of its arrays, which are read-only there. The value must not change.
        """
        self._check_usable()
        pickled, buffers = _dumps(value, "the value", smallest=0)  # only arrays outside of the pickle can be read-only
        return Broadcast(self._define_object("the value takes", pickled, buffers, read_only=True), value, weakref.ref(self))

    def forget(self, broadcast):
        """Frees a broadcast value; functions that use it fail from now on."""
        with self._lock:
            self._check_usable()
            broadcast._is_forgotten = True
            for call in self._calls.values():
                if broadcast._identifier in call.broadcasts:  # its next tasks must not need the value
                    call.broadcasts.discard(broadcast._identifier)
                    self._link.send(_frames.END_CALL, 0, call.number)
                    call.number = 0
            self._link.send(_frames.FORGET, 0, broadcast._identifier)

    # ---- the end ----

    def close(self):
        """No further tasks can be started; those that were are evaluated. `join` waits for them."""
        if self._state in ("starting", "running"):
            self._state = "closed"

    def join(self):
        """Waits until all tasks have ended after `close` or `terminate`, and ends the workers."""
        if self._state not in ("closed", "ended"):
            raise ValueError("Pool is still running")
        if self._state == "ended":
            return
        self._link.join()
        self.terminate()

    def terminate(self):
        """Ends the workers; tasks that have no result fail with `BrokenPool`."""
        if os.getpid() != self._owner:
            return
        self._state = "ended"
        if not self._link.end():
            return
        if self._journal is not None:
            self._journal.close()
        if self._folder is not None:
            import shutil

            shutil.rmtree(self._folder, ignore_errors=True)

    # ---- sending ----

    def _check_usable(self):
        if self._state in ("closed", "ended") and os.getpid() == self._owner:
            raise ValueError("Pool not running")
        self._link.check_usable()

    def _define_object(self, takes, pickled, buffers, read_only=False):
        segments, length = _pickling.segments(pickled, buffers)
        limit = self._link.ready.get("max_object_bytes", length)  # none where all workers can read a file of this machine
        if length > limit:
            raise ValueError(
                "%s %d bytes, more than the limit of %d bytes for workers on other machines. Write the data to a file that they"
                " can read, and pass its name" % (takes, length, limit))
        with self._lock:
            self._objects += 1
            identifier = self._objects
        if length <= _LARGEST_INLINE:
            where = INLINE
        else:
            where = FILE_READ_ONLY if read_only else FILE
            segments = [self._spooled(identifier, segments, length)]
        with self._lock:
            self._link.send(_frames.OBJECT, where, identifier, segments)
        return identifier

    def _spooled(self, identifier, segments, length):
        path = os.path.join(self._folder, str(identifier))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _frames.write_all(descriptor, [_frames.flat(each) for each in segments if len(each)])
        except OSError as failure:
            os.unlink(path)
            raise PoolError("%d bytes cannot be written to %s: %s. Set ASTROPOOL_SPOOL to a folder with more space"
                            % (length, self._folder, failure)) from failure
        finally:
            os.close(descriptor)
        return os.fsencode(path)

    def _define_call(self, pickled, digest):
        return _Call(self._define_object("the function takes, with what it captures,", pickled.pickled, pickled.buffers))

    def _forget_call(self, call):
        if call.users:  # a call that is under way goes on with the function as it was given
            call.is_unwanted = True
            return
        call.is_forgotten = True
        if call.number:
            self._link.send(_frames.END_CALL, 0, call.number)
        self._link.send(_frames.FORGET, 0, call.function)

    def _call_number(self, call, broadcasts):
        """The number of a call that may use the given broadcast values, beside those that it has used before."""
        if call.number == 0 or not call.broadcasts.issuperset(broadcasts):
            if call.number:
                self._link.send(_frames.END_CALL, 0, call.number)
            call.broadcasts.update(broadcasts)
            self._last_call += 1
            call.number = self._last_call
            numbers = [call.function, *sorted(call.broadcasts)]
            self._link.send(_frames.CALL, len(numbers), call.number, [struct.pack(">%dQ" % len(numbers), *numbers)])
        return call.number

    def _open_call(self, func):
        """As `_call_of`; the workers keep the function until `_release_call`."""
        with self._lock, HeldInterrupts():
            self._check_usable()
            with collected_broadcasts(self) as broadcasts:
                call = self._known_call(func)
            self._call_number(call, broadcasts)
            call.users += 1
            return call

    def _release_call(self, call):
        with self._lock:
            call.users -= 1
            if not call.users and call.is_unwanted and self._link.trouble is None:
                call.is_unwanted = False
                self._forget_call(call)

    def _call_of(self, func):
        """The function at the workers, to which it is sent if they do not have it."""
        with self._lock, HeldInterrupts():
            self._check_usable()
            return self._known_call(func)

    def _known_call(self, func):
        if not callable(func):
            raise TypeError("%r is not callable" % (func,))
        try:
            return self._calls.value(func)
        except _pickling.NotPickled as failure:
            raise pickle.PicklingError("the function %s cannot be pickled: %s" % (_name(func), failure)) from failure.__cause__

    def _start_task(self, func, mode, items, index, seed, retries, milliseconds, arrived, waits=False,
                    kind=_frames.TASK, call=None):
        """Starts the evaluation of some items.

        `call` is what `_call_of` has returned for the function, if the caller knows it. `arrived` is called with values, failures
        by item and the seconds of the evaluation. With `waits` the caller calls `Link.wait` until it has been called.
        """
        with self._lock, HeldInterrupts():
            self._check_usable()
            with collected_broadcasts(self) as broadcasts:
                if call is None or call.is_forgotten:
                    call = self._known_call(func)
                pickled, buffers = _dumps_items((mode, index, seed, retries, items), items, index)
            number = self._call_number(call, broadcasts)
            segments, length = _pickling.segments(pickled, buffers)
            limit = self._link.ready.get("max_bytes", 1 << 30)
            if length > limit:
                raise ValueError(
                    "the arguments take %d bytes, more than the limit of %d bytes per message. Send large data once with"
                    " Pool.broadcast, or pass the names of files" % (length, limit))
            call.argument_bytes = length / len(items)
            header = _frames.TASK_HEADER.pack(number, milliseconds, len(items))
            return self._link.start(
                kind, len(items), [header, *segments], len(header) + length, arrived, call, waits)


def _main_to_import():
    """How workers import the main module, as those of multiprocessing do: by its name after `python -m`, else as a file."""
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return [spec.name, ""] if spec.name != "__main__" and not spec.name.endswith(".__main__") else ["", ""]
    return ["", "" if _pickling.is_interactive() else os.path.abspath(main.__file__)]


def _name(func):
    return getattr(func, "__qualname__", None) or repr(func)


def _dumps(value, what, **options):
    try:
        return _pickling.dumps(value, **options)
    except _pickling.NotPickled as failure:
        raise pickle.PicklingError("%s cannot be pickled: %s" % (what, failure)) from failure.__cause__


def _dumps_items(request, items, index):
    try:
        return _pickling.dumps(request)
    except _pickling.NotPickled as failure:
        for i, item in enumerate(items):
            try:
                _pickling.dumps(item)
            except _pickling.NotPickled as one:
                raise pickle.PicklingError("argument %d, of type %s, cannot be pickled: %s" % (
                    index + i, type(item).__name__, one)) from one.__cause__
        raise pickle.PicklingError("the arguments cannot be pickled: %s" % failure) from failure.__cause__


class _Call:
    """A function at the workers, with the broadcast values that it may use."""

    def __init__(self, function):
        self.function = function
        self.broadcasts = set()
        self.number = 0
        self.users = 0
        self.is_unwanted = self.is_forgotten = False
        self.digest = None  # in the journal
        self.seconds_per_item = None  # of the last message whose result has arrived
        self.argument_bytes = self.result_bytes = 1  # an item's, in the last message

    def bytes_per_item(self):
        return max(1, self.argument_bytes, self.result_bytes)


@atexit.register
def _end_all():
    for pool in list(_pools):
        pool.terminate()
