"""Wrong uses: what the user sees, and that the next task is evaluated.

The table in docs/python.md is made from this one: python3 test_wrong_uses.py --write
"""

import collections
import concurrent.futures
import copy
import multiprocessing
import os
import pickle
import re
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest

import watchdog  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import functions  # noqa: E402
import mistakes  # noqa: E402
from astropool import BrokenPool, Executor, Pool, PoolError, RemoteError, TaskTimeout, WorkerLost  # noqa: E402

import numpy  # noqa: E402

DOCUMENT = os.path.join(HERE, "..", "..", "..", "docs", "python.md")
BEGIN, END = "<!-- wrong uses: made by scripts/python/tests/test_wrong_uses.py -->\n", "<!-- end -->\n"

#: Words that mean something only to those who know how the program is made.
INTERNAL = re.compile(r"(?i)\bjava\b|\bjvm\b|class ?path|[a-z]Exception\b|\bheap\b|\bOutOfMemory|org\.astropool|\bat [a-z.]+\(")

Wrong = collections.namedtuple("Wrong", "use call error message")  # "..." in the message stands for anything

#: Calls with an open pool of two workers.
CALLS = [
    # ---- arguments of the methods ----
    Wrong("`pool.map(3, items)`", lambda p: p.map(3, [1]), TypeError, "3 is not callable"),
    Wrong("`pool.map(f, 3)`", lambda p: p.map(functions.square, 3), TypeError, "'int' object is not iterable"),
    Wrong("`pool.starmap(f, [1, 2])`", lambda p: p.starmap(functions.add, [1, 2]), TypeError, "'int' object is not iterable"),
    Wrong("`chunksize=0`", lambda p: p.map(functions.square, [1], chunksize=0), ValueError,
          "chunksize is 0; it must be a whole number of at least 1"),
    Wrong("`timeout=0`", lambda p: p.map(functions.square, [1], timeout=0), ValueError,
          "timeout is 0; it must be a number of seconds above 0 and below 4e6"),
    Wrong("`timeout=\"5\"`", lambda p: p.apply(functions.square, (1,), timeout="5"), TypeError,
          "timeout is '5'; it must be a number of seconds above 0 and below 4e6"),
    Wrong("`retries=-1`", lambda p: p.imap(functions.square, [1], retries=-1), ValueError,
          "retries is -1; it must be a whole number of at least 0"),
    Wrong("`seed=\"abc\"`", lambda p: p.map(functions.noise, [1], seed="abc"), TypeError,
          "seed is 'abc'; it must be a whole number of at least 0"),
    Wrong("`seed=` for a function without `rng`", lambda p: p.map(functions.square, [1], seed=1), TypeError,
          "square() got an unexpected keyword argument 'rng'"),
    Wrong("a function with the wrong number of arguments", lambda p: p.map(functions.takes_two, [1]), TypeError,
          "takes_two() missing 1 required positional argument: 'second'"),
    # ---- opening ----
    Wrong("`Pool(-2)`", lambda p: Pool(-2), ValueError, "processes is -2; it must be a whole number of at least 1"),
    Wrong("`Executor(0)`", lambda p: Executor(0), ValueError, "max_workers must be greater than 0"),
    Wrong("`Pool(launcher=\"mpiexec -n 2\")`", lambda p: Pool(launcher="mpiexec -n 2"), TypeError,
          "launcher is 'mpiexec -n 2'; it must be a list of words, for instance ['mpiexec', '-n', '2']"),
    Wrong("`Pool(pool=\"mpi4py\")`", lambda p: Pool(pool="mpi4py"), PoolError,
          "the pool has ended with exit code 2:\nastropool: no carrier \"mpi4py\"; there are auto, ..."),
    Wrong("`Pool(options=[\"--worker\"])`", lambda p: Pool(options=["--worker"]), PoolError,
          "the pool has ended with exit code 2:\nastropool: ..."),
    Wrong("`Pool(initializer=3)`", lambda p: Pool(1, initializer=3), TypeError, "initializer must be callable"),
    Wrong("an initializer that raises", lambda p: Pool(1, functions.five_is_bad, (5,)), PoolError,
          "the worker processes cannot be started: the initializer failed: ValueError: five..."),
    Wrong("an initializer that ends its process", lambda p: Pool(1, os._exit, (3,)), PoolError,
          "the worker processes cannot be started: ... ended with exit code 3 ..."),
    Wrong("`Pool(astropool=\"/nowhere\")`", lambda p: Pool(astropool="/nowhere"), PoolError,
          "/nowhere cannot be started: [Errno 2] No such file or directory: '/nowhere'"),
    Wrong("`Pool(python=\"/nowhere\")`", lambda p: Pool(1, python="/nowhere"), PoolError,
          "the worker processes cannot be started: /nowhere: ..."),
    # ---- what cannot be pickled ----
    Wrong("an argument that cannot be pickled", lambda p: p.map(functions.square, [1, threading.Lock()], chunksize=2),
          pickle.PicklingError, "argument 1, of type lock, cannot be pickled: cannot pickle '_thread.lock' object"),
    Wrong("a function that refers to such an object", lambda p: p.map(functions.Scaled(threading.Lock()), [1]),
          pickle.PicklingError, "the function ... cannot be pickled: cannot pickle '_thread.lock' object"),
    Wrong("a function that refers to the pool", lambda p: p.map(functions.Scaled(p), [1]), pickle.PicklingError,
          "the function ... cannot be pickled: a Pool cannot be pickled: it belongs to the process that opened it. A function that is"
          " sent to workers must not refer to it"),
    Wrong("`copy.deepcopy(pool)`", lambda p: copy.deepcopy(p), pickle.PicklingError,
          "a Pool cannot be pickled: it belongs to the process that opened it. ..."),
    Wrong("a result that cannot be pickled", lambda p: p.map(mistakes.returns_a_lock, [1]), RemoteError,
          "the result of type _thread.lock cannot be pickled: cannot pickle '_thread.lock' object"),
    Wrong("a function with `yield`", lambda p: p.map(functions.counts, [3]), RemoteError,
          "the result of type generator cannot be pickled: cannot pickle 'generator' object; return a list instead: list(...)"),
    Wrong("an `async` function", lambda p: p.map(mistakes.is_async, [3]), RemoteError,
          "the result of type coroutine cannot be pickled: cannot pickle 'coroutine' object; the function is declared with `async`:"
          " send a plain function that calls asyncio.run"),
    Wrong("a result whose class raises when it is unpickled", lambda p: p.map(mistakes.returns_what_cannot_be_rebuilt, [1]),
          RemoteError, "the result cannot be unpickled: ValueError: ..."),
    Wrong("an argument of 3 GiB", lambda p: p.map(len, [numpy.empty(3 << 30, "u1")]), ValueError,
          "the arguments take 3221...... bytes, more than the limit of 1073741824 bytes per message. Send large data once with"
          " Pool.broadcast, or pass the names of files"),
    Wrong("a result of 3 GiB", lambda p: p.map(mistakes.returns_bytes, [3 << 30]), RemoteError,
          "the result of type numpy.ndarray takes 3221...... bytes, more than the limit of 1073741824 bytes per message; write it to a"
          " file, and return the name of the file"),
    Wrong("a broadcast value that was freed", lambda p: mistakes.freed(p), pickle.PicklingError,
          "argument 0, of type Broadcast, cannot be pickled: it refers to a broadcast value that Pool.forget has freed"),
    # ---- what functions do ----
    Wrong("an exception whose constructor takes other arguments", lambda p: p.map(functions.odd, [1]), RemoteError,
          "functions.Odd: odd"),
    Wrong("an exception whose `__str__` raises", lambda p: p.map(mistakes.raises_without_text, [1]), RemoteError,
          "mistakes.WithoutText: (its __str__ raised RuntimeError)"),
    Wrong("`raise StopIteration` in the function", lambda p: p.map(functions.stops, [1, 2]), Exception, "...StopIteration"),
    Wrong("`raise KeyboardInterrupt` in the function", lambda p: p.map(mistakes.raises_interrupt, [1]), RemoteError,
          "KeyboardInterrupt: raised by the function"),
    Wrong("`sys.exit(4)` in the function", lambda p: p.map(functions.leaves, [4]), RemoteError,
          "SystemExit: the function called sys.exit(4)"),
    Wrong("`os._exit(4)` in the function", lambda p: p.map(os._exit, [4]), WorkerLost,
          "the worker process ended 3 times while it evaluated this task; the last time, process ... ended with exit code 4 ..."),
    Wrong("a worker process that is killed each time", lambda p: p.map(functions.killed_at_three, [3]), WorkerLost,
          "the worker process ended 3 times while it evaluated this task; the last time, process ... was ended by signal 9"
          " (SIGKILL) ..."),
    Wrong("a crash in C", lambda p: p.map(mistakes.crashes, [0]), WorkerLost, "... was ended by signal 11 (SIGSEGV) ..."),
    Wrong("a function that closes all files", lambda p: p.map(mistakes.closes_everything, [0]), WorkerLost,
          "the worker process ended 3 times ..."),
    Wrong("a function that never returns, with `timeout=0.5`", lambda p: p.map(functions.slow, [600], timeout=0.5), TaskTimeout,
          "... exceeded the time limit of 0.5 s, and was killed ..."),
    Wrong("infinite recursion", lambda p: p.map(mistakes.recurses, [1]), RecursionError, "maximum recursion depth exceeded..."),
    Wrong("an array that is too large for the memory", lambda p: p.map(mistakes.allocates, [1 << 50]), MemoryError,
          "Unable to allocate ..."),
    Wrong("a function that forks and returns twice", lambda p: p.map(mistakes.forks, [1]), None, "['parent']"),
    Wrong("a function that prints 10 MB", lambda p: p.map(mistakes.floods, [100000]), None, "[100000]"),
    Wrong("a function that opens a Pool", lambda p: p.map(functions.opens_a_pool, [1]), PoolError,
          "a Pool was opened in a worker process of another pool; tasks cannot start pools. ..."),
    # ---- the life of the pool ----
    Wrong("a child by `os.fork` that uses the pool", lambda p: mistakes.in_a_child(lambda: p.map(functions.square, [1])), None,
          "this Pool belongs to process ... and cannot be used in its child ...; evaluate there, or open another Pool in the child"),
    Wrong("a result that is not there in time", lambda p: p.apply_async(functions.slow, (0.3,)).get(0.01),
          multiprocessing.TimeoutError, ""),
    Wrong("a callback that raises", lambda p: mistakes.with_callback(p, mistakes.raises), None, "25"),
    Wrong("a callback that waits for another task", lambda p: mistakes.with_callback(p, lambda _: p.apply(functions.square, (2,))),
          None, "25"),
    Wrong("`pool.join()` of an open pool", lambda p: p.join(), ValueError, "Pool is still running"),
    Wrong("`pool.map` after `pool.close()`", lambda p: mistakes.after_close(Pool(1)), ValueError, "Pool not running"),
    Wrong("closing a pool twice", lambda p: mistakes.closed_twice(Pool(1)), None, "None"),
    Wrong("a broadcast value of another pool", lambda p: mistakes.of_another(p, Pool(1)), pickle.PicklingError,
          "argument 0, of type Broadcast, cannot be pickled: it refers to a broadcast value of another pool; send it with"
          " Pool.broadcast of this one"),
    Wrong("`submit` after the shutdown of an Executor", lambda p: mistakes.after_shutdown(Executor(1)), RuntimeError,
          "cannot schedule new futures after shutdown"),
    Wrong("a pool whose program was killed", lambda p: mistakes.killed_program(Pool(1)), BrokenPool,
          "the pool has ended with exit code -9..."),
]

