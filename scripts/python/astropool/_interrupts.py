"""Ctrl-C at safe places."""

import signal
import threading

try:
    from _signal import signal as _set_handler  # that of the module signal spends 3 us on the names of its constants
except ImportError:
    _set_handler = signal.signal

_SIGINT = int(signal.SIGINT)


class HeldInterrupts:
    """Delays Ctrl-C to the end of a block: within it, a frame could be cut, or its results be lost."""

    LONGEST = 0.1  #: seconds that a wait within the block may last, so that Ctrl-C is not late

    def __enter__(self):
        self._came = False
        self._holds = threading.get_ident() == threading.main_thread().ident
        if self._holds:
            self._handler = _set_handler(_SIGINT, self._hold)
            if not callable(self._handler):  # the system's own; None is one that Python cannot set again
                self._holds = False
                if self._handler is not None:
                    _set_handler(_SIGINT, self._handler)
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
            _set_handler(_SIGINT, self._handler)
            self.let_through()
