"""Python functions as models of astropool, its results, and its pool, from Python 3.8 on. One file, no dependencies.

A model, model.py:

    from astropool_model import serve

    def log_likelihood(omega_m, w):
        return -0.5 * (((omega_m - 0.3) / 0.05) ** 2 + ((w + 1) / 0.1) ** 2)

    serve(log_likelihood)

In the job file: program = ["python3", "model.py"]. To try it alone: python3 -m astropool_model check model.py
"""

import inspect
import io
import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
import traceback
import warnings
import weakref

__all__ = ["serve", "model", "Skip", "read", "Pool", "PointFailed"]

PROTOCOL = 1
_INFINITY = float("inf")
_served = []


class Skip(Exception):
    """Raised by a model that does not apply at a point: the point is skipped, which is not a failure."""


def model(function=None, **options):
    """Marks the function that serve() without arguments, or `python3 -m astropool_model serve FILE`, serves.

    The options are those of serve.
    """

    def mark(marked):
        _served.append((marked, options))
        return marked

    return mark if function is None else mark(function)


def serve(function=None, *, parameters=None, outputs=("log_likelihood",), batch=None, array=False, files=(), version=""):
    """Evaluates points for astropool until there are no more, and then exits.

    function    its positional arguments are the parameters: log_likelihood(omega_m, w). With `parameters` it receives one
                vector of values instead. Keyword-only arguments `seed` and `index` receive the seed and the number of the
                point. It returns a number, or a sequence or dict with a value for each output; if it raises
                an exception, the point fails, with the traceback.
    parameters  names, or dicts with name, unit, description, from, to
    outputs     names, or dicts with name, type ("double", "long", "boolean", "string"), length of a vector, unit,
                description. "log_likelihood" turns on best fit, marginals and evidence.
    batch       the maximum number of points per call: the function receives a list of points, each a list of values, and returns
                a list of results. The grouping of points does not depend on the pool. Needs `parameters`, unless the
                function takes one argument per parameter, each then a list of values.
    array       points come as numpy arrays
    files       further files that results depend on, relative to the working directory: a resumed run is refused when one
                has changed. The script, the modules that it has imported from outside of Python's installation, and
                files that it has opened for reading before serve() are included automatically; name files that
                are read later, or by C (HDF5, for instance), and programs that it starts
    version     the version of the model, for changes that are in no file: compared in the same way

    Printed text goes to standard error. If the function exits (sys.exit), its point fails.
    """
    if function is None:
        if not _served:
            raise TypeError("serve() without a function needs a function that is marked by @model; there is none")
        function, options = _served[-1]
        return serve(function, **options)
    evaluator = _Evaluator(function, parameters, outputs, batch, array)
    hello = dict(evaluator.hello(), files=_model_files(files), version=str(version))
    if sys.stdin is not None and sys.stdin.isatty():
        sys.exit(
            'This is a model for astropool, which sends points to it: program = ["python3", "%s"] in a job file.\n'
            "To try it: python3 -m astropool_model check %s" % (sys.argv[0], sys.argv[0])
        )
    points, answers = _claim_pipes()
    answers.write(json.dumps(hello) + "\n")
    answers.flush()
    for line in points:
        answers.write(evaluator.answer(json.loads(line)) + "\n")
        answers.flush()
    sys.exit(0)  # code after serve() is not meant for this process


# ---- the files of a model ----

_opened = {}  # path: whether it was only read
_watches = "ASTROPOOL_JOB_DIRECTORY" in os.environ  # astropool has started this process
_LARGEST_DIGEST = 1 << 24  # astropool computes those of larger files, once per host instead of in each program