#: Scripts, without cloudpickle where the last word is False: what their last line on standard error is.
Script = collections.namedtuple("Script", "use text message cloudpickle stdin")

SCRIPTS = [
    Script("a lambda, without cloudpickle", """
        from astropool import Pool
        if __name__ == "__main__":
            with Pool(1) as pool:
                try:
                    pool.map(lambda x: x, [1])
                except Exception as failure:
                    print(failure)
                print(pool.map(abs, [-49]))
        """, "the function <lambda> cannot be pickled: ...; install cloudpickle (pip install cloudpickle, or the package"
             " python3-cloudpickle)", False, False),
    Script("a function of a notebook, without cloudpickle", """
        from astropool import Pool
        def f(x):
            return x
        pool = Pool(1)
        try:
            pool.map(f, [1])
        except Exception as failure:
            print(failure)
        print(pool.map(abs, [-49]))
        pool.terminate()
        """, "the function f cannot be pickled: it is defined in the main module, which has no file; install cloudpickle (pip install"
             " cloudpickle, or the package python3-cloudpickle)", False, True),
    Script("a Pool that is opened without `if __name__ == \"__main__\":`, without cloudpickle", """
        import os, subprocess, sys
        from astropool import Pool
        def told(kind, value, trace):
            print(value, flush=True)
            code = "from astropool import Pool\\nwith Pool(1) as pool: print(pool.map(abs, [-49]))"
            subprocess.run([sys.executable, "-c", code], check=True)
            os._exit(0)
        sys.excepthook = told
        pool = Pool(1)
        """, "the worker processes cannot be started: the main module ... cannot be imported: ...PoolError: a Pool was opened in a worker"
             " process of another pool; tasks cannot start pools. If this happened while the script was imported, put what opens the"
             " pool below `if __name__ == \"__main__\":`...", False, False),
]


