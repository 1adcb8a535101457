"""Python functions as models of a job: the side of the program in docs/co-process.md."""

import inspect
import json
import math
import numbers
import sys
import traceback

from ._model_files import model_files, unicode_text
from ._pipes import claim_pipes

PROTOCOL = 1
_INFINITY = float("inf")
_served = []


class Skip(Exception):
    """Raised by a model that does not apply at a point: the point is skipped, which is not a failure."""


def model(function=None, **options):
    """Marks the function that serve() without arguments, or `python3 -m astropool serve FILE`, serves.

    The options are those of serve.
    """

    def mark(marked):
        _served.append((marked, options))
        return marked

    return mark if function is None else mark(function)


def serve(function=None, *, parameters=None, outputs=("log_likelihood",), batch=None, array=False, files=(), version=""):
    """Evaluates points for astropool until there are no more, and then exits.

    Printed text goes to standard error. If the function exits (sys.exit), its point fails.

    Parameters
    ----------
    function : callable
        Its positional arguments are the parameters: ``log_likelihood(omega_m, w)``. One with a number as its default
        has this value where the job gives none (not with `batch`). With `parameters` it receives one vector of values
        instead. Keyword-only arguments ``seed`` and ``index`` receive the seed and the number of the point. It returns
        a number, or a sequence or dict with a value for each output; if it raises an exception, the point fails, with
        the traceback.
    parameters : list, optional
        Names, or dicts with name, unit, description, from, to.
    outputs : list
        Names, or dicts with name, type ("double", "long", "boolean", "string"), length of a vector, unit, description.
        "log_likelihood" turns on best fit, marginals and evidence.
    batch : int, optional
        The maximum number of points per call: the function receives a list of points, each a list of values, and
        returns a list of results. The grouping of points does not depend on the pool. Needs `parameters`, unless the
        function takes one argument per parameter, each then a list of values.
    array : bool
        Whether points come as numpy arrays.
    files : list of str
        Further files that results depend on, relative to the working directory: a resumed run is refused when one has
        changed. The script, the modules that it has imported from outside of Python's installation, and files that it
        has opened for reading before serve() are included automatically; name files that are read later, or by C
        (HDF5, for instance), and programs that it starts.
    version : str
        The version of the model, for changes that are in no file: compared in the same way.
    """
    if function is None:
        if not _served:
            raise TypeError("serve() without a function needs a function that is marked by @model; there is none")
        function, options = _served[-1]
        return serve(function, **options)
    evaluator = _Evaluator(function, parameters, outputs, batch, array)
    hello = dict(evaluator.hello(), files=model_files(files), version=str(version))
    if sys.stdin is not None and sys.stdin.isatty():
        sys.exit(
            'This is a model for astropool, which sends points to it: program = ["python3", "%s"] in a job file.\n'
            "To try it: python3 -m astropool check %s" % (sys.argv[0], sys.argv[0])
        )
    reads, writes = claim_pipes()
    points = open(reads, encoding="utf-8", newline="\n")
    answers = open(writes, "w", encoding="utf-8", newline="\n")
    answers.write("\n" + json.dumps(hello) + "\n")  # the program may have printed an unfinished line before
    answers.flush()
    for line in points:
        answers.write(evaluator.answer(json.loads(line)) + "\n")
        answers.flush()
    sys.exit(0)  # code after serve() is not meant for this process


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


class _Evaluator:
    def __init__(self, function, parameters, outputs, batch, array):
        signature = inspect.signature(function).parameters.values()
        positional = [p for p in signature if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self.function = function
        self.keywords = [p.name for p in signature if p.kind == p.KEYWORD_ONLY and p.name in ("seed", "index")]
        self.as_vector = parameters is not None
        if self.as_vector:
            self.parameters, self.defaults = list(parameters), []
        else:
            used = [p for p in positional if p.default is p.empty or (batch is None and _is_number(p.default))]
            self.parameters = [
                p.name if p.default is p.empty else {"name": p.name, "default": float(p.default)} for p in used]
            self.defaults = [(i, p.default) for i, p in enumerate(used) if p.default is not p.empty]
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
            for i, default in self.defaults:
                if point[i] == default:
                    point[i] = default  # as the function has it, which may be an int
            keywords = self._keywords(seed, index)
            result = self.function(point, **keywords) if self.as_vector else self.function(*point, **keywords)
            return self._values(result)
        except Skip as skip:
            return {"skipped": unicode_text(str(skip))}
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
            return {"skipped": unicode_text(str(result))}
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
    return {"error": unicode_text(name + ": " + text if text else name), "traceback": unicode_text(trace)}


def _without_bare_infinities(value):
    """JSON has no infinities and no NaN; they are sent as strings."""
    if isinstance(value, float) and not (-_INFINITY < value < _INFINITY):
        return "nan" if value != value else "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {key: _without_bare_infinities(element) for key, element in value.items()}
    if isinstance(value, list):
        return [_without_bare_infinities(element) for element in value]
    return value
