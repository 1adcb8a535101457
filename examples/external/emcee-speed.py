"""emcee with 40 walkers, alone and through a JobPool on 2 workers: the same chain, and how long it takes.
For comparison, multiprocessing.Pool with 2 processes.

  ASTROPOOL_DATA=DATA python3 examples/external/emcee-speed.py [STEPS]

DATA as scripts/fetch-data.sh DATA snls3 pantheon2018 leaves it. Needs numpy and emcee, and an otherwise idle machine.
"""

import multiprocessing
import os
import platform
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the pool: the numbers of a sum depend on it
# The workers take this Python, not another one on the PATH, whose numpy may be faster or slower.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
here = Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent.parent / "scripts" / "python")]

import emcee  # noqa: E402
import numpy as np  # noqa: E402
from astropool import Job  # noqa: E402

WALKERS, WORKERS = 40, 2
data = Path(os.environ.get("ASTROPOOL_DATA", here.parent / "data"))
for needed in ("snls3", "pantheon2018"):
    if not (data / needed).is_dir():
        sys.exit("%s is missing: scripts/fetch-data.sh DATA snls3 pantheon2018, then set ASTROPOOL_DATA to DATA"
                 % (data / needed))


def chain(function, start, steps, **options):
    sampler = emcee.EnsembleSampler(WALKERS, start.size, function, **options)
    sampler.random_state = np.random.RandomState(2).get_state()
    begin = time.perf_counter()
    sampler.run_mcmc(start + 0.01 * np.random.RandomState(1).standard_normal((WALKERS, start.size)), steps)
    return sampler.get_chain(), time.perf_counter() - begin


def compare(what, job, alone, start, steps, batch=1):
    expected, seconds = chain(alone, start, steps)
    evaluations = WALKERS * (steps + 1)
    print("%s: %d steps, %.2f ms an evaluation" % (what, steps, 1e3 * seconds / evaluations))
    print("  alone                      %6.2f s" % seconds)
    begin = time.perf_counter()
    with Job(here / job).pool(options=["--workers", str(WORKERS)], batch=batch) as pool:
        pool.log_likelihood([start] * WALKERS)
        ready = time.perf_counter() - begin
        for how, function, options in (
            ("vectorize=True", pool.log_likelihood, {"vectorize": True}),
            ("pool=", pool.log_likelihood, {"pool": pool}),
        ):
            found, mapped = chain(function, start, steps, **options)
            same = "the same chain" if np.array_equal(found, expected) else "ANOTHER CHAIN"
            print("  %-15s 2 workers  %6.2f s, %.2f times as fast; with the start of the pool %.2f s, %.2f times; %s"
                  % (how, mapped, seconds / mapped, ready + mapped, seconds / (ready + mapped), same))
    with multiprocessing.Pool(WORKERS) as pool:
        seconds_of_others = chain(alone, start, steps, pool=pool)[1]
    print("  multiprocessing 2 workers  %6.2f s, %.2f times as fast" % (seconds_of_others, seconds / seconds_of_others))


def load(module, dataset):
    sys.argv[1:] = [str(data / dataset)]
    return __import__(module)


# Functions, not lambdas: multiprocessing pickles them.
def snls3_log_likelihood(point):
    return snls3.log_likelihood(*point)


def bins_log_likelihood(point):
    return supernova.log_likelihood(*point.reshape(2, 1))[0]


if __name__ == "__main__":
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        cpu = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    print("%d cores of %s, Python %s, numpy %s, emcee %s"
          % (os.cpu_count(), cpu, platform.python_version(), np.__version__, emcee.__version__))

    snls3 = load("snls3", "snls3")
    compare("SNLS three-year, 472 supernovae with covariance", "snls3-numpy.toml",
            snls3_log_likelihood, np.array([0.23, 1.42, 3.26, -19.15, -0.05]), steps)

    supernova = load("supernova", "pantheon2018")
    compare("Pantheon, 40 bins", "supernova-numpy.toml",
            bins_log_likelihood, np.array([0.3, -1.0]), 100 * steps, batch=WALKERS // 2 // WORKERS)
