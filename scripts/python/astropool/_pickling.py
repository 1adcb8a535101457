"""How functions, arguments and results become bytes: pickle with protocol 5, whose large buffers are not copied."""

import functools
import io
import os
import pickle
import re
import struct
import sys

from . import _globals

try:
    import cloudpickle
except ImportError:  # functions of modules can be pickled without it
    cloudpickle = None

_PROTOCOL = 5
_COUNTS = struct.Struct(">IIQ")  # buffers, unused, bytes of the pickle
_ALIGNMENT = 64
#: Smaller buffers are copied into the pickle: that takes less time than to handle them separately.
_SMALLEST_BUFFER = 1 << 14

#: What pickle says about functions and classes that cannot be imported by their name, which cloudpickle can pickle.
_NOT_BY_NAME = re.compile("local object|attribute lookup|not found as|not the same object|'module' object")
INSTALL_CLOUDPICKLE = "install cloudpickle (pip install cloudpickle, or the package python3-cloudpickle)"


#: Whether this is a worker process, which has no main module of its own.
is_worker = False


def is_interactive():
    """Whether the main module has no file, as in a notebook: then nothing that it defines can be imported by a worker."""
    return not os.path.isfile(getattr(sys.modules.get("__main__"), "__file__", None) or "")  # "<stdin>" of `python -`


class NotPickled(Exception):
    """Why an object cannot be pickled."""


def dumps(obj, smallest=_SMALLEST_BUFFER):
    """The pickle of an object as (bytes, list of buffers).

    What the main module defines is pickled by value if cloudpickle is available, because workers have another main module. Buffers
    of fewer bytes than `smallest` are part of the pickle.

    Raises NotPickled.
    """
    buffers = []

    def is_small(buffer):
        if memoryview(buffer).nbytes < smallest:
            return True
        buffers.append(buffer)
        return False

    trouble = None
    try:
        pickled = pickle.dumps(obj, _PROTOCOL, buffer_callback=is_small)
        if b"__main__" not in pickled:
            return pickled, buffers
    except Exception as failure:  # a __reduce__ may raise anything
        trouble = failure
    if cloudpickle is None:
        if trouble is None and (is_worker or not is_interactive()):
            return pickled, buffers
        if trouble is None:
            raise NotPickled("it is defined in the main module, which has no file; %s" % INSTALL_CLOUDPICKLE)
        text = _text(trouble)
        raise NotPickled("%s; %s" % (text, INSTALL_CLOUDPICKLE) if _NOT_BY_NAME.search(text) else text) from trouble
    del buffers[:]
    try:
        return _dumps_by_value(obj, is_small), buffers
    except Exception as failure:
        raise NotPickled(_text(failure)) from failure


CACHED = type(functools.lru_cache(maxsize=None)(len))  #: of functions with functools.lru_cache or functools.cache

if cloudpickle is not None:

    class _ByValue(cloudpickle.CloudPickler):
        def reducer_override(self, obj):
            if isinstance(obj, CACHED) and obj.__module__ == "__main__":  # cloudpickle would refer to it by its name
                return _cached, (obj.__wrapped__, obj.cache_info().maxsize)
            return super().reducer_override(obj)


def _cached(function, size):
    return functools.lru_cache(maxsize=size)(function)


def _dumps_by_value(obj, buffer_callback):
    with io.BytesIO() as file:
        pickler = _ByValue(file, _PROTOCOL, buffer_callback=buffer_callback)
        if not is_worker and hasattr(pickler, "globals_ref"):
            names = vars(sys.modules["__main__"])
            pickler.globals_ref[id(names)] = _globals.OfMain(
                {name: names[name] for name in ("__package__", "__name__", "__path__", "__file__") if name in names})
        pickler.dump(obj)
        return file.getvalue()


def _text(failure):
    return str(failure) or type(failure).__name__


def segments(pickled, buffers):
    """The bytes that `loads` reads, as a list of segments, and their length."""
    if not buffers:
        return [_COUNTS.pack(0, 0, len(pickled)), pickled], _COUNTS.size + len(pickled)
    views = [memoryview(buffer).cast("B") if memoryview(buffer).nbytes else memoryview(b"") for buffer in
             (each.raw() for each in buffers)]
    head = _COUNTS.pack(len(views), 0, len(pickled)) + struct.pack(">%dQ" % len(views), *(view.nbytes for view in views))
    result, length = [head, pickled], len(head) + len(pickled)
    for view in views:
        padding = -length % _ALIGNMENT
        result += [bytes(padding), view]
        length += padding + view.nbytes
    return result, length


def loads(view):
    """The object whose `segments` are at the beginning of a memoryview. Its arrays are in the memory of the view."""
    result = _loads(view)
    _globals.apply_changes()
    return result


def _loads(view):
    count, _, length = _COUNTS.unpack_from(view, 0)
    position = _COUNTS.size + 8 * count
    if not count:
        return pickle.loads(view[position:position + length])
    sizes = struct.unpack_from(">%dQ" % count, view, _COUNTS.size)
    pickled = view[position:position + length]
    position += length
    buffers = []
    for size in sizes:
        position += -position % _ALIGNMENT
        buffers.append(view[position:position + size])
        position += size
    return pickle.loads(pickled, buffers=buffers)
