"""A progress bar, on a terminal, in a log or in a notebook."""

import sys
import time

_INTERVAL = 0.2
_WIDTH = 30


class Progress:
    """Shows how many of the items have ended. Called by several threads, one at a time."""

    def __init__(self, total):
        self._total = total
        self._done = self._failed = 0
        self._begin = time.monotonic()
        self._shown = 0.0
        self._cell = _notebook_display()
        self._is_terminal = self._cell is None and sys.stderr is not None and sys.stderr.isatty()

    def advance(self, items, failed):
        self._done += items
        self._failed += failed
        now = time.monotonic()
        if now - self._shown >= (_INTERVAL if self._cell is not None or self._is_terminal else 10):
            self._shown = now
            self._show("\r" if self._is_terminal else "", "" if self._is_terminal else "\n")

    def close(self):
        self._show("\r" if self._is_terminal else "", "\n")

    def _show(self, before, after):
        text = self._text()
        if self._cell is not None:
            bar = '<progress value="%d" max="%d"></progress> ' % (self._done, self._total)
            self._cell.update({"text/plain": text, "text/html": bar + text.split("] ", 1)[1]}, raw=True)
            return
        try:
            sys.stderr.write("%s%s%s" % (before, text, after))
            sys.stderr.flush()
        except Exception:  # a closed stream must not stop the pool
            pass

    def _text(self):
        seconds = time.monotonic() - self._begin
        share = self._done / self._total if self._total else 1.0
        bar = "#" * int(share * _WIDTH)
        left = seconds / share - seconds if share > 0 else 0
        return "[%-*s] %d/%d%s, %.0f s, %.0f s left" % (
            _WIDTH, bar, self._done, self._total, ", %d failed" % self._failed if self._failed else "", seconds, left)


def _notebook_display():
    """A place in the output of the cell, or None outside of a notebook."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    if get_ipython() is None or not hasattr(get_ipython(), "kernel"):
        return None
    from IPython.display import display

    return display({"text/plain": ""}, raw=True, display_id=True)
