"""The command astropool of an installed wheel."""

import os
import sys

from ._launch import find_program
from .errors import PoolError


def main():
    try:
        program = find_program(None)
    except PoolError as failure:
        sys.exit("astropool: %s" % failure)
    # "{python}" in a job file is the interpreter of this environment
    os.environ.setdefault("ASTROPOOL_PYTHON", sys.executable or "python3")
    try:
        os.execv(program, [program, *sys.argv[1:]])
    except OSError as failure:
        sys.exit("astropool: %s cannot be started: %s" % (program, failure))
