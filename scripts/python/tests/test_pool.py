"""What astropool.Pool and astropool.Executor promise. Run in this folder: python3 -m unittest"""

import concurrent.futures
import functools
import itertools
import json
import multiprocessing
import os
import pickle
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
import unittest.mock

import watchdog  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import functions  # noqa: E402
from astropool import _frames, _launch  # noqa: E402
from astropool import (  # noqa: E402
    BrokenPool, Executor, Pool, PoolError, RemoteError, RemoteTraceback, TaskTimeout, WorkerLost)

try:
    import numpy
except ImportError:
    numpy = None


def switches(thread):
    """How often a thread of this process has waited."""
    with open("/proc/self/task/%d/status" % thread) as status:
        return next(int(line.split()[1]) for line in status if line.startswith("voluntary_ctxt_switches"))


needs_numpy = unittest.skipIf(numpy is None, "no numpy; install python3-numpy")


class PoolTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pool = Pool(2)

    @classmethod
    def tearDownClass(cls):
        cls.pool.terminate()

    def tearDown(self):  # whatever has gone wrong, the next task is evaluated
        self.assertEqual(self.pool.apply(functions.square, (7,)), 49)

    # ---- results ----

    def test_map_gives_results_in_order(self):
        self.assertEqual(self.pool.map(functions.square, range(1000)), [x * x for x in range(1000)])
        self.assertEqual(self.pool.map(functions.square, iter([3, 4]), chunksize=7), [9, 16])
        self.assertEqual(self.pool.map(functions.square, []), [])

    def test_map_of_many_items_uses_all_workers(self):
        self.assertEqual(len(set(self.pool.map(functions.process, range(100), chunksize=1))), 2)

    def test_starmap_apply_and_submit_pass_arguments(self):
        self.assertEqual(self.pool.starmap(functions.add, [(1, 2), [3, 4], (5,)]), [3, 7, 5])
        self.assertEqual(self.pool.apply(functions.add, (1,), {"y": 5}), 6)
        self.assertEqual(self.pool.submit(functions.add, 1, y=7).result(), 8)

    def test_results_after_a_lost_worker_belong_to_their_items(self):
        with tempfile.TemporaryDirectory() as folder:
            for i in range(12):  # the message of the item is followed by others that were sent ahead
                marker = os.path.join(folder, str(i))
                results = self.pool.map(functions.killed_once, [(x, marker) for x in range(400)], chunksize=5)
                self.assertEqual(results, list(range(400)))

    def test_arguments_and_methods_of_other_pools_are_accepted(self):
        told = []
        self.assertEqual(self.pool.map(functions.square, [2, 3], callback=told.append), told)
        with Executor(1, mp_context=None, max_tasks_per_child=5, maxtasksperchild=5) as executor:
            self.assertEqual(list(executor.starmap(functions.add, [(1, 2), (5, 1)])), [3, 6])
            self.assertEqual(executor.num_workers, 1)

    def test_a_report_shows_what_the_workers_did(self):
        with tempfile.TemporaryDirectory() as folder:
            page = os.path.join(folder, "report.html")
            with Pool(1, report=page) as pool:
                pool.map(functions.square, range(100))
            with open(page, encoding="utf-8") as file:
                text = file.read()
        shown = json.loads(re.search('<script type="application/json" id="data">(.*?)</script>', text).group(1))
        self.assertEqual(shown["state"]["name"], "complete")
        self.assertGreater(shown["workers"]["rows"][0]["evaluated"], 0)

    def test_a_function_is_pickled_once_for_all_messages_of_a_call(self):
        function = functions.Counted()
        self.assertEqual(self.pool.map(function, range(50), chunksize=1), list(range(50)))
        self.assertEqual(function.pickled, 1)

    def test_imap_ends_after_an_argument_that_cannot_be_pickled(self):
        results = self.pool.imap(functions.square, [1] * 100 + [threading.Lock(), 3], chunksize=1)
        with self.assertRaises(pickle.PicklingError):
            list(results)
        self.assertLess(len(list(results)), 100)

    def test_asynchronous_calls_tell_their_callbacks(self):
        told = []
        done = threading.Event()

        def callback(value):
            told.append(value)
            if len(told) == 3:
                done.set()

        result = self.pool.map_async(functions.square, range(5), callback=callback)
        self.assertEqual(result.get(30), [0, 1, 4, 9, 16])
        self.assertTrue(result.successful())
        self.pool.apply_async(functions.square, (3,), callback=callback)
        self.pool.apply_async(functions.five_is_bad, (5,), callback=callback, error_callback=callback)
        self.assertTrue(done.wait(30))
        self.assertEqual(sorted(map(str, told)), sorted(["[0, 1, 4, 9, 16]", "9", "five"]))

    def test_imap_reads_endless_iterators_a_bounded_number_ahead(self):
        read = itertools.count()
        results = self.pool.imap(functions.square, read, chunksize=5)
        self.assertEqual(list(itertools.islice(results, 100)), [x * x for x in range(100)])
        self.assertLess(next(read), 200)
        results.close()
        self.assertEqual(sorted(self.pool.imap_unordered(functions.square, range(20))), [x * x for x in range(20)])
        self.assertEqual(list(self.pool.imap(functions.square, [])), [])

    @needs_numpy
    def test_a_seed_gives_the_same_numbers_for_any_chunks(self):
        first = self.pool.map(functions.noise, range(20), seed=1)
        self.assertEqual(self.pool.map(functions.noise, range(20), seed=1, chunksize=7), first)
        self.assertEqual(list(self.pool.imap(functions.noise, range(20), seed=1)), first)
        self.assertEqual(self.pool.starmap(functions.noise, ((x,) for x in range(20)), seed=1), first)
        self.assertNotEqual(self.pool.map(functions.noise, range(20), seed=2), first)

    @needs_numpy
    def test_arrays_arrive_complete_and_can_be_changed(self):
        self.assertEqual(self.pool.apply(functions.total, (numpy.ones(3000000),)), (3000000.0, True))
        result = self.pool.apply(functions.makes_array, (20,))
        self.assertEqual(result[-1], (20 << 17) - 1)
        result[0] = 5

    # ---- functions and broadcast values ----

    @needs_numpy
    def test_a_function_whose_array_has_changed_is_sent_again(self):
        for size in (100, 5000000):
            scaled = Scaled = functions.Scaled(numpy.zeros(size))
            self.assertEqual(self.pool.map(scaled, [1, size - 1]), [0.0, 0.0])
            Scaled.array[:] = 2.5
            self.assertEqual(self.pool.map(scaled, [1, size - 1]), [2.5, 2.5])
            Scaled.array = numpy.full(size, 3.5)
            self.assertEqual(self.pool.map(scaled, [1, size - 1]), [3.5, 3.5])

    @needs_numpy
    def test_more_functions_than_are_remembered(self):
        pending = [(i, self.pool.submit(functions.Scaled(numpy.full(3, i)), 1)) for i in range(150)]
        for i, future in pending:
            self.assertEqual(future.result(), i)

    @needs_numpy
    def test_workers_share_a_broadcast_value_that_they_cannot_change(self):
        shared = self.pool.broadcast(numpy.arange(3000000.0))
        self.assertEqual(shared.value[3], 3.0)
        self.assertEqual(self.pool.map(functions.length_of, [shared] * 3), [(3000000, False)] * 3)
        self.pool.forget(shared)
        with self.assertRaisesRegex(pickle.PicklingError, "freed"):
            self.pool.map(functions.length_of, [shared])
        other = self.pool.broadcast(numpy.arange(5.0))  # the function that was given the freed one goes on
        self.assertEqual(self.pool.map(functions.length_of, [other]), [(5, False)])

    @unittest.skipUnless(os.path.exists("/proc/self/smaps_rollup"), "needs /proc/PID/smaps_rollup")
    @needs_numpy
    def test_a_broadcast_value_is_in_memory_once_for_all_workers(self):
        pids = self.pool.run_everywhere(os.getpid)
        self.pool.run_everywhere(functions.total, numpy.ones(1))
        before = sum(map(functions.proportional_memory, pids))
        shared = self.pool.broadcast(numpy.ones(8 << 20))
        self.assertEqual(self.pool.run_everywhere(functions.sum_of, shared), [float(8 << 20)] * 2)
        grown = sum(map(functions.proportional_memory, pids)) - before
        self.pool.forget(shared)
        self.assertLess(grown, 80 << 20)
        self.assertGreater(grown, 30 << 20)

    @needs_numpy
    def test_messages_are_short_for_large_items(self):
        made = []
        results = self.pool.imap(functions.same, (made.append(i) or numpy.full(12500, i, "u8") for i in itertools.count()))
        for i, result in zip(range(2000), results):
            self.assertEqual(result[0], i)
            self.assertLess(len(made) - i, 500)  # of 0.1 MB each

    # ---- every worker ----

    def test_a_function_runs_once_in_each_worker_process(self):
        processes = self.pool.run_everywhere(os.getpid)
        self.assertEqual(len(set(processes)), 2)
        self.assertEqual(set(self.pool.map(functions.process, range(50), chunksize=1)), set(processes))
        self.assertEqual(self.pool.run_everywhere(functions.remember, value=5), [None, None])
        self.assertEqual(self.pool.map(functions.recall, range(20), chunksize=1), [5] * 20)

    def test_a_function_runs_everywhere_between_the_tasks_of_a_map(self):
        results = self.pool.map_async(functions.slow_square, range(300), chunksize=1)
        for _ in range(5):
            self.assertEqual(len(set(self.pool.run_everywhere(os.getpid))), 2)
        self.assertEqual(results.get(60), [x * x for x in range(300)])

    @needs_numpy
    def test_a_function_that_fails_in_a_process_raises_and_a_lost_process_is_replaced(self):
        with self.assertRaisesRegex(ValueError, "five"):
            self.pool.run_everywhere(functions.five_is_bad, 5)
        with self.assertRaisesRegex(WorkerLost, "the worker process ended while it evaluated this task: .*exit code 3"):
            self.pool.run_everywhere(os._exit, 3)
        self.assertEqual(len(set(self.pool.run_everywhere(os.getpid))), 2)
        shared = self.pool.broadcast(numpy.ones(1000000))
        self.assertEqual(self.pool.run_everywhere(functions.length_of, shared), [(1000000, False)] * 2)

    # ---- failures ----

    def test_an_exception_has_its_type_and_the_traceback_of_the_worker(self):
        with self.assertRaisesRegex(ValueError, "^five$") as caught:
            self.pool.map(functions.five_is_bad, range(10))
        self.assertIsInstance(caught.exception.__cause__, RemoteTraceback)
        self.assertRegex(str(caught.exception.__cause__), "(?s)on worker .*functions.py.*five_is_bad.*ValueError: five")
        self.assertNotIn("_worker.py", str(caught.exception.__cause__))

    def test_the_other_items_of_a_failed_one_have_results(self):
        outcomes = []
        results = self.pool.imap(functions.five_is_bad, range(10), chunksize=4)
        for _ in range(10):
            try:
                outcomes.append(next(results))
            except ValueError:
                outcomes.append("bad")
        self.assertEqual(outcomes, [0, 1, 2, 3, 4, "bad", 6, 7, 8, 9])

    def test_an_exception_that_cannot_be_rebuilt_is_a_remote_error(self):
        with self.assertRaisesRegex(RemoteError, "Odd: odd") as caught:
            self.pool.map(functions.odd, [1])
        self.assertEqual(caught.exception.type_name, "functions.Odd")
        self.assertRegex(caught.exception.worker, "on .*process")

    def test_stop_iteration_and_exit_fail_their_items_alone(self):
        with self.assertRaisesRegex(Exception, "StopIteration"):
            self.pool.map(functions.stops, [1, 2, 3])
        with self.assertRaisesRegex(RemoteError, r"sys.exit\(4\)"):
            self.pool.map(functions.leaves, [4])

    def test_a_killed_worker_costs_an_attempt_and_three_fail_the_item_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            items = [(x, os.path.join(folder, "once")) for x in range(6)]
            self.assertEqual(self.pool.map(functions.exits_once, items, chunksize=6), list(range(6)))
        results = self.pool.map_async(functions.killed_at_three, range(6), chunksize=6)
        with self.assertRaisesRegex(WorkerLost, r"(?s)3 times.*signal 9 \(SIGKILL\)"):
            results.get()
        others = self.pool.imap(functions.killed_at_three, range(6), chunksize=6)
        self.assertEqual(list(itertools.islice(others, 3)), [0, 1, 2])
        self.assertRaises(WorkerLost, next, others)
        self.assertEqual(list(others), [4, 5])

    def test_a_time_limit_kills_the_item_that_exceeds_it(self):
        begin = time.monotonic()
        with self.assertRaisesRegex(TaskTimeout, "time limit of 0.5 s"):
            self.pool.map(functions.slow, [0.01, 60, 0.01], timeout=0.5)
        self.assertLess(time.monotonic() - begin, 30)

    def test_a_task_that_raised_is_tried_again(self):
        with tempfile.TemporaryDirectory() as folder:
            items = [(x, os.path.join(folder, "once")) for x in range(6)]
            self.assertEqual(self.pool.map(functions.fails_once, items, retries=1), list(range(6)))

    def test_cancelling_a_future_stops_its_task(self):
        futures = [self.pool.submit(functions.slow, 300) for _ in range(4)]
        time.sleep(0.3)
        self.assertTrue(all(future.cancel() for future in futures))
        self.assertTrue(all(future.cancelled() for future in futures))
        self.assertTrue(all(future.cancel() for future in futures))
        for _ in range(20):  # some end at the moment in which they are cancelled
            futures = [self.pool.submit(functions.square, x) for x in range(50)]
            cancelled = [future.cancel() for future in reversed(futures)]
            done, _ = concurrent.futures.wait(futures, 60)
            self.assertEqual(len(done), 50)
            self.assertEqual([future.cancelled() for future in reversed(futures)], cancelled)

    def test_what_cannot_be_pickled_is_named(self):
        lock = threading.Lock()
        for message, call in [
            ("argument 2, of type lock", lambda: self.pool.map(functions.square, [1, 2, lock], chunksize=3)),
            ("the function .*cannot be pickled.*lock", lambda: self.pool.map(functions.Scaled(lock), [1])),
            ("the function .*a Pool cannot be pickled", lambda: self.pool.map(functions.Scaled(self.pool), [1])),
            ("the value cannot be pickled", lambda: self.pool.broadcast(lock)),
        ]:
            with self.subTest(message), self.assertRaisesRegex(pickle.PicklingError, message):
                call()
        with self.assertRaisesRegex(RemoteError, "the result of type generator cannot be pickled"):
            self.pool.map(functions.counts, [3])

    def test_wrong_arguments_are_refused_before_anything_starts(self):
        for error, call in [
            (TypeError, lambda: self.pool.map(3, [1])),
            (TypeError, lambda: self.pool.map(functions.square, 3)),
            (ValueError, lambda: self.pool.map(functions.square, [1], chunksize=0)),
            (ValueError, lambda: self.pool.map(functions.square, [1], timeout=0)),
            (ValueError, lambda: self.pool.map(functions.square, [1], retries=-1)),
            (ValueError, lambda: Pool(0)),
            (TypeError, lambda: Pool(1, initializer=3)),
        ]:
            with self.subTest(error=error), self.assertRaises(error):
                call()

    def test_tasks_cannot_open_pools(self):
        with self.assertRaisesRegex(PoolError, "tasks cannot start pools"):
            self.pool.map(functions.opens_a_pool, [1])

    def test_a_child_by_fork_cannot_use_the_pool(self):
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                self.pool.map(functions.square, [1])
            except PoolError as failure:
                os.write(writes, str(failure).encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self.assertIn(b"cannot be used in its child", os.read(reads, 1000))

    def test_a_result_that_is_not_there_in_time(self):
        result = self.pool.apply_async(functions.slow, (1,))
        self.assertRaises(multiprocessing.TimeoutError, result.get, 0.01)
        self.assertRaises(ValueError, result.successful)
        self.assertEqual(result.get(), 1)


class PoolsLifeTest(unittest.TestCase):
    def test_a_closed_pool_refuses_tasks_and_ends_those_it_has(self):
        with Pool(2) as pool:
            self.assertEqual(pool.size, 2)
            result = pool.map_async(functions.slow, [0.2] * 4)
        self.assertEqual(result.get(), [0.2] * 4)
        self.assertRaises(ValueError, pool.map, functions.square, [1])

    def test_an_idle_pool_ends_without_a_wait(self):
        pool = Pool(1)
        self.assertEqual(pool.map(functions.square, [2]), [4])
        begin = time.monotonic()
        pool.terminate()
        self.assertLess(time.monotonic() - begin, 4)

    def test_the_initializer_runs_in_each_worker_and_its_failure_ends_the_start(self):
        with Pool(2, functions.remember, ("all",)) as pool:
            self.assertEqual(pool.map(functions.recall, range(20), chunksize=1), ["all"] * 20)
        with self.assertRaisesRegex(PoolError, "the initializer failed: ValueError: five"):
            Pool(2, functions.five_is_bad, (5,))

    def test_an_interpreter_that_does_not_exist_is_named(self):
        with self.assertRaisesRegex(PoolError, "/nowhere/python"):
            Pool(1, python="/nowhere/python")

    def test_an_executor_is_one_of_the_standard_library(self):
        with Executor(2) as executor:
            self.assertIsInstance(executor, concurrent.futures.Executor)
            self.assertEqual(list(executor.map(functions.add, [1, 2], [3, 4])), [4, 6])
            futures = [executor.submit(functions.square, x) for x in range(20)]
            done, pending = concurrent.futures.wait(futures, 60)
            self.assertEqual((len(done), len(pending)), (20, 0))
            self.assertEqual(sorted(f.result() for f in concurrent.futures.as_completed(futures)), [x * x for x in range(20)])
            self.assertIsInstance(executor.submit(functions.five_is_bad, 5).exception(), ValueError)
            with self.assertRaises(concurrent.futures.TimeoutError):
                list(executor.map(functions.slow, [30], timeout=0.1))
        self.assertRaises(RuntimeError, executor.submit, functions.square, 1)

    def test_shutdown_can_cancel_what_has_not_begun(self):
        executor = Executor(1)
        futures = [executor.submit(functions.slow, 300) for _ in range(5)]
        begin = time.monotonic()
        executor.shutdown(cancel_futures=True)
        self.assertLess(time.monotonic() - begin, 30)
        self.assertTrue(all(future.cancelled() for future in futures))

    def test_small_tasks_are_sent_together_while_the_workers_are_busy(self):
        with Pool(2) as pool:
            pool.map(functions.square, range(10))
            busy = [pool.submit(functions.slow, 1) for _ in range(2)]
            with unittest.mock.patch.object(_frames.os, "write", wraps=os.write) as write:
                futures = [pool.submit(functions.square, i) for i in range(1000)]
                calls = write.call_count
            self.assertLess(calls, 200)
            cancelled = futures[400::200]  # some that were sent, some that were not
            self.assertTrue(all(each.cancel() for each in cancelled))
            self.assertEqual(pool.apply(functions.square, (3,)), 9)
            self.assertEqual(
                [each.result(60) for each in futures if each not in cancelled],
                [i * i for i in range(1000) if i < 400 or i % 200])
            concurrent.futures.wait(busy, 60)
            last = [pool.submit(functions.square, i) for i in range(1000)]
        self.assertEqual([each.result(0) for each in last], [i * i for i in range(1000)])

    def test_a_task_that_is_waited_for_wakes_no_other_thread(self):
        with Pool(1) as pool:
            pool.apply(functions.square, (1,))
            reader = pool._link._reader.native_id
            before = switches(reader)
            for i in range(200):
                self.assertEqual(pool.apply(functions.square, (i,)), i * i)
            self.assertLess(switches(reader) - before, 20)

    def test_the_end_of_the_pool_breaks_its_futures(self):
        pool = Pool(1)
        future = pool.submit(functions.slow, 300)
        pool._link.connection.process.kill()
        self.assertIsInstance(future.exception(60), BrokenPool)
        self.assertIsInstance(future.exception(), concurrent.futures.BrokenExecutor)
        self.assertRaises(BrokenPool, pool.map, functions.square, [1])
        pool.terminate()


    def test_workers_of_other_machines_join_a_pool_over_hazelcast(self):
        with Pool(1, pool="hazelcast", listen="127.0.0.1") as pool:
            self.assertEqual(pool.map(functions.square, range(10)), [x * x for x in range(10)])
            self.assertIn(pool.invitation, pool._repr_html_())
            self.refuses_what_is_too_large(pool)
            words = [_launch.find_program(None), *shlex.split(pool.invitation)[1:], "--threads", "1"]
            worker = subprocess.Popen(words, stdin=subprocess.DEVNULL)
            try:
                self.wait_for(lambda: pool.size == 2)
                self.assertEqual(len(set(pool.map(functions.process, range(50), chunksize=1))), 2)
                worker.kill()
                self.wait_for(lambda: pool.size == 1)
                self.assertEqual(pool.map(functions.square, range(10)), [x * x for x in range(10)])
            finally:
                worker.kill()
                worker.wait()
        with self.assertRaisesRegex(ValueError, 'pool="hazelcast"'):
            Pool(listen="127.0.0.1")
        with Pool(1) as pool:
            self.assertIsNone(pool.invitation)

    def refuses_what_is_too_large(self, pool):
        if numpy is None:
            return
        for size in (1 << 28, 3 << 30):  # memory that is never touched
            value = numpy.empty(size, "u1")
            limit = "take.* %d.* bytes, more than the limit of 268369920 bytes" % (size // 1000000)
            with self.assertRaisesRegex(ValueError, "the value %s.*file" % limit):
                pool.broadcast(value)
            with self.assertRaisesRegex(ValueError, "the function .*%s.*file" % limit):
                pool.map(functools.partial(functions.same, value), [1])
            with self.assertRaisesRegex(ValueError, "the arguments %s" % limit):
                pool.apply(functions.same, (value,))
        del pool._link.ready["max_object_bytes"]  # as if the script did not know the limit
        with self.assertRaisesRegex(RemoteError, "the function or a broadcast value: .*limit of this pool"):
            pool.map(functools.partial(functions.same, numpy.zeros(1 << 28, "u1")), [1])
        self.assertEqual(pool.map(functions.square, range(10)), [x * x for x in range(10)])

    def wait_for(self, condition):
        end = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)


class ScriptsTest(unittest.TestCase):
    """Scripts, whose functions are those of the main module."""

    def run_script(self, text, **environment):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "script.py")
            with open(path, "w") as file:
                file.write(textwrap.dedent(text))
            return subprocess.run(
                [sys.executable, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120,
                env=dict(os.environ, PYTHONPATH=os.path.dirname(HERE), **environment))

    SCRIPT = """
        from astropool import Pool

        class Result:
            def __init__(self, x): self.x = x

        def double(x):
            print("doubling", x)
            return Result(2 * x)

        if __name__ == "__main__":
            with Pool(1) as pool:
                print([result.x for result in pool.map(double, [1, 2])], all(type(r) is Result for r in pool.map(double, [1])))
        """

    def test_functions_and_classes_of_the_script_and_what_they_print(self):
        ended = self.run_script(self.SCRIPT)
        self.assertEqual((ended.stdout, ended.returncode), ("[2, 4] True\n", 0), ended.stderr)
        self.assertRegex(ended.stderr, r"\[\d+\.\d+\] doubling 1")

    def test_what_an_initializer_assigns_is_seen_by_all_functions(self):
        script = """
            from astropool import Pool

            zero_point, table, count = 0.0, {}, 0

            def start(value):
                global zero_point, curves, mathematics, to_int
                import math as mathematics
                to_int = lambda x: int(x)
                zero_point = value
                table["key"] = value
                curves = [value]

            def load(value):
                global curves
                curves = [value]

            def use(x):
                return x + zero_point, table["key"], curves[0], to_int(mathematics.floor(scale))

            if __name__ == "__main__":
                scale = 1
                with Pool(2, initializer=start, initargs=(25.0,)) as pool:
                    print(set(pool.map(use, [1.0] * 10)))
                    pool.run_everywhere(load, 7)
                    print(set(pool.map(use, [1.0] * 10)))
                    calls = []
                    for scale in (2, 3):  # a function has the values that the script had when it was given
                        calls.append(pool.map_async(use, [1.0] * 10))
                    print(*(set(call.get()) for call in calls))
                    zero_point = 4.0  # the script has changed it since
                    print(set(pool.map(use, [1.0] * 10)))
            """
        ended = self.run_script(script)
        if ended.returncode and "cloudpickle" not in ended.stderr:
            try:
                import cloudpickle  # noqa: F401
            except ImportError:
                self.skipTest("no cloudpickle; install python3-cloudpickle")
        self.assertEqual(ended.stdout.splitlines(), [
            "{(26.0, 25.0, 25.0, 1)}", "{(26.0, 25.0, 7, 1)}", "{(26.0, 25.0, 7, 2)} {(26.0, 25.0, 7, 3)}", "{(5.0, 25.0, 7, 3)}",
        ], ended.stderr)

    def test_without_cloudpickle_workers_import_the_script(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "cloudpickle.py"), "w") as file:
                file.write("raise ImportError('hidden by a test')\n")
            script = "import sys; sys.path.insert(0, %r)\n" % folder + textwrap.dedent(self.SCRIPT)
            ended = self.run_script(script)
            self.assertEqual((ended.stdout, ended.returncode), ("[2, 4] True\n", 0), ended.stderr)
            script += "    with Pool(1) as pool:\n        pool.map(lambda x: x, [1])\n"
            ended = self.run_script(script)
            self.assertIn("install cloudpickle", ended.stderr)

    def test_a_killed_script_leaves_nothing(self):
        script = """
            import os, sys, time
            sys.path.insert(0, %r)
            import functions
            from astropool import Pool
            if __name__ == "__main__":
                pool = Pool(2)
                print(*set(pool.map(functions.process, range(100), chunksize=1)), pool._link.connection.process.pid, flush=True)
                pool.map_async(functions.slow, [300] * 10)
                time.sleep(0.3)
                os.kill(os.getpid(), 9)
            """ % HERE
        ended = self.run_script(script)
        self.assertEqual(ended.returncode, -9, ended.stderr)
        pids = list(map(int, ended.stdout.split()))
        self.assertEqual(len(pids), 3)
        end = time.monotonic() + 30
        while any(os.path.exists("/proc/%d" % pid) for pid in pids):
            self.assertLess(time.monotonic(), end, "processes are left")
            time.sleep(0.05)

    def test_ctrl_c_cancels_the_call_and_the_pool_can_be_used(self):
        script = """
            import os, signal, sys, threading
            sys.path.insert(0, %r)
            import functions
            from astropool import Pool
            if __name__ == "__main__":
                with Pool(2) as pool:
                    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
                    try:
                        pool.map(functions.slow, [300] * 10)
                    except KeyboardInterrupt:
                        print("interrupted", pool.map(functions.square, [3]))
            """ % HERE
        ended = self.run_script(script)
        self.assertEqual((ended.stdout, ended.returncode), ("interrupted [9]\n", 0), ended.stderr)

    def test_ranks_that_run_the_script_themselves_are_told_what_to_write(self):
        ended = self.run_script("from astropool import Pool\nPool()\n", OMPI_COMM_WORLD_SIZE="4")
        self.assertIn("mpiexec -n 4 astropool python", ended.stderr)


if __name__ == "__main__":
    unittest.main()
