"""emcee_chain.py JOB DATA: the chain of emcee alone, and through the pool: by `vectorize` and by `pool`."""

import os
import sys
import time
import warnings
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in the pool: the inverse of a matrix depends on it

import emcee  # noqa: E402
import numpy as np  # noqa: E402
from astropool import Job  # noqa: E402

job, data = sys.argv[1:]
sys.path.insert(0, str(Path(job).parent))
sys.argv[1:] = [data]
import supernova  # noqa: E402

WALKERS, STEPS = 40, 60


def alone(point):
    inside = 0 < point[0] < 1 and -3 < point[1] < 0
    return supernova.log_likelihood(*point.reshape(2, 1))[0] if inside else -np.inf


def chain(function, **options):
    random = np.random.RandomState(1)
    start = np.array([0.3, -1.0]) + 0.02 * random.standard_normal((WALKERS, 2))
    sampler = emcee.EnsembleSampler(WALKERS, 2, function, **options)
    sampler.random_state = np.random.RandomState(2).get_state()
    begin = time.perf_counter()
    sampler.run_mcmc(start, STEPS, skip_initial_state_check=True)
    return sampler.get_chain(), time.perf_counter() - begin


expected, seconds = chain(alone)
with Job(job).pool(options=["--workers", "2"]) as pool:

    def vectorized(points):
        inside = (points[:, 0] > 0) & (points[:, 0] < 1) & (points[:, 1] > -3) & (points[:, 1] < 0)
        values = np.full(len(points), -np.inf)
        values[inside] = pool.log_likelihood(points[inside])
        return values

    pool.log_likelihood([[0.3, -1.0]] * 100)  # all workers are there
    by_vector, vector_seconds = chain(vectorized, vectorize=True)
    by_map, map_seconds = chain(pool.log_likelihood, pool=pool)
    try:
        chain(alone, pool=pool)  # which would ignore its prior
        raise AssertionError("another function was mapped")
    except TypeError:
        pass
    one = pool.log_likelihood([0.3, -1.0])
    by_name = pool.log_likelihood({"omega_m": 0.3, "w": -1.0})

with Job(job).pool(options=["--workers", "2"], batch=7, failed=-np.inf) as pool:
    in_batches, batch_seconds = chain(vectorized, vectorize=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a point fails
        among_nan = pool.log_likelihood([[0.3, -1.0], [float("nan"), -1.0], {"omega_m": float("inf"), "w": -1}, [0.3, -1.0]])
    after_nan = pool.log_likelihood([0.3, -1.0])
    try:
        pool.log_likelihood([[0.3, "no number"]])
        raise AssertionError("a point that is none was sent")
    except ValueError:
        pass
    after_error = pool.log_likelihood([0.3, -1.0])

assert list(among_nan) == [one, -np.inf, -np.inf, one] and after_nan == after_error == one, (among_nan, after_nan)
assert one == by_name == alone(np.array([0.3, -1.0])), (one, by_name)
assert np.array_equal(by_vector, expected), abs(by_vector - expected).max()
assert np.array_equal(by_map, expected), abs(by_map - expected).max()
assert np.array_equal(in_batches, expected), abs(in_batches - expected).max()
assert not np.array_equal(expected[0], expected[-1])
print("the same chain; alone %.2f s, vectorized %.2f s, mapped %.2f s, in batches %.2f s"
      % (seconds, vector_seconds, map_seconds, batch_seconds))
