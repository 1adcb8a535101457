"""A journal keeps results: a script that is started again evaluates only what is missing."""

import importlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

import watchdog  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import functions  # noqa: E402
from astropool import Executor, Pool, PoolError  # noqa: E402
from astropool._journal import digest_of  # noqa: E402

import numpy  # noqa: E402


class JournalTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "run.journal")
        self.log = os.path.join(self.folder.name, "log")

    def evaluated(self):
        """What was evaluated since the last call, in any order."""
        if not os.path.exists(self.log):
            return []
        with open(self.log) as file:
            lines = sorted(file.read().split())
        os.unlink(self.log)
        return lines

    def test_the_second_pool_evaluates_only_what_is_missing(self):
        logged = functions.Logged(self.log)
        with Pool(2, journal=self.path) as pool:
            self.assertEqual(pool.map(logged, range(20)), [x * x for x in range(20)])
            self.assertEqual(len(self.evaluated()), 20)
        with Pool(1, journal=self.path) as pool:
            self.assertEqual(pool.map(logged, range(30)), [x * x for x in range(30)])
            self.assertEqual(self.evaluated(), sorted(map(str, range(20, 30))))
            mixed = [100, 3, 4, 101, 102, 5, 103]
            self.assertEqual(pool.map(logged, mixed, chunksize=4), [x * x for x in mixed])
            self.assertEqual(self.evaluated(), ["100", "101", "102", "103"])
            self.assertEqual(list(pool.imap(logged, iter(range(40)))), [x * x for x in range(40)])
            self.assertEqual(len(self.evaluated()), 10)
            self.assertEqual(sorted(pool.imap_unordered(logged, iter(range(40)))), [x * x for x in range(40)])
            self.assertEqual(pool.starmap(logged, [(1,)]), [1])
            self.assertEqual([pool.apply(logged, (2,)) for _ in range(3)], [4] * 3)
            self.assertEqual([pool.submit(logged, 2).result() for _ in range(3)], [4] * 3)
            self.assertEqual(self.evaluated(), ["1", "2"])  # each way to call a function has results of its own
            told = []
            for items in ([200, 1, 2], [1, 2], [1, 201, 2], []):
                pool.map_async(logged, items, chunksize=1, callback=told.append).get(60)
            self.assertEqual(pool.apply(functions.square, (2,)), 4)  # the callbacks before it have ended
            self.assertEqual(told, [[40000, 1, 4], [1, 4], [1, 40401, 4], []])
            for _ in range(2):
                self.assertEqual(pool.map(functions.square, range(20000), chunksize=100), [x * x for x in range(20000)])

    def test_cached_functions_and_data_classes_are_known_by_their_code(self):
        text = """
            import dataclasses, functools, sys
            from astropool import Pool

            @functools.lru_cache(maxsize=None)
            def table(z):
                return z * FACTOR

            @dataclasses.dataclass
            class Point:
                x: float = dataclasses.field(default=0.0, metadata={"unit": "mag"})

                @property
                def twice(self):
                    return self.x * FACTOR

            def model(point):
                print("evaluated", file=sys.stderr)
                return table(point.x) + point.twice

            if __name__ == "__main__":
                with Pool(1, journal=%r) as pool:
                    print(pool.map(model, [Point(1.0), Point(2.0)]))
            """ % self.path
        for factor, expected, evaluations in ((2, "[4.0, 8.0]", 2), (2, "[4.0, 8.0]", 0), (3, "[6.0, 12.0]", 2)):
            path = os.path.join(self.folder.name, "script.py")
            with open(path, "w") as file:
                file.write(textwrap.dedent(text).replace("FACTOR", str(factor)))
            ended = subprocess.run(
                [sys.executable, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120,
                env=dict(os.environ, PYTHONPATH=os.path.dirname(HERE)))
            self.assertEqual(ended.stdout.strip(), expected, ended.stderr)
            self.assertEqual(ended.stderr.count("evaluated"), evaluations, ended.stderr)

    def test_failures_are_evaluated_again(self):
        with Pool(1, journal=self.path) as pool:
            for _ in range(2):
                with self.assertRaisesRegex(ValueError, "five"):
                    pool.map(functions.Logged(self.log, functions.five_is_bad), range(7), chunksize=7)
            self.assertEqual(self.evaluated(), ["0", "1", "2", "3", "4", "5", "5", "6"])

    def test_random_numbers_belong_to_the_seed_and_the_number_of_the_item(self):
        with Pool(1, journal=self.path) as pool:
            noise = functions.Logged(self.log, functions.noise)
            first = pool.map(noise, [1.0, 1.0], seed=1)
            self.assertNotEqual(first[0], first[1])
            self.assertEqual(pool.map(noise, [1.0, 1.0, 1.0], seed=1)[:2], first)
            self.assertNotEqual(pool.map(noise, [1.0, 1.0], seed=2), first)
            self.assertEqual(len(self.evaluated()), 5)

    def test_arrays_broadcast_values_and_what_a_function_captures_are_compared_by_content(self):
        for scales in ([(1.0, ["evaluated"])], [(2.0, ["evaluated"]), (1.0, [])]):
            with Pool(1, journal=self.path) as pool:
                for scale, expected in scales:
                    shared = pool.broadcast(numpy.full(50000, scale))
                    self.assertEqual(pool.map(functions.LoggedSum(self.log), [(shared, numpy.ones(50000))]), [50000 * (1 + scale)])
                    self.assertEqual(self.evaluated(), expected)
                self.assertEqual(
                    [pool.map(functions.Scaled(numpy.full(3, value)), [1]) for value in (1, 2, 1)], [[1.0], [2.0], [1.0]])

    def test_an_executor_has_a_journal_too(self):
        for expected in (["3"], []):
            with Executor(1, journal=self.path) as executor:
                self.assertEqual(executor.submit(functions.Logged(self.log), 3).result(), 9)
                self.assertEqual(list(executor.map(functions.Logged(self.log), [3])), [9])
                self.assertEqual(len(self.evaluated()), 2 * len(expected))

    def test_two_pools_cannot_use_a_journal_at_the_same_time(self):
        with Pool(1, journal=self.path) as pool:
            pool.map(functions.square, [1])
            with self.assertRaisesRegex(PoolError, "run.journal is used by another pool; wait until that has ended"):
                Pool(1, journal=self.path)
            code = "import sys; sys.path.insert(0, %r); from astropool import Pool; Pool(1, journal=%r)"
            ended = subprocess.run(
                [sys.executable, "-c", code % (os.path.dirname(HERE), self.path)], stderr=subprocess.PIPE, universal_newlines=True)
            self.assertIn("is used by another pool", ended.stderr)
            self.assertEqual(pool.map(functions.square, [2]), [4])
        Pool(1, journal=self.path).terminate()

    def test_other_files_are_refused_and_left_as_they_are(self):
        with open(self.path, "w") as file:
            file.write("a text\n" * 1000)
        self.assertRaisesRegex(PoolError, "run.journal cannot be used: file is not a database", Pool, 1, journal=self.path)
        with open(self.path) as file:
            self.assertEqual(file.read(), "a text\n" * 1000)
        os.unlink(self.path)
        with sqlite3.connect(self.path) as other:
            other.execute("CREATE TABLE mine (x)")
        other.close()
        self.assertRaisesRegex(PoolError, "not a journal of this version of astropool", Pool, 1, journal=self.path)
        self.assertRaisesRegex(PoolError, "cannot be used: unable to open", Pool, 1, journal=self.folder.name + "/no/file")

    SCRIPT = """
        import os, sys, time
        import numpy
        from astropool import Pool

        OFFSET = 100

        class Point:
            def __init__(self, x): self.x = x

        def shift(x):
            return x + OFFSET

        def slow(point):
            with open(%r, "a") as file:
                file.write("%%d\\n" %% point.x)
            time.sleep(0.01)
            return shift(point.x), numpy.arange(3)

        if __name__ == "__main__":
            with Pool(2, journal=%r) as pool:
                print(sum(value for value, _ in pool.map(slow, [Point(x) for x in range(60)], chunksize=1)))
        """

    def script(self, text):
        path = os.path.join(self.folder.name, "script.py")
        with open(path, "w") as file:
            file.write(textwrap.dedent(text) % (self.log, self.path))
        return subprocess.Popen(
            [sys.executable, path], stdout=subprocess.PIPE, universal_newlines=True,
            env=dict(os.environ, PYTHONPATH=os.path.dirname(HERE)))

    def test_a_killed_script_is_continued_also_when_its_last_record_is_torn(self):
        killed = self.script(self.SCRIPT)
        end = time.monotonic() + 60
        while not os.path.exists(self.log) or os.path.getsize(self.log) < 60:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        first = self.evaluated()
        ahead = self.path + "-wal"
        os.truncate(ahead, os.path.getsize(ahead) - 10)

        with self.script(self.SCRIPT) as again:
            self.assertEqual(again.communicate()[0], "%d\n" % sum(range(100, 160)))
        second = self.evaluated()
        self.assertEqual(set(first) | set(second), set(map(str, range(60))))
        self.assertLess(len(first) + len(second), 70)  # those under way, and in the torn record, are evaluated twice
        moved = textwrap.dedent(self.SCRIPT).replace("OFFSET", "# the functions move\n\nOFFSET", 1)
        with self.script(moved) as third:
            self.assertEqual(third.communicate()[0], "%d\n" % sum(range(100, 160)))
        self.assertEqual(self.evaluated(), [])

        with self.script(moved.replace("OFFSET = 100", "OFFSET = 200")) as other:
            self.assertEqual(other.communicate()[0], "%d\n" % sum(range(200, 260)))
        self.assertEqual(len(self.evaluated()), 60)

    def test_digests_are_those_of_the_code_and_not_of_its_place(self):
        def made(text):
            space = {"__name__": "__main__"}
            exec(textwrap.dedent(text), space)
            return digest_of(space["f"], "f")

        same = made("def g(x):\n    return x\ndef f(x): return g(x) + 1")
        self.assertEqual(made("\n\n# moved\ndef g(x): return x\n\ndef f(x): return g(x) + 1"), same)
        self.assertNotEqual(made("def g(x):\n    return 2 * x\ndef f(x): return g(x) + 1"), same)
        self.assertNotEqual(made("def g(x):\n    return x\ndef f(x): return g(x) + 2"), same)
        self.assertNotEqual(made("def g(x):\n    return x\ndef f(x, y=1): return g(x) + 1"), same)
        loop = "def g(x): return f(x)\ndef f(x): return g(x) if x else %d"
        self.assertEqual(made(loop % 1), made(loop % 1))
        self.assertNotEqual(made(loop % 1), made(loop % 2))
        kind = "class A:\n    def m(self): return %d\ndef f(x): return A().m()"
        self.assertEqual(made(kind % 1), made(kind % 1))
        self.assertNotEqual(made(kind % 1), made(kind % 2))

    def test_a_change_in_a_module_of_the_user_changes_the_digest(self):
        names = ["journal_module_%d_%s" % (os.getpid(), name) for name in ("helper", "local")]
        sys.path.insert(0, self.folder.name)
        self.addCleanup(sys.path.remove, self.folder.name)

        def digest(body, call):
            for name, text in zip(names, body):
                sys.modules.pop(name, None)
                with open(os.path.join(self.folder.name, name + ".py"), "w") as file:
                    file.write(text)
            importlib.invalidate_caches()
            space = {"__name__": "__main__", "helper": importlib.import_module(names[0])}
            exec(call, space)
            return digest_of(space["f"], "f")

        outside = "def f(x): return helper.g(x)"
        inside = "def f(x):\n    import %s as local\n    return local.h(x)" % names[1]
        first = ["A = 1\nother = 1\ndef g(x): return A * x", "def h(x): return x"]
        for call in (outside, inside):
            self.assertEqual(digest(first, call), digest(first, call))
        for changed, call in [
                ([first[0].replace("A = 1", "A = 10"), first[1]], outside), ([first[0] + " + 5", first[1]], outside),
                ([first[0], first[1] + " + 5"], inside)]:
            self.assertNotEqual(digest(changed, call), digest(first, call))
        self.assertEqual(digest([first[0].replace("other = 1", "other = 2"), first[1]], outside), digest(first, outside))


if __name__ == "__main__":
    unittest.main()
