"""A worker process: receives functions and tasks, and answers with results. Started by the pool."""

import itertools
import json
import os
import pickle
import runpy
import sys
import time
import traceback
import types

from . import _frames, _globals, _pickling
from ._objects import Objects
from ._pipes import claim_pipes

_MOST_TRACEBACK = 16000
#: What a result takes in a message besides its own pickle.
_MOST_OVERHEAD = 4096
#: What to do about results that are not values.
_HINTS = {
    types.GeneratorType: "; return a list instead: list(...)",
    types.CoroutineType: "; the function is declared with `async`: send a plain function that calls asyncio.run",
    types.AsyncGeneratorType: "; the function is declared with `async`: send a plain function that calls asyncio.run",
}


def main():
    try:
        _serve()
    except BrokenPipeError:  # nobody needs the answer: the pool has ended, or the task was cancelled
        pass


def _serve():
    _pickling.is_worker = True
    requests, answers = claim_pipes()
    reader = _frames.FrameReader(requests)
    worker = _Worker(answers)
    while True:
        frame = reader.read()
        if frame is None:
            return
        kind, count, identifier, payload = frame
        if kind == _frames.RUN:
            worker.run(count, identifier, payload)
        elif kind == _frames.OBJECT:
            worker.objects.define(identifier, count, payload)
        elif kind == _frames.FORGET:
            worker.objects.forget(identifier)
        elif kind == _frames.SETUP:
            worker.set_up(json.loads(bytes(payload)))
        else:
            raise AssertionError("a frame of kind %d" % kind)


def _import_main(name, path):
    """Makes what the script defines available under the name by which it was pickled, as multiprocessing does."""
    main = types.ModuleType("__mp_main__")
    if name:
        content = runpy.run_module(name, run_name="__mp_main__", alter_sys=True)
    else:
        content = runpy.run_path(path, run_name="__mp_main__")
    main.__dict__.update(content)
    sys.modules["__main__"] = sys.modules["__mp_main__"] = main


class _Worker:
    def __init__(self, answers):
        self._answers = answers
        self._label = ""
        self._process = os.getpid()
        self.objects = Objects()

    # ---- the beginning ----

    def set_up(self, settings):
        self._label = "%s, process %d" % (settings["label"], os.getpid())
        try:
            sys.path[:] = settings["path"] + [each for each in sys.path if each not in settings["path"]]
            sys.argv[:] = settings["argv"]
            name, path = settings["main"]
            what = "the main module %s cannot be imported" % (name or path)
            if name or path:
                _import_main(name, path)
            what = "the initializer failed"
            if settings["initializer"]:
                function, arguments = self.objects.get(settings["initializer"])
                _globals.call_and_share(function, arguments, {})
            trouble = b""
        except BaseException as failure:
            trouble = _Failure.of(failure, self._label, what).summary().encode()
        _frames.write_frame(self._answers, _frames.STARTED, 1 if trouble else 0, 0, [trouble])

    # ---- tasks ----

    def run(self, count, identifier, payload):
        begin = time.perf_counter_ns()
        function_id, first, last = _frames.RUN_HEADER.unpack_from(payload, 0)
        results, failures = [], []
        try:
            function = self.objects.get(function_id)
        except BaseException as failure:
            failed = _Failure.of(failure, self._label, "the function cannot be unpickled on the worker")
            results, failures = [None] * (last - first), [(i, failed.state()) for i in range(last - first)]
        else:
            try:
                mode, index, seed, retries, items = self.objects.loads(payload[_frames.RUN_HEADER.size:])
            except BaseException as failure:
                failed = _Failure.of(failure, self._label, "the arguments cannot be unpickled on the worker")
                results, failures = [None] * (last - first), [(i, failed.state()) for i in range(last - first)]
            else:
                del payload
                if last - first != len(items):
                    items = items[first:last]
                self._evaluate(mode, function, items, index + first, seed, retries, results, failures)
                failures = [(number - index - first, state) for number, state in failures]
                items = None
        if os.getpid() != self._process:  # the function has forked, and the child must not answer for its parent
            os._exit(0)
        segments = self._packed(results, failures)
        _frames.write_frame(self._answers, _frames.DONE, len(results), time.perf_counter_ns() - begin, segments)

    def _evaluate(self, mode, function, items, index, seed, retries, results, failures):
        call = _MODES[mode](function)
        if seed is None and mode not in _SINGLE:
            waiting = iter(items)
            outcomes = map(function, waiting) if mode == "map" else itertools.starmap(function, waiting)
        else:
            waiting = iter(enumerate(items, index))
            outcomes = (
                call(item) if seed is None else call(item, _generator(seed, number)) for number, item in waiting)
        while len(results) < len(items):
            try:
                results.extend(outcomes)  # without a loop in Python; keeps those before one that raises
                failure = RuntimeError("the function raised StopIteration")
            except BaseException as raised:
                failure = raised
            if len(results) == len(items):
                return
            i = len(results)
            results.append(self._again(call, items[i], index + i, seed, retries, failure, failures))
            if seed is not None or mode in _SINGLE:  # a generator that has raised is exhausted
                outcomes = (
                    call(item) if seed is None else call(item, _generator(seed, number)) for number, item in waiting)
            elif mode == "map":
                outcomes = map(function, waiting)

    def _again(self, call, item, number, seed, retries, failure, failures):
        """The result of an item whose function has raised an exception: of a further attempt, or None."""
        for _ in range(retries):
            if isinstance(failure, SystemExit):
                break
            try:
                return call(item) if seed is None else call(item, _generator(seed, number))
            except BaseException as raised:
                failure = raised
        failures.append((number, _Failure.of(failure, self._label, "").state()))
        return None

    def _packed(self, results, failures):
        try:
            segments, length = _pickling.segments(*_pickling.dumps((results, failures)))
            if length <= _frames.LARGEST_MESSAGE:
                return segments
        except BaseException:
            pass
        # find those that cannot be pickled or are too large
        known, total = dict(failures), 0
        for i, result in enumerate(results):
            if i in known:
                continue
            trouble, length = self._trouble_of(result, total)
            total += length
            if trouble:
                known[i] = _Failure(None, "", trouble, "", self._label).state()
                results[i] = None
        return _pickling.segments(*_pickling.dumps((results, sorted(known.items()))))[0]

    @staticmethod
    def _trouble_of(result, before):
        """Why a result cannot be sent after others that take a number of bytes, or "", and how many bytes it takes."""
        name = _type_name(type(result))
        try:
            length = _pickling.segments(*_pickling.dumps(result))[1] + _MOST_OVERHEAD
        except BaseException as failure:
            return "the result of type %s cannot be pickled: %s%s" % (name, failure, _HINTS.get(type(result), "")), 0
        limit = _frames.LARGEST_MESSAGE - _MOST_OVERHEAD
        if length > limit:
            return ("the result of type %s takes %d bytes, more than the limit of %d bytes per message; write it to a file, and"
                    " return the name of the file" % (name, length, _frames.LARGEST_MESSAGE)), 0
        if before + length > limit:
            return ("the results of one message take more than the limit of %d bytes; set a smaller chunksize"
                    % _frames.LARGEST_MESSAGE), 0
        return "", length


