"""The exceptions of a pool."""

from concurrent.futures import BrokenExecutor

__all__ = ["PoolError", "BrokenPool", "RemoteError", "WorkerLost", "TaskTimeout", "RemoteTraceback"]


class PoolError(RuntimeError):
    """The pool cannot be started, or cannot be used for this."""


class BrokenPool(PoolError, BrokenExecutor):
    """The pool has ended: tasks without a result will not get one, and no others can be started."""


class RemoteError(RuntimeError):
    """A task failed with an exception that cannot be rebuilt here, or whose result cannot be pickled.

    Attributes
    ----------
    type_name : str
        The qualified name of the exception's class, or "".
    worker : str
        The worker process: its number, host and process id, or "".
    """

    def __init__(self, message, type_name="", worker=""):
        super().__init__(message)
        self.type_name = type_name
        self.worker = worker

    def __reduce__(self):
        return type(self), (self.args[0], self.type_name, self.worker)


class WorkerLost(RemoteError):
    """The processes that evaluated a task ended before it had a result: three times for the same task."""


class TaskTimeout(RemoteError, TimeoutError):
    """A task exceeded the `timeout` of its call; its worker process was killed."""


class RemoteTraceback(Exception):
    """The cause of an exception that was raised by a task: where it was raised, as text."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text

    def __str__(self):
        return self.text