def pattern(message):
    return "(?s)^%s$" % re.escape(message).replace(re.escape("..."), ".*")


class WrongUsesTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.pool = Pool(2)

    @classmethod
    def tearDownClass(cls):
        cls.pool.terminate()

    def test_each_wrong_use_has_its_message_and_the_next_task_is_evaluated(self):
        for wrong in CALLS:
            with self.subTest(wrong.use):
                if wrong.error is None:
                    seen = str(wrong.call(self.pool))
                else:
                    with self.assertRaises(wrong.error) as caught:
                        wrong.call(self.pool)
                    seen = str(caught.exception)
                self.assertRegex(seen, pattern(wrong.message))
                self.assertNotRegex(seen, INTERNAL)
                self.assertEqual(self.pool.map(functions.square, [3, 7], chunksize=1), [9, 49])

    def test_each_wrong_script_has_its_message_and_the_next_task_is_evaluated(self):
        for script in SCRIPTS:
            with self.subTest(script.use), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "script.py")
                text = textwrap.dedent(script.text)
                with open(path, "w") as file:
                    file.write(text)
                environment = dict(os.environ, PYTHONPATH=os.path.dirname(HERE))
                if not script.cloudpickle:
                    with open(os.path.join(folder, "cloudpickle.py"), "w") as file:
                        file.write("raise ImportError('hidden by a test')\n")
                    environment["PYTHONPATH"] = folder + os.pathsep + environment["PYTHONPATH"]
                ended = subprocess.run(
                    [sys.executable, "-" if script.stdin else path], input=text if script.stdin else "", stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, universal_newlines=True, timeout=120, env=environment)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertRegex(ended.stdout, pattern(script.message + "[49]\n").replace(r"\[49", r"\n\[49"))
                self.assertNotRegex(ended.stdout + ended.stderr, INTERNAL)

    def test_without_java_a_script_is_told_what_to_install(self):
        with tempfile.TemporaryDirectory() as folder:
            for program in ("bash", "env", "dirname", "readlink", "sed", "cat", "uname", "grep", "ls", "sort", "tr", "mktemp", "rm"):
                found = [each + "/" + program for each in ("/usr/bin", "/bin") if os.path.exists(each + "/" + program)]
                if found:
                    os.symlink(found[0], os.path.join(folder, program))
            ended = subprocess.run(
                [sys.executable, "-c", "from astropool import Pool\nPool(1)"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                universal_newlines=True, timeout=120,
                env={"PATH": folder, "PYTHONPATH": os.path.dirname(HERE), "JAVA_HOME": ""})
            self.assertRegex(ended.stderr, "PoolError|BrokenPool")
            self.assertRegex(ended.stderr, "(?s)(?i)java.*install|install.*java")

    def test_the_documentation_has_this_table(self):
        with open(DOCUMENT, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(BEGIN, text)
        begin = text.index(BEGIN) + len(BEGIN)
        self.assertEqual(text[begin:text.index(END, begin)], table(), "run: python3 scripts/python/tests/test_wrong_uses.py --write")

    def test_there_are_many_of_them(self):
        self.assertGreaterEqual(len(CALLS) + len(SCRIPTS), 30)


def table():
    rows = ["| use | what you see |", "| --- | --- |"]
    for wrong in CALLS:
        seen = cell(wrong.message)
        if wrong.error is None:
            seen = "no error; the result is `%s`" % seen if wrong.message[0] in "[2N" else "`%s`" % seen
        else:
            seen = "`%s`%s" % (wrong.error.__name__, ": " + seen if seen else "")
        rows.append("| %s | %s |" % (wrong.use, seen))
    for script in SCRIPTS:
        rows.append("| %s | %s |" % (script.use, cell(script.message)))
    return "\n".join(rows) + "\n"


def cell(message):
    return message.replace("\n", " ").replace("|", "\\|").replace("......", "...").replace("<", "&lt;")


def write():
    with open(DOCUMENT, encoding="utf-8") as file:
        text = file.read()
    begin = text.index(BEGIN) + len(BEGIN)
    with open(DOCUMENT, "w", encoding="utf-8") as file:
        file.write(text[:begin] + table() + text[text.index(END, begin):])


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        unittest.main()
