"""Measures the memory that a pool needs, from /proc: Linux only.

    python3 scripts/python/benchmarks/memory.py [--tasks 1000000] [--workers 2 4 8]

First a million tasks from a generator through `imap`: the memory of all processes while they run, which must not grow with the
number of tasks. Then a broadcast value of 64 MiB: how much more memory all worker processes have together, in proportional
shares, so that memory that they share counts once.
"""

import argparse
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import numpy  # noqa: E402
from astropool import Pool  # noqa: E402

MIB = 1 << 20


def pss(pid):
    """The proportional share of the memory of a process, in bytes."""
    with open("/proc/%s/smaps_rollup" % pid) as file:
        return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Pss:"))


def descendants(pid):
    with open("/proc/%s/task/%s/children" % (pid, pid)) as file:
        for child in file.read().split():
            yield child
            yield from descendants(child)


def memory():
    """The memory of this process, and of the program and the workers that it has started, in MiB."""
    total = pss("self")
    for pid in descendants(os.getpid()):
        try:
            total += pss(pid)
        except OSError:  # it has ended
            pass
    return total / MIB


def nothing(x):
    return x


def touched(shared):
    return float(shared.value.sum())


class Sampler(threading.Thread):
    """Notes the largest memory in the first and in the second half of a number of tasks."""

    def __init__(self, tasks):
        super().__init__(daemon=True)
        self.tasks, self.done, self.halves, self.stopped = tasks, 0, [0.0, 0.0], threading.Event()

    def run(self):
        while not self.stopped.wait(0.1):
            half = int(self.done > self.tasks / 2)
            self.halves[half] = max(self.halves[half], memory())


def imap(tasks, item_bytes):
    with Pool(2) as pool:
        pool.map(nothing, range(10000))
        before = memory()
        sampler = Sampler(tasks)
        sampler.start()
        items = (numpy.empty(item_bytes, "u1") if item_bytes else i for i in range(tasks))
        for _ in pool.imap(nothing, items):
            sampler.done += 1
        sampler.stopped.set()
        sampler.join()
        print("imap, %d tasks of %s: before %.0f MiB; most in the first half %.0f MiB, in the second %.0f MiB" % (
            tasks, "%d bytes" % item_bytes if item_bytes else "a number", before, *sampler.halves), flush=True)


def broadcast(workers):
    with Pool(workers) as pool:
        pids = pool.run_everywhere(os.getpid)
        pool.run_everywhere(nothing, numpy.ones(1))
        before = sum(map(pss, pids))
        shared = pool.broadcast(numpy.ones(64 * MIB // 8))
        pool.run_everywhere(touched, shared)
        after = sum(map(pss, pids))
        print("broadcast of 64 MiB, %d workers: %.1f MiB more" % (workers, (after - before) / MIB), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=1000000)
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4, 8])
    arguments = parser.parse_args()
    imap(arguments.tasks, 0)
    imap(arguments.tasks // 10, 10000)
    for count in arguments.workers:
        broadcast(count)
