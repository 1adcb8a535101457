"""Ctrl-C at safe places."""

import signal
import threading


class HeldInterrupts:
    """Delays Ctrl-C to the end of a block: within it, a frame could be cut, or its results be lost."""

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

    def __exit__(self, kind, value, trace):
        if self._holds:
            signal.signal(signal.SIGINT, self._handler)
            if self._came:
                self._handler(signal.SIGINT, None)
