"""The global names of the script at the workers.

cloudpickle gives the functions of each pickle a dictionary of globals of their own. So functions see the values that the script
had when they were sent, whatever is sent later. But what an initializer assigns would be seen by the initializer alone. Here a
worker remembers what initializers and functions of `Pool.run_everywhere` have changed, and changes it for all others, too.
"""

import hashlib
import types
import weakref

_living = weakref.WeakSet()  # of all dictionaries of globals in this worker process
_fresh = []  # those of the pickle that is being read
_changed = {}  # name: (digests of the values that it replaces, value)

#: Their contents are not compared: these are what the script defines.
_DEFINITIONS = (types.FunctionType, type, types.ModuleType)


class _Holder:
    """Keeps a dictionary, which is in it: both end when no function needs them any more."""

    NAME = "__astropool_globals__"

    def __init__(self, names):
        self.names = names
        names[self.NAME] = self

    def __reduce__(self):
        return str, ("",)  # in a function that a worker sends back


class OfMain(dict):
    """Stands for the globals of the main module in a pickle."""

    def __reduce__(self):
        return received, (dict(self),)


def received(names):
    """The dictionary of the functions of a pickle, at a worker."""
    _living.add(_Holder(names))
    _fresh.append(names)
    return names


def apply_changes():
    """Lets what was just unpickled have what earlier functions have changed."""
    while _fresh:
        names = _fresh.pop()
        if _changed:
            _apply(names)


def _apply(names):
    for name, (replaced, value) in _changed.items():
        if name not in names or _digest(names[name]) in replaced:  # else the script has changed it since
            names[name] = value


def call_and_share(function, arguments, keywords):
    """Calls a function, and shares what it has changed among its globals with all others. Returns its result."""
    names = _names_of(function)
    if names is None:
        return function(*arguments, **keywords)
    before = {name: (value, _digest(value)) for name, value in _values(names)}
    result = function(*arguments, **keywords)
    changes = False
    for name, value in _values(names):
        known, digest = before.get(name, (None, None))
        if name not in before or value is not known or digest is not None and _digest(value) != digest:
            replaced = _changed[name][0] if name in _changed else set()
            _changed[name] = replaced | ({digest} if digest is not None else set()), value
            changes = True
    if changes:
        for holder in list(_living):
            if holder.names is not names:
                _apply(holder.names)
    return result


def _names_of(function):
    while not isinstance(function, types.FunctionType):
        inner = getattr(function, "__func__", None) or getattr(function, "func", None) or getattr(function, "__wrapped__", None)
        if inner is None:
            inner = getattr(type(function), "__call__", None)
        if inner is None or inner is function or not callable(inner) or isinstance(inner, types.WrapperDescriptorType):
            return None
        function = inner
    return function.__globals__ if _Holder.NAME in function.__globals__ else None


def _values(names):
    return [(name, value) for name, value in list(names.items()) if not name.startswith("__")]


def _digest(value):
    """Tells whether a value has changed; None for functions, classes and modules, and if it cannot be pickled, as an open file."""
    from . import _pickling

    if isinstance(value, _DEFINITIONS):
        return None
    try:
        pickled, buffers = _pickling.dumps(value)
    except _pickling.NotPickled:
        return None
    result = hashlib.blake2b(pickled, digest_size=16)
    for buffer in buffers:
        result.update(buffer.raw())
    return result.digest()
