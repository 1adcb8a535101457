"""python3 -m astropool: checks or serves a model in Python; any other command is one of the program astropool."""

import argparse
import runpy
import sys

from . import serve
from ._check import check
from ._command import main as run_program


def main():
    if len(sys.argv) > 1 and sys.argv[1] not in ("check", "serve", "-h", "--help"):
        run_program()
    parser = argparse.ArgumentParser(
        prog="python3 -m astropool",
        description="Checks or serves a model in Python. Any other command is one of the program astropool, see"
        " `python3 -m astropool help`.")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="start a program as astropool does, and evaluate a point")
    checking.add_argument("--point", default="", metavar="a=1,b=2", help="values of parameters, else 0.5")
    checking.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND", help="model.py, or a program and its arguments")
    serving = commands.add_parser("serve", help="serve the function of a file that is marked by @model")
    serving.add_argument("file")
    options = parser.parse_args()
    if options.command == "serve":
        runpy.run_path(options.file, run_name="__main__")
        serve()
    elif not options.words:
        parser.error("check needs the program: python3 -m astropool check model.py")
    else:
        try:
            pairs = [each.split("=", 1) for each in options.point.split(",") if each]
            point = {name.strip(): float(value) for name, value in pairs}
        except ValueError:
            parser.error("--point must have the form a=1,b=2, not %s" % options.point)
        check(options.words, point)


if __name__ == "__main__":
    main()
