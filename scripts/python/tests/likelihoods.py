"""What samplers and optimizers send to workers, in the way that their documentation describes."""

import os
import time

import numpy


def log_prob(theta, center):
    difference = theta - center
    return -0.5 * float(difference @ difference), float(theta.sum())


def rosenbrock(x):
    x = numpy.asarray(x)
    return float(numpy.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def gauss(point):
    return -0.5 * float(numpy.sum((point - 0.5) ** 2) / 0.01)


def value_and_blob(point):
    return gauss(point), numpy.outer(point, point)


def trained(task):
    """A part of the sampler's own work: something that is derived from points with a seed."""
    seed, points = task
    random = numpy.random.RandomState(seed)
    return float(numpy.sum(random.normal(size=3) * numpy.mean(points, axis=0)))


def slow_process(_):
    time.sleep(0.05)
    return os.getpid()


def nested(i):
    from joblib import Parallel, delayed

    pairs = Parallel(n_jobs=2)(delayed(_with_process)(i + k) for k in range(3))
    return [value for value, _ in pairs], {process for _, process in pairs}


def _with_process(x):
    return x, os.getpid()


class Wrapped:
    """A function with the further arguments of the user."""

    def __init__(self, function, args, kwargs):
        self.function = function
        self.args = args
        self.kwargs = kwargs

    def __call__(self, point):
        return self.function(point, *self.args, **self.kwargs)

    evaluate = __call__


def prior_transform(cube, scale=2.0):
    return scale * cube - 0.5


def propose(argument):
    """A random walk from a live point, above a likelihood: (point, lowest likelihood, seed, scale)."""
    cube, lowest, seed, scale = argument
    random = numpy.random.Generator(numpy.random.PCG64(seed))
    calls = 0
    for _ in range(10):
        step = numpy.clip(cube + scale * random.normal(size=len(cube)), 0, 1)
        calls += 1
        if gauss(prior_transform(step)) > lowest:
            cube = step
    return cube, prior_transform(cube), gauss(prior_transform(cube)), calls


def nested_sampling(mapped, queue_size):
    """A small nested sampler whose work goes through `mapped`, `queue_size` proposals at a time. Returns the evidence and calls."""
    random = numpy.random.RandomState(11)
    transform, likelihood = Wrapped(prior_transform, (), {"scale": 2.0}), Wrapped(gauss, (), {})
    cubes = list(random.uniform(size=(30, 2)))
    values = list(mapped(likelihood, list(mapped(transform, cubes))))
    evidence, calls, queue = 0.0, 0, []
    for iteration in range(40):
        worst = int(numpy.argmin(values))
        evidence += numpy.exp(values[worst] - iteration / 30)
        if not queue:
            starts = random.randint(len(cubes), size=queue_size)
            seeds = numpy.random.SeedSequence(iteration).spawn(queue_size)
            queue = list(mapped(propose, [(cubes[i], values[worst], seed, 0.1) for i, seed in zip(starts, seeds)]))
        cubes[worst], _, values[worst], count = queue.pop(0)
        calls += count
    return evidence, calls, [cube.tolist() for cube in cubes]
