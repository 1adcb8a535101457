"""Recognizes functions that the workers already have."""

import functools
import hashlib
import types
import zlib

from . import _pickling

_MOST_REMEMBERED = 64
#: Buffers up to this size are compared completely, larger ones by samples.
_COMPARED_COMPLETELY = 1 << 18
_SAMPLES = 1024
_SAMPLE_BYTES = 64


class Pickled:
    """A function that was pickled: its bytes, and the objects that keep the memory of its buffers alive."""

    def __init__(self, pickled, buffers):
        self.pickled = pickled
        self.buffers = buffers
        self._raw = [each.raw() for each in buffers]

    def is_same(self, other):
        """Whether the other one has the same pickle, and the same buffers in the same memory, by samples unchanged."""
        return (
            self.pickled == other.pickled
            and len(self._raw) == len(other._raw)
            and all(_address(a) == _address(b) and a.nbytes == b.nbytes for a, b in zip(self._raw, other._raw)))

    def samples(self):
        return [_sample(view) for view in self._raw]

    def digest(self):
        result = hashlib.blake2b(self.pickled, digest_size=16)
        for view in self._raw:
            result.update(b"%d:" % view.nbytes)
            result.update(view)
        return result.digest()


def _address(view):
    import ctypes

    if view.readonly:
        import numpy  # ctypes takes no read-only buffers; those who have such buffers have numpy

        return numpy.frombuffer(view, dtype="u1").ctypes.data
    return ctypes.addressof(ctypes.c_char.from_buffer(view))


def _sample(view):
    if view.nbytes <= _COMPARED_COMPLETELY:
        return zlib.crc32(view)
    result = 0
    step = (view.nbytes - _SAMPLE_BYTES) // (_SAMPLES - 1)
    for i in range(_SAMPLES):
        result = zlib.crc32(view[i * step:i * step + _SAMPLE_BYTES], result)
    return result


class _Known:
    def __init__(self, function, is_constant, pickled, digest, value):
        self.function = function  # keeps its identity from being reused
        self.is_constant = is_constant
        self.pickled = pickled
        self.samples = pickled.samples()
        self.digest = digest
        self.value = value


class FunctionTable:
    """Maps functions to what was made of their pickle. Not thread-safe.

    A function that is mapped again and again is pickled again each time unless it cannot have changed, but its large
    arrays are not copied: they are the same if they are at the same place and samples of them are unchanged.

    Parameters
    ----------
    make : callable
        Makes the value of a new function from its Pickled and its digest; called once per digest while it is remembered.
    forget : callable
        Called with a value that is not remembered any more.
    """

    def __init__(self, make, forget):
        self._make = make
        self._forget = forget
        self._known = {}  # by identity, the least recently used first
        self._users = {}  # digest: [value, number of entries that have it]

    def value(self, function):
        """The value of a function. Raises NotPickled."""
        key = _identity(function)
        known = self._known.pop(key, None)
        if known is not None and known.is_constant:
            self._known[key] = known
            return known.value
        pickled = Pickled(*_pickling.dumps(function))
        if known is not None:
            if pickled.is_same(known.pickled) and pickled.samples() == known.samples:
                self._known[key] = known
                return known.value
            self._release(known)
        digest = pickled.digest()
        users = self._users.get(digest)
        if users is None:
            users = self._users[digest] = [self._make(pickled, digest), 0]
        users[1] += 1
        self._known[key] = _Known(function, _is_constant(function), pickled, digest, users[0])
        while len(self._known) > _MOST_REMEMBERED:
            self._release(self._known.pop(next(iter(self._known))))
        return users[0]

    def values(self):
        """The values of all functions that are remembered."""
        return [value for value, _ in self._users.values()]

    def _release(self, known):
        users = self._users[known.digest]
        users[1] -= 1
        if users[1] == 0:
            del self._users[known.digest]
            self._forget(known.value)


def _identity(function):
    if isinstance(function, types.MethodType):  # a new object each time
        return id(function.__self__), id(function.__func__)
    return id(function)


_CONSTANT = (int, float, complex, str, bytes, bool, type(None), types.ModuleType, types.BuiltinFunctionType)


def _is_constant(value, seen=()):
    """Whether pickling a function again would give the same bytes, whatever has happened meanwhile."""
    if isinstance(value, types.BuiltinMethodType) and not isinstance(value.__self__, (types.ModuleType, type(None))):
        return False
    if type(value) in _CONSTANT:
        return True
    if isinstance(value, type):
        return value.__module__ != "__main__"
    if type(value) in (tuple, frozenset):
        return all(_is_constant(each, seen) for each in value)
    if type(value) is functools.partial:
        return all(_is_constant(each, seen) for each in (value.func, *value.args, *value.keywords.values()))
    if not isinstance(value, types.FunctionType):
        return False
    if value.__module__ != "__main__" and "<" not in value.__qualname__:
        return True  # pickled as its name
    if value in seen:
        return True
    if value.__closure__ or value.__code__.co_names and _uses_globals(value):
        return False  # cells and globals can be bound to other values
    return all(_is_constant(each, (*seen, value)) for each in (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()))


def _uses_globals(function):
    """Whether it refers to global names other than modules, which nobody binds to another module."""
    names = set(function.__code__.co_names)
    nested = [each for each in function.__code__.co_consts if isinstance(each, types.CodeType)]
    if nested:
        return True
    return any(name in function.__globals__ and not isinstance(function.__globals__[name], types.ModuleType) for name in names)
