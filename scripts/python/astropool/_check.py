"""`python3 -m astropool check`: starts a program as astropool does, and evaluates a point."""

import json
import subprocess
import sys

from ._launch import python_path
from ._serve import PROTOCOL


def check(words, point):
    """Starts the program and shows what it answers; exits with a message when that is not what it must be.

    Parameters
    ----------
    words : list of str
        The program and its arguments. A Python script is started by the interpreter of this process.
    point : dict
        Values of parameters by name.
    """
    if words[0].endswith(".py"):
        words = [sys.executable, *words]
    try:
        program = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=python_path())
    except OSError as failure:
        sys.exit("%s cannot be started: %s" % (words[0], failure.strerror))
    try:
        hello = _hello(program)
        print("hello: " + json.dumps(hello))
        if hello.get("astropool") != PROTOCOL:
            sys.exit('the first line must have "astropool": %d' % PROTOCOL)
        names = [p if isinstance(p, str) else p["name"] for p in hello["parameters"]]
        outputs = [o if isinstance(o, str) else o["name"] for o in hello["outputs"]]
        unknown = set(point) - set(names)
        if unknown:
            sys.exit("the model has no parameter %s; it has %s" % (", ".join(unknown), ", ".join(names)))
        defaults = [0.5 if isinstance(p, str) else p.get("default", 0.5) for p in hello["parameters"]]
        values = [point.get(name, default) for name, default in zip(names, defaults)]
        bad = 0
        for count in sorted({1, hello.get("batch", 1)}):
            request = json.dumps({"points": [values] * count, "index": 0, "seeds": list(range(1, count + 1))})
            print("sent: " + (request if count == 1 else "a batch of %d points" % count))
            program.stdin.write(request + "\n")
            program.stdin.flush()
            answer = _line(program, "answer")
            bad += _show(answer, count, outputs)
        program.stdin.close()
        if program.wait(10) != 0:
            sys.exit("at the end of its input the program ended with exit code %d, not 0" % program.returncode)
    finally:
        program.kill()
        program.wait()
    if bad:
        sys.exit(1)
    print("the model can be used: program = %s" % json.dumps(words))


def _hello(program):
    """What the program prints before is not part of the protocol."""
    for line in program.stdout:
        if line.lstrip().startswith("{") and '"astropool"' in line:
            try:
                return json.loads(line)
            except ValueError as failure:
                sys.exit("its hello is not JSON: %s\n%s" % (failure, line))
        if line.strip():
            print("printed: " + line.rstrip("\n"))
    sys.exit("the program ended with exit code %s instead of its hello" % program.wait())


def _line(program, what):
    line = program.stdout.readline()
    if not line:
        sys.exit("the program ended with exit code %s instead of its %s" % (program.wait(), what))
    try:
        return json.loads(line)
    except ValueError as failure:
        sys.exit("its %s is not JSON: %s\n%s" % (what, failure, line))


def _show(answer, count, outputs):
    if answer.get("index", 0) != 0:
        sys.exit('"index" in the answer must be that of the request, 0: %s' % json.dumps(answer))
    results = [answer] if "error" in answer else answer.get("results")
    if not isinstance(results, list) or ("error" not in answer and len(results) != count):
        sys.exit('the answer must have "results", a list with one element per point: %s' % json.dumps(answer))
    for result in results[:1]:
        if isinstance(result, dict):
            print("the point %s" % (("failed: " + result["error"]) if "error" in result else "was skipped"))
            print(result.get("traceback", ""))
            return 1
        if len(result) != len(outputs):
            sys.exit("a result must have a value for each of %s, not %s" % (", ".join(outputs), json.dumps(result)))
        for name, value in zip(outputs, result):
            print("%s = %s" % (name, value))
    return 0
