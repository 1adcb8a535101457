"""Keeps results in a file, so that a script that is started again evaluates only what is missing."""

import dis
import functools
import hashlib
import importlib.util
import io
import os
import pickle
import sys
import sysconfig
import threading
import types

from ._objects import Broadcast
from ._pickling import CACHED
from .errors import PoolError

_APPLICATION = 0x61737472
_VERSION = 1
MISSING = object()

_LIBRARY = os.path.realpath(sysconfig.get_paths()["stdlib"]) + os.sep
_PACKAGES = {"site-packages", "dist-packages"}


class Journal:
    """Results by key, in a database of SQLite, which no other pool can open meanwhile. Thread-safe."""

    def __init__(self, path):
        self.path = os.fspath(path)
        self._lock = threading.Lock()
        self._database = None
        import sqlite3  # not all builds of Python have it

        self._error = sqlite3.Error
        try:
            self._database = sqlite3.connect(self.path, timeout=0, isolation_level=None, check_same_thread=False)
            self._open()
        except sqlite3.Error as failure:
            self.close()
            if "locked" in str(failure):
                raise PoolError("the journal %s is used by another pool; wait until that has ended, or name another file"
                                % self.path) from None
            raise PoolError("the journal %s cannot be used: %s" % (self.path, failure)) from failure
        except PoolError:
            self.close()
            raise

    def _open(self):
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")  # kept until the end of this process, however it ends
        run("BEGIN EXCLUSIVE")
        application, = run("PRAGMA application_id").fetchone()
        version, = run("PRAGMA user_version").fetchone()
        is_new = not run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not is_new and (application, version) != (_APPLICATION, _VERSION):
            raise PoolError("%s is not a journal of this version of astropool; name another file" % self.path)
        run("CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, result BLOB NOT NULL) WITHOUT ROWID")
        run("PRAGMA application_id = %d" % _APPLICATION)
        run("PRAGMA user_version = %d" % _VERSION)
        run("COMMIT")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")  # a crash of the machine may cost the last results, never the file

    def get(self, key):
        """The result, or MISSING."""
        with self._lock:
            if self._database is None:
                return MISSING
            row = self._database.execute("SELECT result FROM results WHERE key = ?", (key,)).fetchone()
        if row is None:
            return MISSING
        try:
            return pickle.loads(row[0])
        except Exception:  # its class has changed
            return MISSING

    def add(self, keys, values):
        """Keeps results. They survive the end of this process from then on."""
        rows = []
        for key, value in zip(keys, values):
            try:
                rows.append((key, pickle.dumps(value, 5)))
            except Exception:  # a class of cloudpickle: it is evaluated again
                pass
        with self._lock:
            if self._database is None or not rows:
                return
            try:
                self._database.execute("BEGIN")
                self._database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?)", rows)
                self._database.execute("COMMIT")
            except self._error as failure:  # a full disk must not end the run
                sys.stderr.write("astropool: results are not kept in the journal %s any more: %s\n" % (self.path, failure))
                self._close()

    def close(self):
        with self._lock:
            self._close()

    def _close(self):
        if self._database is not None:
            self._database.close()
            self._database = None


def key_of(function_digest, mode, item, seed, index):
    """The key of a result. Raises pickle.PicklingError when the argument cannot be pickled."""
    parts = (function_digest, mode, item) if seed is None else (function_digest, mode, item, seed, index)
    return digest_of(parts, "argument %d, of type %s" % (index, type(item).__name__))


def digest_of(value, what):
    """A digest of a value that is the same in each run of a script, unless it contains sets whose order changes."""
    stream, buffers = io.BytesIO(), []
    try:
        _Pickler(stream, buffers).dump(value)
    except Exception as failure:
        raise pickle.PicklingError("the journal cannot identify %s: %s" % (what, failure)) from failure
    result = hashlib.blake2b(stream.getbuffer(), digest_size=16)
    for buffer in buffers:
        view = buffer.raw()
        result.update(b"%d:" % view.nbytes)
        result.update(view)
    return result.digest()