def _watch(event, arguments):
    if not _watches or event not in ("open", "ctypes.dlopen"):
        return
    try:
        path = os.path.abspath(os.fsdecode(arguments[0]))
        writes = event == "open" and (
            any(letter in (arguments[1] or "") for letter in "wax+") or (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        _opened[path] = _opened.get(path, True) and not writes
    except Exception:  # a file descriptor, or a name that is not a path: must not affect the model
        pass


if _watches:
    sys.addaudithook(_watch)


def _model_files(declared):
    global _watches
    _watches = False
    files = []
    modules = set()
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(path, str) and not _is_installed(path) and os.path.isfile(path):
            modules.add(os.path.realpath(path))
            if name == "__main__":
                files.append(_file("file " + _shown(path), path))
            elif os.path.realpath(path) != os.path.realpath(getattr(sys.modules["__main__"], "__file__", "")):
                files.append(_file("module " + name, path))
    for path, only_read in sorted(_opened.items()):
        if only_read and os.path.isfile(path) and os.path.realpath(path) not in modules and not _is_no_data(path):
            files.append(_file("data file " + _shown(path), path))
    for path in declared:
        path = os.path.abspath(os.fspath(path))
        if not os.path.isfile(path):
            raise FileNotFoundError("serve(files=[...]) names %s, which is not a regular file" % path)
        files.append(_file("file " + _shown(path), path))
    return list({file["name"]: file for file in files}.values())


def _is_installed(path):
    parts = path.split(os.sep)
    return (
        parts[-1] == "astropool_model.py"
        or "site-packages" in parts
        or "dist-packages" in parts
        or path.startswith(os.path.dirname(os.__file__) + os.sep)
        or os.path.realpath(path).startswith(os.path.dirname(os.path.realpath(os.__file__)) + os.sep)
    )


def _is_no_data(path):
    """Files of Python and of the system, temporary files, and files in hidden folders, such as caches and settings."""
    system = ("/bin/", "/boot/", "/dev/", "/etc/", "/lib/", "/lib32/", "/lib64/", "/proc/", "/run/", "/sbin/", "/sys/", "/usr/")
    return (
        _is_installed(path)
        or path.startswith(system)
        or (os.path.isabs(_shown(path)) and path.startswith(("/tmp/", "/var/tmp/", os.environ.get("TMPDIR", "/tmp") + os.sep)))
        or path.endswith(".pyc")
        or any(part.startswith(".") for part in _shown(path).split(os.sep))
    )


def _shown(path):
    path = os.path.abspath(path)
    here = os.getcwd() + os.sep
    return path[len(here):] if path.startswith(here) else path


def _file(name, path):
    """Paths that are not UTF-8 have unpaired surrogates, which astropool refuses; such files get a digest."""
    if os.path.getsize(path) > _LARGEST_DIGEST:
        return {"name": _unicode(name), "path": os.path.abspath(path)}
    import hashlib

    with open(path, "rb") as file:
        return {"name": _unicode(name), "sha256": hashlib.sha256(file.read()).hexdigest()}


def _claim_pipes():
    """Takes the pipes to astropool, so that the model cannot print to or read from them, not even in C or Fortran."""
    points = io.open(os.dup(0), "r", encoding="utf-8", newline="\n")
    answers = io.open(os.dup(1), "w", encoding="utf-8", newline="\n")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return points, answers


class _Evaluator:
    def __init__(self, function, parameters, outputs, batch, array):
        signature = inspect.signature(function).parameters.values()
        positional = [p for p in signature if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self.function = function
        self.keywords = [p.name for p in signature if p.kind == p.KEYWORD_ONLY and p.name in ("seed", "index")]
        self.as_vector = parameters is not None
        self.parameters = list(parameters) if self.as_vector else [p.name for p in positional if p.default is p.empty]
        self.outputs = [outputs] if isinstance(outputs, (str, dict)) else list(outputs)
        self.names = [o if isinstance(o, str) else o["name"] for o in self.outputs]
        self.types = ["double" if isinstance(o, str) else o.get("type", "double") for o in self.outputs]
        self.is_vector = [not isinstance(o, str) and o.get("length", 0) > 0 for o in self.outputs]
        self.only_numbers = all(t == "double" for t in self.types) and not any(self.is_vector)
        self.batch = batch
        self.array = array
        if not self.parameters:
            raise TypeError("the function has no positional arguments to be parameters; name them: serve(f, parameters=[...])")

    def hello(self):
        return {"astropool": PROTOCOL, "parameters": self.parameters, "outputs": self.outputs, "batch": self.batch or 1}

    def answer(self, request):
        points = request["points"]
        seeds = request["seeds"]
        index = request["index"]
        if self.batch is None:
            answer = {"results": [self._one(p, seeds[i], index + i) for i, p in enumerate(points)]}
        else:
            answer = self._all(points, seeds, index)
        answer["index"] = index  # so that astropool can match answers, since points are sent ahead
        try:
            return json.dumps(answer, allow_nan=False)
        except ValueError:
            return json.dumps(_without_bare_infinities(answer))

    def _one(self, point, seed, index):
        try:
            if self.array:
                import numpy

                point = numpy.array(point, dtype=float)
            keywords = self._keywords(seed, index)
            result = self.function(point, **keywords) if self.as_vector else self.function(*point, **keywords)
            return self._values(result)
        except Skip as skip:
            return {"skipped": _unicode(str(skip))}
        except BaseException as failure:
            return _failure(failure)

    def _all(self, points, seeds, index):
        try:
            arguments = points
            if self.array:
                import numpy

                arguments = numpy.array(points, dtype=float)
            keywords = self._keywords(seeds, range(index, index + len(points)))
            if self.as_vector:
                results = self.function(arguments, **keywords)
            else:
                columns = arguments.T if self.array else zip(*arguments)
                results = self.function(*columns, **keywords)
            results = list(results)
            if len(results) != len(points):
                raise ValueError("the model returned %d results for a batch of %d points" % (len(results), len(points)))
            return {"results": self._rows(results)}
        except BaseException as failure:  # astropool repeats the request for each point
            return _failure(failure)

    def _rows(self, results):
        if self.only_numbers and len(self.names) == 1:
            try:
                return [[float(result)] for result in results]  # most models, and the fastest
            except TypeError:
                pass
        return [self._values(result) for result in results]

    def _keywords(self, seed, index):
        return {name: seed if name == "seed" else index for name in self.keywords}

    def _values(self, result):
        if isinstance(result, Skip):
            return {"skipped": _unicode(str(result))}
        if result is None:
            raise TypeError("the model returned None; does it end without a return statement?")
        if isinstance(result, dict):
            result = [result[name] for name in self.names]
        elif len(self.names) == 1 and not (self._is_list(result) and (len(result) == 1) != self.is_vector[0]):
            result = [result]
        elif not self._is_list(result) or len(result) != len(self.names):
            raise TypeError("the model returned %r; it must return a value for each of %s" % (result, ", ".join(self.names)))
        if self.only_numbers:
            return [float(value) for value in result]
        return [self._value(*each) for each in zip(result, self.types, self.is_vector)]

    @staticmethod
    def _is_list(result):
        return isinstance(result, (list, tuple)) or getattr(result, "ndim", 0) > 0

    @staticmethod
    def _value(value, kind, is_vector):
        if is_vector:
            return [float(element) for element in value]
        return {"double": float, "long": int, "boolean": bool, "string": str}[kind](value)


def _failure(failure):
    if isinstance(failure, KeyboardInterrupt):
        raise failure
    name = type(failure).__name__
    text = str(failure)
    trace = "".join(traceback.format_exception(type(failure), failure, failure.__traceback__)[-20:])
    return {"error": _unicode(name + ": " + text if text else name), "traceback": _unicode(trace)}


def _unicode(text):
    """Names of files that are not UTF-8 have unpaired surrogates, which astropool refuses."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _without_bare_infinities(value):
    """JSON has no infinities and no NaN; they are sent as strings."""
    if isinstance(value, float) and not (-_INFINITY < value < _INFINITY):
        return "nan" if value != value else "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {key: _without_bare_infinities(element) for key, element in value.items()}
    if isinstance(value, list):
        return [_without_bare_infinities(element) for element in value]
    return value


# ---- results ----


def read(directory):
    """The results of a run as a dict of columns, which are lists in the order of the rows: of points, of a chain's steps,
    or of searches for a maximum.

    Numbers are float, int or bool, vectors lists; a point that failed has None in its outputs, and says so in "status".
    """
    import csv

    files = [os.path.join(str(directory), table + ".ecsv") for table in ("results", "chain", "maxima")]
    file = next((file for file in files if os.path.exists(file)), None)
    if file is None:
        raise FileNotFoundError(
            "%s does not exist; is the run complete, and is ecsv among the formats of [output]?" % " or ".join(files)
        )
    kinds = []
    with open(file, encoding="utf-8", newline="") as lines:
        for line in lines:
            if not line.startswith("#"):
                break
            declared = re.match(r'# - \{name: "[^"]*", datatype: (\w+)(, subtype: )?', line)
            if declared:
                kinds.append((declared.group(1), declared.group(2) is not None))
        names = next(csv.reader([line], delimiter=" "))
        rows = list(csv.reader(lines, delimiter=" "))
    columns = {}
    for i, name in enumerate(names):
        kind, is_vector = kinds[i]
        columns[name] = [_cell(row[i], kind, is_vector, "status" not in names or row[-1] == "ok") for row in rows]
    return columns


def _cell(text, kind, is_vector, is_ok):
    if kind == "string" and not is_vector and (text or is_ok):
        return text
    if text == "":
        return None
    if is_vector:
        return [float(element) for element in json.loads(text, parse_constant=float)]
    if kind.startswith("float"):
        return float(text)
    return text == "True" if kind == "bool" else int(text)


# ---- the pool ----


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


class _HeldInterrupts:
    """Delays Ctrl-C to safe places: anywhere else it could assign answers to the wrong points."""

    LONGEST = 0.1  # seconds

    def __enter__(self):
        self._came = False
        self._handler = signal.getsignal(signal.SIGINT)
        self._holds = callable(self._handler) and threading.current_thread() is threading.main_thread()
        if self._holds:
            signal.signal(signal.SIGINT, self._hold)
        return self

    def _hold(self, number, frame):
        self._came = True

    def let_through(self):
        if self._came:
            self._came = False
            self._handler(signal.SIGINT, None)

    def __exit__(self, *exception):
        if self._holds:
            signal.signal(signal.SIGINT, self._handler)
        self.let_through()


_pools = weakref.WeakSet()


def _leave_pools_to_parent():
    for pool in list(_pools):
        pool._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_pools_to_parent)


class Pool:
    """The workers of a job, which keep running: Python functions that use `astropool eval JOB`. A context manager.

    job        the job file; its model is evaluated, its grid gives the order of the parameters
    launcher   arguments before the command, for instance ["mpiexec", "-n", "8"]
    options    arguments after it, for instance ["--workers", "2"]
    astropool  the program, if it is not next to this file or on the PATH
    batch      the number of points that are sent and, by a model that supports batches, evaluated together: faster for fast
               models, for instance 10 with 40 walkers (20 per half-step) and 2 workers. With some models the last bits
               of results depend on the batch
    failed     the log-likelihood of a point that fails, for instance -math.inf: it is then reported
               by a warning and an entry in `failures`. Without it log_likelihood() and map() raise PointFailed

    A point with a wrong number of values, or with other names, raises ValueError in any case. In emcee, write
    EnsembleSampler(walkers, dimensions, pool.log_likelihood, vectorize=True); a prior is a function around it.

    Threads may share it. Ctrl-C ends the wait for answers, not the pool. It belongs to the process that created it: a child (os.fork, multiprocessing) must create its own.
    """

    def __init__(self, job, launcher=(), options=(), astropool=None, batch=1, failed=None):
        beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "astropool")
        program = astropool or (beside if os.path.exists(beside) else "astropool")
        words = [*map(str, launcher), program, "eval", str(job), "--columns", *map(str, options)]
        if batch < 1:
            raise ValueError("batch is %s, it must be at least 1" % batch)
        if failed is not None and not float(failed) < _INFINITY:
            raise ValueError("failed is %s, it must be a number or -math.inf: the sampler would seek such points" % failed)
        self.failures = []
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
        # in a separate session, since Ctrl-C goes to all processes of this one; it ends with its standard input
        self._process = subprocess.Popen(
            words, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
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
        with _HeldInterrupts() as interrupts, self._lock:
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
                "this Pool belongs to process %d and cannot be used in its child %d; evaluate there, or open another Pool"
                " in the child" % (self._owner, os.getpid()))

    def _leave_to_parent(self):
        """Closes this child's ends of the pipes: `astropool eval` would not see the end of its input while one is open."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.returncode = 0  # for the parent to wait for

    def _raise_trouble(self):
        if self._trouble is not None:
            raise RuntimeError(self._trouble)

    def _exchange(self, is_enough, interrupts):
        """Writes and reads, also for other threads, unless one of them already does: waking up another thread takes longer."""
        while not is_enough():
            self._raise_trouble()
            if self._exchanging:
                self._answered.wait(_HeldInterrupts.LONGEST)
            else:
                self._exchanging = True
                to_write = [self._process.stdin] if self._unsent else []
                self._lock.release()
                try:
                    readable, writable, _ = select.select([self._process.stdout], to_write, [], _HeldInterrupts.LONGEST)
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
            self._trouble = "this Pool was interrupted between points and answers; open another one"
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
            self._trouble = ("astropool eval has ended%s before all points were evaluated; see its standard error for the reason"
                             % self._exit_code())
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
                "Pool.map evaluates the model of the job and cannot call %r. Give the sampler pool.log_likelihood itself;"
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
        own = Pool.log_likelihood
        return function is None or (
            getattr(function, "__self__", None) is self and getattr(function, "__func__", None) is own)

    def log_likelihood(self, points):
        """The log-likelihood of a point, or of many (a sequence of points, or an array with one row per point).

        Returns a number, or an array of numpy; -inf for a point that the model skips.

        Raises PointFailed if a point fails, after all points were evaluated, unless the Pool was opened with `failed`.
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
        with _HeldInterrupts() as interrupts, self._lock:
            self._unsent.clear()
            self._process.stdin.close()
            try:
                self._exchange(lambda: False, interrupts)
            except RuntimeError:
                self._trouble = "this Pool is closed"
        self._process.stdout.close()
        self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __len__(self):
        """For samplers that use the number of workers: it is unknown, and results do not depend on it."""
        return 1

    def __getstate__(self):
        raise TypeError("a Pool cannot be pickled: it belongs to this process")


# ---- python3 -m astropool_model ----


def _check(words, point):
    if len(words) == 1 and words[0].endswith(".py"):
        words = [sys.executable, *words]
    environment = dict(os.environ)
    here = os.path.dirname(os.path.abspath(__file__))
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [environment.get("PYTHONPATH"), here]))
    program = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=environment)
    try:
        hello = _line(program, "hello")
        print("hello: " + json.dumps(hello))
        if hello.get("astropool") != PROTOCOL:
            sys.exit('the first line must have "astropool": %d' % PROTOCOL)
        names = [p if isinstance(p, str) else p["name"] for p in hello["parameters"]]
        outputs = [o if isinstance(o, str) else o["name"] for o in hello["outputs"]]
        unknown = set(point) - set(names)
        if unknown:
            sys.exit("the model has no parameter %s; it has %s" % (", ".join(unknown), ", ".join(names)))
        values = [point.get(name, 0.5) for name in names]
        bad = 0
        for count in sorted({1, hello.get("batch", 1)}):
            request = json.dumps({"points": [values] * count, "index": 0, "seeds": list(range(1, count + 1))})
            print("sent: " + (request if count == 1 else "a batch of %d points" % count))
            program.stdin.write(request + "\n")
            program.stdin.flush()
            answer = _line(program, "answer")
            bad += _show(answer, count, outputs)
        program.stdin.close()
        if program.wait(10) != 0:
            sys.exit("at the end of its input the program ended with exit code %d, not 0" % program.returncode)
    finally:
        program.kill()
        program.wait()
    if bad:
        sys.exit(1)
    print("the model can be used: program = %s" % json.dumps(words))


def _line(program, what):
    line = program.stdout.readline()
    if not line:
        sys.exit("the program ended with exit code %s instead of its %s" % (program.wait(), what))
    try:
        return json.loads(line)
    except ValueError as failure:
        sys.exit("its %s is not JSON: %s\n%s" % (what, failure, line))


def _show(answer, count, outputs):
    if answer.get("index", 0) != 0:
        sys.exit('"index" in the answer must be that of the request, 0: %s' % json.dumps(answer))
    results = [answer] if "error" in answer else answer.get("results")
    if not isinstance(results, list) or ("error" not in answer and len(results) != count):
        sys.exit('the answer must have "results", a list with one element per point: %s' % json.dumps(answer))
    for result in results[:1]:
        if isinstance(result, dict):
            print("the point %s" % (("failed: " + result["error"]) if "error" in result else "was skipped"))
            print(result.get("traceback", ""))
            return 1
        if len(result) != len(outputs):
            sys.exit("a result must have a value for each of %s, not %s" % (", ".join(outputs), json.dumps(result)))
        for name, value in zip(outputs, result):
            print("%s = %s" % (name, value))
    return 0


def _main(arguments):
    import argparse
    import runpy

    parser = argparse.ArgumentParser(prog="python3 -m astropool_model", description="Checks or serves a model.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="start a program like astropool does, and evaluate a point")
    check.add_argument("--point", default="", metavar="a=1,b=2", help="values of parameters, else 0.5")
    check.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND", help="model.py, or a program and its arguments")
    serving = commands.add_parser("serve", help="serve the function of a file that is marked by @model")
    serving.add_argument("file")
    options = parser.parse_args(arguments)
    if options.command == "serve":
        sys.modules.setdefault("astropool_model", sys.modules[__name__])
        runpy.run_path(options.file, run_name="__main__")
        serve()
    elif not options.words:
        parser.error("check needs the program: python3 -m astropool_model check model.py")
    else:
        pairs = (each.split("=", 1) for each in options.point.split(",") if each)
        _check(options.words, {name.strip(): float(value) for name, value in pairs})


if __name__ == "__main__":
    _main(sys.argv[1:])
