"""Times astropool beside multiprocessing, mpi4py.futures, joblib and dask, in turns on this machine.

    python3 scripts/python/benchmarks/compare.py [--rounds 5] [--only submit,map] [--workers 2]

Peers that are not installed are left out. Prints the median and the range of the rounds, and the ratio of the medians to those
of astropool.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

#: Seconds for one measurement.
LIMIT = 120
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


# ---- what is evaluated; in a module that every peer can import ----


def nothing(x):
    return None


def length(array):
    return len(array)


def ones(mebibytes):
    import numpy

    return numpy.ones(mebibytes << 17)


class LogProb:
    """A Gaussian log-likelihood that takes about the given number of milliseconds."""

    def __init__(self, milliseconds):
        self.milliseconds = milliseconds

    def __call__(self, theta):
        import numpy

        end = time.perf_counter() + self.milliseconds * 1e-3
        value = -0.5 * float(numpy.sum(theta * theta))
        while time.perf_counter() < end:
            value += 0.0 * float(numpy.sum(theta))
        return value


# ---- the peers: a pool that is open, with map, submit and apply where it has them ----


class Peer:
    def __init__(self, workers):
        self.workers = workers

    def __enter__(self):
        self.pool = self.open()
        self.map(nothing, range(100))
        return self

    def __exit__(self, *failure):
        self.close()

    def map(self, function, items):
        return list(self.pool.map(function, items))


class Astropool(Peer):
    name = "astropool"

    def open(self):
        from astropool import Pool

        return Pool(self.workers)

    def close(self):
        self.pool.terminate()

    def submit(self, function, items):
        return [future.result() for future in [self.pool.submit(function, item) for item in items]]

    def apply(self, function, item):
        return self.pool.apply(function, (item,))

    def broadcast(self, value):
        shared = self.pool.broadcast(value)
        return self.pool.map(LengthOf(shared), range(4 * self.workers))


class LengthOf:
    def __init__(self, shared):
        self.shared = shared

    def __call__(self, i):
        return len(self.shared.value)


class Multiprocessing(Peer):
    name = "multiprocessing"

    def open(self):
        import multiprocessing

        return multiprocessing.Pool(self.workers)

    def close(self):
        self.pool.terminate()

    def apply(self, function, item):
        return self.pool.apply(function, (item,))


class Mpi4py(Peer):
    name = "mpi4py.futures"

    def open(self):
        from mpi4py.futures import MPIPoolExecutor

        return MPIPoolExecutor(self.workers)

    def close(self):
        self.pool.shutdown()

    def submit(self, function, items):
        return [future.result() for future in [self.pool.submit(function, item) for item in items]]

    def apply(self, function, item):
        return self.pool.submit(function, item).result()


class Joblib(Peer):
    name = "joblib"

    def open(self):
        from joblib import Parallel

        return Parallel(n_jobs=self.workers).__enter__()

    def close(self):
        self.pool.__exit__(None, None, None)

    def map(self, function, items):
        from joblib import delayed

        return self.pool(delayed(function)(item) for item in items)

    def broadcast(self, value):
        from joblib import delayed

        return self.pool(delayed(length)(value) for _ in range(4 * self.workers))


class Dask(Peer):
    name = "dask"

    def open(self):
        from dask.distributed import Client

        return Client(n_workers=self.workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50)

    def close(self):
        self.pool.close()

    def map(self, function, items):
        return self.pool.gather(self.pool.map(function, list(items), pure=False))

    def submit(self, function, items):
        return self.pool.gather([self.pool.submit(function, item, pure=False) for item in items])

    def apply(self, function, item):
        return self.pool.submit(function, item, pure=False).result()


PEERS = {peer.name: peer for peer in (Astropool, Multiprocessing, Mpi4py, Joblib, Dask)}


# ---- the cases: each returns seconds, or a rate ----


def timed(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def case_submit(peer):
    """no-ops by submit, results per second"""
    return 20000 / timed(lambda: peer.submit(nothing, range(20000)))


def case_map(peer):
    """map of a million no-ops, seconds"""
    return timed(lambda: peer.map(nothing, range(1000000)))


def case_round_trip(peer):
    """round trip of apply, microseconds"""
    times = [timed(lambda: peer.apply(nothing, 1)) for _ in range(500)]
    return statistics.median(times) * 1e6


def case_broadcast(peer):
    """an array of 64 MiB to all workers and back its length, seconds"""
    import numpy

    value = numpy.random.default_rng(int(time.time() * 1e6)).random(64 << 17)
    return timed(lambda: peer.broadcast(value))


def case_results_1(peer):
    """results of 1 MiB, GiB per second"""
    return 128 / 1024 / timed(lambda: peer.map(ones, [1] * 128))


def case_results_64(peer):
    """results of 64 MiB, GiB per second"""
    return 512 / 1024 / timed(lambda: peer.map(ones, [64] * 8))


def emcee(milliseconds, steps):
    def run(peer):
        import emcee as sampler
        import numpy

        start = numpy.random.default_rng(1).normal(size=(40, 5))
        ensemble = sampler.EnsembleSampler(40, 5, LogProb(milliseconds), pool=peer.pool)
        ensemble._random = numpy.random.RandomState(2)
        return timed(lambda: ensemble.run_mcmc(start, steps)) / steps * 1e3

    run.__doc__ = "a step of emcee with 40 walkers, likelihood of %s ms, milliseconds" % milliseconds
    return run


CASES = {
    "submit": (case_submit, ("astropool", "mpi4py.futures", "dask"), True),
    "map": (case_map, ("astropool", "multiprocessing"), False),
    "round-trip": (case_round_trip, ("astropool", "multiprocessing", "mpi4py.futures", "dask"), False),
    "broadcast": (case_broadcast, ("astropool", "joblib"), False),
    "results-1": (case_results_1, ("astropool", "multiprocessing"), True),
    "results-64": (case_results_64, ("astropool", "multiprocessing"), True),
    "emcee-0.03": (emcee(0.03, 300), ("astropool", "multiprocessing"), False),
    "emcee-1": (emcee(1, 40), ("astropool", "multiprocessing"), False),
    "emcee-20": (emcee(20, 4), ("astropool", "multiprocessing"), False),
}


def measure(case, peer, workers):
    with PEERS[peer](workers) as opened:
        return CASES[case][0](opened)


def figure(case, peer, workers):
    """Measures in a process of its own; NaN if that fails."""
    words = [sys.executable, os.path.abspath(__file__), "--workers", str(workers), "--one", case, peer]
    environment = dict(os.environ)
    if peer == "mpi4py.futures":  # its workers are ranks
        words[1:1] = ["-m", "mpi4py.futures"]
        words = ["mpiexec", "-n", str(workers + 1), *words]
        environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1")
    try:
        output = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=LIMIT,
                                env=environment)
    except subprocess.TimeoutExpired:
        print("    %s did not end within %d s" % (peer, LIMIT), file=sys.stderr)
        return float("nan")
    found = [line for line in output.stdout.splitlines() if line.startswith("RESULT ")]
    if not found:
        print("    %s failed: %s" % (peer, output.stderr.strip().rsplit("\n", 1)[-1]), file=sys.stderr)
        return float("nan")
    return float(found[0].split()[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default=",".join(CASES))
    parser.add_argument("--one", nargs=2, metavar=("CASE", "PEER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print("RESULT %r" % measure(*options.one, options.workers))
        return
    for case in options.only.split(","):
        run, peers, more_is_better = CASES[case]
        figures = {peer: [] for peer in peers}
        for _ in range(options.rounds):
            for peer in peers:  # each in a process of its own, in turns
                figures[peer].append(figure(case, peer, options.workers))
        print("%s: %s" % (case, run.__doc__))
        own = statistics.median(figures["astropool"])
        for peer in peers:
            middle = statistics.median(figures[peer])
            ratio = own / middle if more_is_better else middle / own
            print("    %-16s %12.4g   [%.4g to %.4g]%s" % (
                peer, middle, min(figures[peer]), max(figures[peer]),
                "" if peer == "astropool" else "   astropool is %.2f times as fast" % ratio), flush=True)


if __name__ == "__main__":
    sys.modules.setdefault("compare", sys.modules[__name__])
    main()
