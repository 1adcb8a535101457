"""The pipes of a process that astropool has started."""

import os
import sys


def claim_pipes():
    """Takes the pipes to astropool, so that functions cannot print to or read from them, not even in C or Fortran.

    Returns
    -------
    reads, writes : int
        File descriptors. Standard input is empty from now on, and standard output goes to standard error.
    """
    reads, writes = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    try:
        sys.stdout.flush()  # what was printed so far goes to standard error, too
    except Exception:  # None, or replaced or closed by the user
        pass
    sys.stdout = sys.stderr
    return reads, writes
