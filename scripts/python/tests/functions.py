"""Functions that the tests send to workers."""

import os
import sys
import time


def square(x):
    return x * x


def add(x, y=0):
    return x + y


def process(_):
    return os.getpid()


def slow(seconds):
    time.sleep(seconds)
    return seconds


def killed_at_three(x):
    if x == 3:
        os.kill(os.getpid(), 9)
    return x


def exits_once(item):
    """Ends its process when it is called for the first time, which the file tells."""
    x, file = item
    if x == 3 and not os.path.exists(file):
        open(file, "w").close()
        os._exit(5)
    return x


def fails_once(item):
    x, file = item
    if x == 3 and not os.path.exists(file):
        open(file, "w").close()
        raise OSError("for the first time")
    return x


def five_is_bad(x):
    if x == 5:
        raise ValueError("five")
    return x


def stops(x):
    raise StopIteration(x)


class Odd(Exception):
    """Cannot be rebuilt from its pickle."""

    def __init__(self, first, second):
        super().__init__("odd")


def odd(x):
    raise Odd(x, x)


def leaves(code):
    sys.exit(code)


def counts(n):
    return (i for i in range(n))


def prints(text):
    print(text)
    os.write(1, ("written " + text + "\n").encode())
    return text


def noise(x, *, rng):
    return x + rng.random()


def length_of(shared):
    return len(shared.value), shared.value.flags.writeable


def remember(value):
    global remembered
    remembered = value


def recall(_):
    return remembered


def opens_a_pool(_):
    from astropool import Pool

    Pool(1)


def makes_array(megabytes):
    import numpy

    return numpy.arange(megabytes << 17, dtype=float)


def total(array):
    return float(array.sum()), array.flags.writeable


class Scaled:
    """A callable object whose array is changed between two calls."""

    def __init__(self, array):
        self.array = array

    def __call__(self, i):
        return float(self.array[i])


def takes_two(first, second):
    return first, second


def slow_square(x):
    time.sleep(0.005)
    return x * x


class Logged:
    """Writes its argument to a file whenever it is evaluated."""

    def __init__(self, file, function=square):
        self.file = file
        self.function = function

    def __call__(self, x, **keywords):
        with open(self.file, "a") as file:
            file.write("%g\n" % x)
        return self.function(x, **keywords)


class LoggedSum:
    def __init__(self, file):
        self.file = file

    def __call__(self, pair):
        with open(self.file, "a") as file:
            file.write("evaluated\n")
        return float(pair[0].value.sum() + pair[1].sum())


def same(x):
    return x


def sum_of(shared):
    return float(shared.value.sum())


def proportional_memory(pid):
    with open("/proc/%d/smaps_rollup" % pid) as file:
        return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Pss:"))


class Counted:
    """Knows how often it was pickled."""

    pickled = 0

    def __reduce__(self):
        self.pickled += 1
        return Counted, ()

    def __call__(self, x):
        return x


def killed_once(item):
    """The number, but the first time that 57 is evaluated its process is killed."""
    x, marker = item
    if x == 57:
        try:
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return x
        os.kill(os.getpid(), 9)
    return x
