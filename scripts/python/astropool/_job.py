"""A job: its file, its runs, and its model for samplers."""

import html
import os
import tempfile

from ._interrupts import HeldInterrupts
from ._job_pool import JobPool
from ._launch import Messages, check_one_process, start_program
from ._tables import read
from .errors import PoolError


class JobFailed(PoolError):
    """A run ended with another exit code than 0: docs/exit-codes.md.

    Attributes
    ----------
    exit_code : int
        For instance 2, the job file is wrong; 3, points failed; 4, the run ended early, and `resume=True` continues it.
    directory : str
        The output directory.
    """

    def __init__(self, message, exit_code, directory):
        super().__init__(message)
        self.exit_code = exit_code
        self.directory = directory

    def __reduce__(self):
        return type(self), (self.args[0], self.exit_code, self.directory)


class Job:
    """A job file.

    Parameters
    ----------
    path : str or path
        The job file, docs/job-file.md.
    astropool : str, optional
        The astropool program, if it is neither that of this package nor on the PATH.
    """

    def __init__(self, path, *, astropool=None):
        self.path = os.fspath(path)
        self._astropool = astropool
        if not os.path.exists(self.path):
            raise FileNotFoundError("the job file %s does not exist (working directory: %s)" % (self.path, os.getcwd()))

    def pool(self, launcher=(), options=(), batch=1, failed=None):
        """The workers of this job, which evaluate its model: a `JobPool`.

        Parameters
        ----------
        launcher : list of str
            Words before the command, for instance ``["mpiexec", "-n", "8"]``.
        options : list of str
            Options of `astropool eval`, for instance ``["--workers", "2"]``.
        batch : int
            The number of points that are sent and, by a model that supports batches, evaluated together: faster for fast
            models, for instance 10 with 40 walkers (20 per half-step) and 2 workers. With some models the last bits of
            results depend on the batch.
        failed : float, optional
            The log-likelihood of a point that fails, for instance ``-math.inf``: it is then reported by a warning and an
            entry in `JobPool.failures`. Without it `JobPool.log_likelihood` and `JobPool.map` raise `PointFailed`.
        """
        return JobPool(self.path, launcher, options, self._astropool, batch, failed)

    def run(self, out=None, *, launcher=(), options=(), resume=False):
        """Evaluates the job, as `astropool run` does, and returns its results as `read` does.

        Parameters
        ----------
        out : str or path, optional
            The output directory; by default a temporary one, which remains.
        launcher, options : list of str
            As for `pool`; the options are those of `astropool run`.
        resume : bool
            Whether to continue a run in `out` that ended early.

        Raises
        ------
        JobFailed
            When the exit code is not 0.
        PoolError
            When it cannot be started.
        """
        if not launcher:
            check_one_process('Job(...).run(launcher=["mpiexec", "-n", ...])')
        directory = tempfile.mkdtemp(prefix="astropool-run-") if out is None else os.fspath(out)
        words = ["run", self.path, "--out", directory, *(["--resume"] if resume else []), *map(str, options)]
        process = start_program(words, self._astropool, launcher)
        process.stdin.close()
        messages = Messages(process.stderr)
        try:
            process.stdout.read()
            code = process.wait()
        except BaseException:  # Ctrl-C, for instance: the run writes what it has
            with HeldInterrupts():
                process.terminate()
                process.wait()
            raise
        finally:
            process.stdout.close()
            messages.join(1)
        if code != 0:
            raise JobFailed(
                "the run of %s ended with exit code %d%s" % (self.path, code, messages.shown()), code, directory)
        return read(directory)

    def __repr__(self):
        return "Job(%r)" % self.path

    def _repr_html_(self):
        with open(self.path, encoding="utf-8", errors="replace") as file:
            return "<b>%s</b><pre>%s</pre>" % (html.escape(repr(self)), html.escape(file.read()))