def _plain(function):
    return lambda item, *rng: function(item, rng=rng[0]) if rng else function(item)


def _star(function):
    return lambda item, *rng: function(*item, rng=rng[0]) if rng else function(*item)


def _called(function):
    return lambda item, *rng: function(*item[0], rng=rng[0], **item[1]) if rng else function(*item[0], **item[1])


def _called_everywhere(function):
    return lambda item: _globals.call_and_share(function, *item)


def _same(function):
    return function


#: The modes of single tasks.
_SINGLE = ("call", "everywhere")
#: How a function is applied to an item.
_MODES = {"map": _same, "starmap": _star, "call": _called, "everywhere": _called_everywhere, "map-rng": _plain}


def _generator(seed, index):
    import numpy

    return numpy.random.Generator(numpy.random.PCG64(numpy.random.SeedSequence(seed, spawn_key=(index,))))


def _type_name(kind):
    return kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "." + kind.__qualname__


class _Failure:
    """An exception as it travels: pickled, if it can be, and as text."""

    def __init__(self, pickled, type_name, text, trace, worker):
        self._state = (pickled, type_name, text, trace, worker)

    @staticmethod
    def of(failure, worker, context):
        name = _type_name(type(failure))
        has_text = True
        try:
            text = str(failure)
        except BaseException as broken:
            text = "(its __str__ raised %s)" % type(broken).__name__
            has_text = False
        trace = _trace(failure)
        pickled = None
        if isinstance(failure, SystemExit):
            text = "the function called sys.exit(%s)" % ("" if failure.code is None else repr(failure.code))
        elif not isinstance(failure, Exception):  # would be taken for Ctrl-C in the script, for instance
            text = text or "raised by the function"
        elif not context and has_text:
            pickled = _pickled(failure)
        return _Failure(pickled, name, "%s: %s: %s" % (context, name, text) if context else text, trace, worker)

    def summary(self):
        return "%s\n%s" % (self._state[2], self._state[3])

    def state(self):
        return self._state


def _pickled(failure):
    """The bytes of an exception that can be rebuilt from them, or None. Exceptions with other constructors often cannot."""
    try:
        data, buffers = _pickling.dumps(failure)
        if buffers:
            data = pickle.dumps(failure, 5)
        rebuilt = pickle.loads(data)
        return data if type(rebuilt) is type(failure) else None
    except BaseException:
        return None


def _trace(failure):
    try:
        frames = traceback.format_exception(type(failure), failure, failure.__traceback__)
    except BaseException:
        return ""
    here = 'File "%s"' % __file__
    text = "".join(line for line in frames if here not in line.split("\n", 1)[0])
    return text if len(text) <= _MOST_TRACEBACK else text[:_MOST_TRACEBACK // 2] + "\n...\n" + text[-_MOST_TRACEBACK // 2:]
