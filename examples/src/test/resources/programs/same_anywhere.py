"""Evaluates functions on an astropool.Pool and prints the results, which are the same wherever the workers are."""

import os
import sys

import emcee
import numpy
from astropool import Pool


def noise(x, *, rng):
    return x + rng.random()


def process(_):
    return os.getpid()


def killed_once(item):
    x, marker = item
    if x == 7:
        try:
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return x
        os.kill(os.getpid(), 9)
    return x


def log_prob(theta, data):
    return -0.5 * float(((data - theta[0]) ** 2).sum()) / 25 - 0.5 * float(theta @ theta)


def chain(pool, data):
    sampler = emcee.EnsembleSampler(10, 3, log_prob, args=[data], pool=pool)
    start = numpy.random.default_rng(1).normal(size=(10, 3))
    sampler.random_state = numpy.random.RandomState(2).get_state()
    sampler.run_mcmc(start, 20)
    return sampler.get_chain(flat=True)


if __name__ == "__main__":
    data = numpy.random.default_rng(3).normal(1.0, 5.0, size=1000)
    options = {"launcher": sys.argv[2:]} if len(sys.argv) > 2 else {}
    with Pool(**options) as pool:
        print(repr(pool.map(noise, range(10), seed=4)))
        print(sum(pool.map(killed_once, [(x, sys.argv[1]) for x in range(100)])))
        alone = chain(None, data)
        print(numpy.array_equal(chain(pool, data), alone), repr(float(alone[-1, 0])))
        used = set(pool.map(process, range(50), chunksize=1))
        all_processes = pool.run_everywhere(os.getpid)
        print(used <= set(all_processes), len(set(all_processes)) == len(all_processes))
        print(repr(pool), file=sys.stderr)
    sys.exit(3)
