"""What the frame that ends a task says: values and failures."""

import json
import pickle

from . import _frames, _pickling
from .errors import BrokenPool, RemoteError, RemoteTraceback, TaskTimeout, WorkerLost


class Pending:
    """A task under way."""

    __slots__ = ("arrived", "count", "call", "waits")

    def __init__(self, arrived, count, call, waits):
        self.arrived = arrived
        self.count = count
        self.call = call
        self.waits = waits

    def end(self, kind, payload):
        try:
            values, failures, seconds = _outcomes(kind, payload, self.count)
        except BaseException as failure:  # the class of a result may raise anything when it is unpickled
            values, seconds = [None] * self.count, 0
            failures = {i: _with_cause(
                RemoteError("the result cannot be unpickled: %s: %s" % (type(failure).__name__, failure)), failure)
                for i in range(self.count)}
        if seconds > 0:
            self.call.seconds_per_item = seconds / len(values)
            self.call.result_bytes = len(payload) / len(values)
        self.arrived(values, failures, seconds)

    def broken(self, trouble):
        self.arrived([None] * self.count, {i: BrokenPool(trouble) for i in range(self.count)}, 0)


def _with_cause(failure, cause):
    failure.__cause__ = cause
    return failure


def _outcomes(kind, payload, count):
    if kind == _frames.FAILED:
        report = json.loads(bytes(payload))
        failure = WorkerLost if report["kind"] == "lost" else RemoteError
        return [None] * count, {i: failure(report["message"], worker=report["worker"]) for i in range(count)}, 0.0
    values, failures, nanoseconds, position = [], {}, 0, 0
    while position < len(payload):
        items, part, nanos, length = _frames.PART_HEADER.unpack_from(payload, position)
        position += _frames.PART_HEADER.size
        body = payload[position:position + length]
        position += length + -length % 8
        nanoseconds += nanos
        if part == _frames.ANSWERED:
            results, failed = _pickling.loads(body)
            for i, state in failed:
                failures[len(values) + i] = _rebuilt(*state)
            values = values + results if values else results
        else:
            report = json.loads(bytes(body))
            for i in range(items):
                failures[len(values) + i] = (TaskTimeout if part == _frames.TIMED_OUT else WorkerLost)(
                    report["message"], worker=report["worker"])
            values = values + [None] * items
    return values, failures, nanoseconds * 1e-9


def _rebuilt(pickled, type_name, text, trace, worker):
    if pickled is not None:
        try:
            failure = pickle.loads(pickled)
        except BaseException:
            failure = None
        if isinstance(failure, BaseException):
            failure.__cause__ = RemoteTraceback("\n\non worker %s:\n%s" % (worker, trace))
            return failure
    failure = RemoteError("%s: %s" % (type_name, text) if type_name and text else type_name or text, type_name, worker)
    if trace:
        failure.__cause__ = RemoteTraceback("\n\non worker %s:\n%s" % (worker, trace))
    return failure
