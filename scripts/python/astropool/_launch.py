"""Finds and starts the astropool program that evaluates the tasks of a script."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

from .errors import PoolError

#: Names the socket of the rank that has started this script: `astropool python`.
SOCKET_VARIABLE = "ASTROPOOL_PYTHON_SOCKET"
#: Set in worker processes.
WORKER_VARIABLE = "ASTROPOOL_PYTHON_WORKER"

_RANK_COUNTS = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS")


class Connection:
    """The two ends of the pipe or socket to the astropool program.

    Attributes
    ----------
    reads, writes : int
        File descriptors.
    """

    def __init__(self, reads, writes, process=None, folder=None, closer=None):
        self.reads = reads
        self.writes = writes
        self.process = process
        self._closer = closer

    def close_writing(self):
        if self._closer is not None:
            try:
                self._closer.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        elif self.process.stdin is not None:
            self.process.stdin.close()

    def close(self):
        if self._closer is not None:
            self._closer.close()
        elif self.process.stdout is not None:
            self.process.stdout.close()


def check_not_a_worker():
    if WORKER_VARIABLE in os.environ:
        raise PoolError(
            "a Pool was opened in a worker process of another pool; tasks cannot start pools. If this happened while the script"
            ' was imported, put what opens the pool below `if __name__ == "__main__":`')


def connect(program, launcher, options):
    """Connects to the rank that has started this script, or starts a pool. Raises PoolError."""
    path = os.environ.get(SOCKET_VARIABLE)
    if path and not launcher:
        return _connect_to_rank(path, options)
    if not launcher:
        check_one_process("`mpiexec -n %s astropool python %s`: then one process runs the script and the others evaluate its tasks" % (
            _processes_of_launcher() or "N", sys.argv[0] or "SCRIPT"))
    process = start_program(["python", "--serve", *options], program, launcher)
    return Connection(process.stdout.fileno(), process.stdin.fileno(), process)


def is_run_by_astropool():
    """Whether `astropool python` has started this script, and with it the workers."""
    return bool(os.environ.get(SOCKET_VARIABLE))


def check_one_process(instead):
    """Raises PoolError when a launcher has started several of this script, each of which would open a pool of its own.

    Parameters
    ----------
    instead : str
        How to start it.
    """
    count = _processes_of_launcher()
    if count:
        raise PoolError("this script was started %s times by a launcher, and each would open a pool of its own. Start it as %s"
                        % (count, instead))


def _processes_of_launcher():
    """How many there are of this script, as text, or None."""
    counts = [os.environ.get(name, "") for name in _RANK_COUNTS]
    return next((count for count in counts if count.isdigit() and int(count) > 1), None)


def _connect_to_rank(path, options):
    if options:
        raise PoolError(
            "this script was started by `astropool python`, whose options decide where tasks are evaluated; %s has no effect here"
            " and must be left out" % " ".join(options))
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
    except OSError as failure:
        raise PoolError("the pool that has started this script cannot be reached at %s: %s. A script can open one Pool at a time"
                        % (path, failure)) from failure
    return Connection(connection.fileno(), connection.fileno(), closer=connection)


def find_program(program):
    """The astropool program: the given one, that of the wheel or the distribution of this package, or the one on the PATH."""
    if program:
        return str(program)
    here = os.path.dirname(os.path.realpath(__file__))
    installed = os.path.join(here, "_distribution")
    if os.path.isdir(installed):
        _restore_times(installed)
        return os.path.join(installed, "bin", "astropool")
    for folder in (os.path.join(here, "..", ".."), os.path.join(here, "..", "..", "bin")):
        path = os.path.normpath(os.path.join(folder, "astropool"))
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    found = os.environ.get("ASTROPOOL") or shutil.which("astropool")
    if not found:
        raise PoolError(
            "the astropool program was not found: it is not on the PATH, and this package does not lie in its distribution. Put"
            " the folder `scripts` (or `bin`) of astropool on the PATH, or give Pool(astropool=...) its path")
    return found


def _restore_times(distribution):
    """Gives the jars of an installed wheel the times that they had when the class archive was made.

    Installers give files the time of the installation. Java ignores the archive then, and starts more slowly, which is all that
    happens where this user may not change the times.
    """
    try:
        with open(os.path.join(distribution, "time"), encoding="ascii") as stream:
            seconds = int(stream.read())
        lib = os.path.join(distribution, "lib")
        jars = [os.path.join(lib, name) for name in sorted(os.listdir(lib)) if name.endswith(".jar")]
        if os.stat(jars[-1]).st_mtime != seconds:  # the last to be changed
            for jar in jars:
                os.utime(jar, (seconds, seconds))
    except (OSError, ValueError, IndexError):
        pass


def start_program(arguments, program=None, launcher=()):
    """Starts the astropool program with pipes to its three streams. Raises PoolError."""
    words = [*map(str, launcher), find_program(program), *arguments]
    try:
        # In a session of its own, since Ctrl-C goes to all processes of this one; it ends with its standard input.
        return subprocess.Popen(
            words, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            # "{python}" in a job file is the interpreter of this script
            env=dict({"ASTROPOOL_PYTHON": sys.executable or "python3"}, **os.environ))
    except OSError as failure:
        raise PoolError("%s cannot be started: %s" % (words[0], failure)) from failure


def python_path():
    """The environment of this process, in which this package is found."""
    parent = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), parent])))


class Messages:
    """Copies what the program and the workers print to sys.stderr, where notebooks show it, too."""

    _KEPT = 20

    def __init__(self, stream):
        self._stream = stream
        self.last = []
        self._thread = threading.Thread(target=self._copy, name="astropool-messages", daemon=True)
        self._thread.start()

    def _copy(self):
        for line in _lines(self._stream):
            text = line.decode("utf-8", "replace")
            self.last = [*self.last, text][-self._KEPT:]
            try:
                sys.stderr.write(text)
                sys.stderr.flush()
            except Exception:  # a closed or replaced stream must not stop the workers
                pass

    def join(self, seconds):
        self._thread.join(seconds)

    def shown(self):
        """The last messages, as the end of a sentence."""
        self.join(1)
        return ":\n" + "".join(self.last).rstrip() if self.last else ""


def _lines(stream):
    with stream:
        yield from stream


def spool_folder():
    """A new folder for large objects, in memory where this machine has such a file system."""
    parent = os.environ.get("ASTROPOOL_SPOOL") or "/dev/shm"
    return tempfile.mkdtemp(prefix="astropool-", dir=parent if os.access(parent, os.W_OK | os.X_OK) else None)
