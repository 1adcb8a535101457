"""Ctrl-C at safe places."""

import signal
import threading


class HeldInterrupts:
    """Delays Ctrl-C to the end of a block: within it, a frame could be cut, or its results be lost."""

    LONGEST = 0.1  #: seconds that a wait within the block may last, so that Ctrl-C is not late

    def __enter__(self):
        self._came = False
        self._holds = threading.current_thread() is threading.main_thread()
        if self._holds:
            self._handler = signal.getsignal(signal.SIGINT)
            self._holds = callable(self._handler)
        if self._holds:
            signal.signal(signal.SIGINT, self._hold)
        return self

    def _hold(self, number, frame):
        self._came = True

    def let_through(self):
        """Calls the handler now if Ctrl-C came: the caller is at a place where it does no harm."""
        if self._came:
            self._came = False
            self._handler(signal.SIGINT, None)

    def __exit__(self, kind, value, trace):
        if self._holds:
            signal.signal(signal.SIGINT, self._handler)
            self.let_through()
