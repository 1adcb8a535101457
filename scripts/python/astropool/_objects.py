"""Functions and broadcast values: what is sent to a worker process once."""

import mmap
import os
import pickle
import threading

from . import _pickling

#: How an object is given: as bytes, as the name of a file, or as that of a file whose arrays are read-only.
INLINE, FILE, FILE_READ_ONLY = range(3)


_collecting = threading.local()


class collected_broadcasts:
    """The identifiers of the broadcast values of the pool that this thread pickles meanwhile; those of others are refused."""

    def __init__(self, pool):
        self._pool = pool

    def __enter__(self):
        _collecting.identifiers, _collecting.pool = result, _ = set(), self._pool
        return result

    def __exit__(self, kind, value, trace):
        del _collecting.identifiers, _collecting.pool


class Broadcast:
    """A value that was sent to the workers once, by `Pool.broadcast`. Workers map its arrays read-only."""

    _current = None  # the Objects of this worker process

    def __init__(self, identifier, value, pool=lambda: None):
        self._identifier = identifier
        self._value = value
        self._pool = pool
        self._is_forgotten = False
        self._known_digest = None

    @property
    def value(self):
        """The value. On workers its arrays are read-only; they share the memory of all workers of a machine."""
        return self._value

    def _digest(self):
        """A digest of the value, for the journal."""
        if self._known_digest is None:
            from ._journal import digest_of

            self._known_digest = digest_of(self._value, "a broadcast value")
        return self._known_digest

    def __reduce__(self):
        if self._is_forgotten:
            raise pickle.PicklingError("it refers to a broadcast value that Pool.forget has freed")
        if hasattr(_collecting, "identifiers"):
            if self._pool() is not _collecting.pool:
                raise pickle.PicklingError("it refers to a broadcast value of another pool; send it with Pool.broadcast of this one")
            _collecting.identifiers.add(self._identifier)
        return _received, (self._identifier,)

    def __repr__(self):
        return "Broadcast(%r)" % (type(self._value),)


def _received(identifier):
    if Broadcast._current is None:
        raise RuntimeError("a Broadcast can only be used by functions and arguments of its pool")
    return Broadcast(identifier, Broadcast._current.get(identifier, read_only=True))


class Objects:
    """The objects of a worker process, each unpickled when it is first used."""

    def __init__(self):
        self._packed = {}
        self._objects = {}
        self._failures = {}
        Broadcast._current = self

    def define(self, identifier, where, payload):
        self._packed[identifier] = where, payload

    def get(self, identifier, read_only=False):
        """The object; raises what unpickling it has raised, again at each call."""
        try:
            return self._objects[identifier]
        except KeyError:
            pass
        if identifier in self._failures:
            raise self._failures[identifier]
        if identifier not in self._packed:
            raise RuntimeError("the broadcast value was forgotten by the pool")
        packed = self._packed.pop(identifier)
        try:
            where, payload = packed
            if where != INLINE:
                payload = _mapped(bytes(payload), where == FILE)
            elif read_only:
                payload = payload.toreadonly()
            value = _pickling.loads(payload)
        except Exception as failure:
            self._failures[identifier] = failure
            raise
        self._objects[identifier] = value
        return value

    def forget(self, identifier):
        self._packed.pop(identifier, None)
        self._objects.pop(identifier, None)

    @staticmethod
    def loads(view):
        return _pickling.loads(view)


def _mapped(path, writable):
    """The bytes of a file. Where they may be written to, that changes a copy of the page, in this process alone."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        protection = mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0)
        return memoryview(mmap.mmap(descriptor, 0, flags=mmap.MAP_PRIVATE, prot=protection))
    finally:
        os.close(descriptor)
