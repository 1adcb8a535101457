"""Plots of runs with matplotlib, and chains for GetDist, corner and ChainConsumer."""

import json
import os
import re
import tempfile

from ._launch import Messages, start_program
from ._tables import read
from .errors import PoolError

# Okabe and Ito, in the order of astropool plot
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_STYLES = ("-", "--", ":", "-.")
_FILLS = {0: 0.16, 1: 0.24, 2: 0.34}  # from the outside


def plot(*directories, params=(), kind=None, labels=(), truth=None, astropool=None):
    """Contours and marginals of runs as a matplotlib Figure, which can be changed and saved.

    The densities are those of `astropool plot`, so the contours enclose what theirs enclose.

    Parameters
    ----------
    directories : str or path
        Output directories of grids or of samplers; several are drawn over each other. They may still be running.
    params : list of str
        The parameters, in order; by default all that vary.
    kind : str, optional
        "contour", "corner" or "marginal"; by default by the number of parameters. For the other kinds see `astropool plot`.
    labels : list of str
        A name for each directory, for the legend.
    truth : dict, optional
        Values that are marked by lines, by parameter.
    astropool : str, optional
        The astropool program, if it is neither that of this package nor on the PATH.

    Raises
    ------
    PoolError
        When the runs do not have what is to be drawn; the message is that of the command.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError(
            "astropool.plot needs matplotlib: pip install matplotlib, or the package python3-matplotlib; "
            "the command astropool plot needs neither it nor Python") from None
    if kind not in (None, "contour", "corner", "marginal"):
        raise ValueError(
            "kind is %r; astropool.plot draws contour, corner and marginal, the command astropool plot also others"
            % (kind,))
    if not directories:
        raise TypeError("astropool.plot needs the output directory of a run")
    if isinstance(params, str):
        params = params.split(",")
    words = ["plot", *map(os.fspath, directories), "--json", "--data"]
    words += ["--params", ",".join(params)] if params else []
    words += ["--kind", kind] if kind else []
    for label in labels:
        words += ["--label", label]
    data = _data(words, astropool)
    if not data["marginals"]:
        raise PoolError("%s has no densities to draw; see the command astropool plot" % os.fspath(directories[0]))
    return _Densities(data, truth or {}).figure(Figure)


def _data(words, program):
    with tempfile.TemporaryDirectory(prefix="astropool-plot-") as folder:
        process = start_program([*words, "--out", os.path.join(folder, "plot.svg")], program)
        process.stdin.close()
        messages = Messages(process.stderr)
        try:
            text = process.stdout.read()
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            process.stdout.close()
            messages.join(1)
    if code != 0:
        raise PoolError("astropool plot ended with exit code %d%s" % (code, messages.shown()))
    return json.loads(text)


class _Densities:
    def __init__(self, data, truth):
        self._data = data
        self._truth = truth
        self._runs = list(dict.fromkeys(marginal["run"] for marginal in data["marginals"]))
        self._labels = {marginal["parameter"]: _label(marginal["label"]) for marginal in reversed(data["marginals"])}
        self._parameters = list(dict.fromkeys(marginal["parameter"] for marginal in data["marginals"]))

    def figure(self, make):
        kind = self._data["kind"]
        count = len(self._parameters)
        if kind == "contour":
            figure = make(figsize=(88 / 25.4, 80 / 25.4), layout="constrained")
            self._contour(figure.add_subplot(), *self._parameters, True, True)
        elif kind == "marginal":
            columns = min(count, 4)
            rows = -(-count // columns)
            figure = make(figsize=((88 if count == 1 else 180) / 25.4, 55 * rows / 25.4), layout="constrained")
            for i, parameter in enumerate(self._parameters):
                self._marginal(figure.add_subplot(rows, columns, i + 1), parameter, True)
        else:
            width = (88 if count <= 3 else 180) / 25.4
            figure = make(figsize=(width, width), layout="constrained")
            axes = figure.subplots(count, count, squeeze=False, sharex="col")
            for row in range(count):
                for column in range(count):
                    if column > row:
                        axes[row][column].remove()
                    elif column == row:
                        self._marginal(axes[row][column], self._parameters[row], row == count - 1)
                    else:
                        self._contour(
                            axes[row][column], self._parameters[column], self._parameters[row], row == count - 1, column == 0)
        if len(self._runs) > 1:
            from matplotlib.patches import Patch

            handles = [
                Patch(facecolor=_COLOURS[i % 7] + "66", edgecolor=_COLOURS[i % 7], linestyle=_STYLES[i % 4], label=run)
                for i, run in enumerate(self._runs)]
            if kind == "corner":
                figure.legend(handles=handles, loc="upper right", fontsize=8, frameon=False)
            else:
                figure.axes[0].legend(handles=handles, loc="best", fontsize=8, frameon=False)
        return figure

    def _contour(self, axes, x, y, has_x_label, has_y_label):
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        for contour in sorted(self._data["contours"], key=lambda one: -one["mass"]):
            if (contour["x"], contour["y"]) != (x, y):
                continue
            number = self._runs.index(contour["run"])
            masses = sorted({one["mass"] for one in self._data["contours"]}, reverse=True)
            vertices, codes = [], []
            for ring in contour["rings"]:
                points = list(zip(ring["x"], ring["y"]))
                vertices += [*points, points[0]]
                codes += [Path.MOVETO, *[Path.LINETO] * (len(points) - 1), Path.CLOSEPOLY]
            axes.add_patch(PathPatch(
                Path(vertices, codes), facecolor=_COLOURS[number % 7], alpha=_FILLS[masses.index(contour["mass"])], linewidth=0))
            for line in contour["lines"]:
                closing = slice(0, 1 if line["closed"] else 0)
                axes.plot(
                    line["x"] + line["x"][closing], line["y"] + line["y"][closing], color=_COLOURS[number % 7],
                    linestyle=_STYLES[number % 4], linewidth=0.8)
        if x in self._truth:
            axes.axvline(self._truth[x], color="black", linestyle="--", linewidth=0.6)
        if y in self._truth:
            axes.axhline(self._truth[y], color="black", linestyle="--", linewidth=0.6)
        self._style(axes, x if has_x_label else None)
        if has_y_label:
            axes.set_ylabel(self._labels[y], fontsize=8)
        else:
            axes.tick_params(labelleft=False)

    def _marginal(self, axes, parameter, has_label):
        for marginal in self._data["marginals"]:
            if marginal["parameter"] == parameter:
                number = self._runs.index(marginal["run"])
                density = [value or 0.0 for value in marginal["density"]]
                highest = max(density)
                axes.plot(
                    marginal["x"], [value / highest for value in density], color=_COLOURS[number % 7],
                    linestyle=_STYLES[number % 4], linewidth=0.8)
        if parameter in self._truth:
            axes.axvline(self._truth[parameter], color="black", linestyle="--", linewidth=0.6)
        axes.set_ylim(0, 1.12)
        axes.set_yticks([])
        self._style(axes, parameter if has_label else None)

    def _style(self, axes, parameter):
        axes.tick_params(direction="in", labelsize=7)
        if self._data["kind"] == "corner":
            axes.locator_params(axis="x", nbins=3)
        if parameter is None:
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel(self._labels[parameter], fontsize=8)


def _is_formula(label):
    """As astropool plot decides it: docs/plots.md."""
    return re.search(r"[\\^{}]", label) or re.fullmatch(r"[^\W\d_](_.*)?", label)


def _label(label):
    """A label of a job file for matplotlib: a formula without dollar signs gets them."""
    formula, bracket, unit = label.partition(" [")
    return label if "$" in label or not _is_formula(formula) else "$" + formula + "$" + bracket + unit


class Chain:
    """The chain of a run with a sampler, after its burn-in, in the forms that plotting packages read.

    Attributes
    ----------
    names : list of str
        The parameters.
    labels : list of str
        Their labels in LaTeX, without dollar signs, as GetDist wants them.
    walkers : int
    root : str
        What ``getdist.loadMCSamples`` takes.
    """

    def __init__(self, directory):
        self.root = os.path.join(os.fspath(directory), "chain")
        try:
            with open(self.root + ".paramnames", encoding="utf-8") as file:
                lines = [line.split(None, 1) for line in file if line.strip()]
        except FileNotFoundError:
            raise FileNotFoundError(
                "%s.paramnames does not exist; is %s the output directory of a complete run with a [sampler]?"
                % (self.root, os.fspath(directory))) from None
        self.names = [line[0].rstrip("*") for line in lines]
        self.labels = [line[1].strip().strip("$") for line in lines]
        self._table = read(directory)
        self.walkers = 1 + max(self._table["walker"])

    def array(self):
        """The parameters as a numpy array, one row per sample: for ``corner.corner(chain.array(), labels=chain.tex())``."""
        import numpy

        return numpy.column_stack([self._table[name] for name in self.names])

    def tex(self):
        """The labels between dollar signs, for corner and matplotlib."""
        return [_label(label) for label in self.labels]

    def getdist(self):
        """A ``getdist.MCSamples`` of the run, with its labels and the ranges of its priors."""
        from getdist import loadMCSamples

        return loadMCSamples(self.root, settings={"ignore_rows": 0})

    def frame(self):
        """A ``pandas.DataFrame`` of the parameters, with ``weight`` and ``log_posterior``: for ``chainconsumer.Chain``."""
        import pandas

        return pandas.DataFrame(self.columns())

    def columns(self):
        """A dict of the parameters by name, with ``weight`` and ``log_posterior``, each a list."""
        columns = {name: self._table[name] for name in self.names}
        columns["weight"] = [1.0] * len(self._table["walker"])
        columns["log_posterior"] = self._table["log_posterior"]
        return columns

    def __len__(self):
        return len(self._table["walker"])

    def __repr__(self):
        return "<chain of %d samples of %s>" % (len(self), ", ".join(self.names))


def chain(directory):
    """The chain of a run with a [sampler]: a `Chain`."""
    return Chain(directory)