class _Pickler(pickle.Pickler):
    """Describes functions of the user by their code, and broadcast values by their content."""

    def __init__(self, stream, buffers):
        super().__init__(stream, 5, buffer_callback=buffers.append)
        self._seen = set()

    def reducer_override(self, value):
        if isinstance(value, Broadcast):
            return tuple, (("broadcast", value._digest()),)
        if isinstance(value, types.ModuleType):
            return tuple, (("module", value.__name__),)
        if isinstance(value, types.FunctionType):
            return tuple, (("function", value.__module__, value.__qualname__, *self._code_of(value)),)
        if isinstance(value, types.MappingProxyType):
            return tuple, (("mapping", dict(value)),)
        if isinstance(value, CACHED):
            return tuple, (("cached", value.__wrapped__),)
        if isinstance(value, functools.cached_property):
            return tuple, (("cached", value.func),)
        if isinstance(value, type) and _is_of_user(value.__module__):
            return tuple, (("class", value.__module__, value.__qualname__, *self._methods_of(value)),)
        return NotImplemented

    def _code_of(self, function):
        if id(function) in self._seen or not _is_of_user(function.__module__):
            return ()
        self._seen.add(id(function))
        names, code = set(), []
        _describe(function.__code__, code, names)
        captured = [cell.cell_contents for cell in function.__closure__ or () if _has_content(cell)]
        used = [(name, function.__globals__[name]) for name in sorted(names) if name in function.__globals__]
        modules = [value for _, value in used + [("", value) for value in captured] if isinstance(value, types.ModuleType)]
        return (
            code, function.__defaults__, function.__kwdefaults__, captured, used,
            [self._used_of(module, names, set()) for module in modules], _imported(function.__code__))

    def _used_of(self, module, names, seen):
        """What a function may use of a module: the members that have a name which occurs in its code."""
        if module.__name__ in seen or not _is_of_user(module.__name__):
            return []
        seen.add(module.__name__)
        members = [(name, vars(module)[name]) for name in sorted(names) if name in vars(module)]
        return [
            (name, self._used_of(member, names, seen) if isinstance(member, types.ModuleType) else member)
            for name, member in members if _is_described(member) or isinstance(member, (type, types.ModuleType))]

    def _methods_of(self, kind):
        if id(kind) in self._seen:
            return ()
        self._seen.add(id(kind))
        members = sorted((name, member) for name, member in vars(kind).items() if name not in _NO_CODE)
        return list(kind.__bases__), [(name, _plain(member)) for name, member in members if _is_described(_plain(member))]


_NO_CODE = ("__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "__static_attributes__")


def _plain(member):
    if isinstance(member, (staticmethod, classmethod)):
        return member.__func__
    return (member.fget, member.fset, member.fdel) if isinstance(member, property) else member


def _is_described(member):
    return isinstance(member, (types.FunctionType, CACHED, functools.cached_property, functools.partial, int, float, complex, str, bytes, tuple, list, dict, type(None))) or (
        type(member).__module__ == "numpy" or _is_of_user(type(member).__module__))


def _imported(code):
    """The modules of the user that the code itself imports, each with a digest of its file."""
    result = [each for constant in code.co_consts if isinstance(constant, types.CodeType) for each in _imported(constant)]
    for instruction in dis.get_instructions(code):
        if instruction.opname == "IMPORT_NAME":
            try:
                path = importlib.util.find_spec(instruction.argval).origin
                if _is_path_of_user(path):
                    with open(path, "rb") as file:
                        result.append((instruction.argval, hashlib.blake2b(file.read()).digest()))
            except Exception:  # it is not there: the function fails
                pass
    return result


def _has_content(cell):
    try:
        cell.cell_contents
        return True
    except ValueError:
        return False


def _describe(code, parts, names):
    """The instructions of a function and of those within it, without positions in the file."""
    names.update(code.co_names)
    parts.append((code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_argcount, code.co_flags,
                  getattr(code, "co_exceptiontable", b"")))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _describe(constant, parts, names)
        else:
            parts.append(sorted(map(repr, constant)) if isinstance(constant, frozenset) else repr(constant))


@functools.lru_cache(maxsize=None)
def _is_of_user(module_name):
    """Whether a module is neither installed nor of the standard library, so that its code may change between two runs."""
    if module_name == "__main__":
        return True
    if not module_name or module_name.split(".")[0] == __package__:
        return False
    return _is_path_of_user(getattr(sys.modules.get(module_name), "__file__", None))


def _is_path_of_user(path):
    if not path or not os.path.exists(path):
        return False
    path = os.path.realpath(path)
    return not path.startswith(_LIBRARY) and _PACKAGES.isdisjoint(path.split(os.sep))
