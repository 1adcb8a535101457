"""pool_trouble.py JOB: JobPool with several threads, with Ctrl-C, with an eval that ends or is none."""

import os
import random
import signal
import sys
import threading

from astropool import Job

job = sys.argv[1]
points = [[0.1 * i, -0.05 * i] for i in range(50)]


def expect_error(pool, words):
    try:
        while True:
            pool.log_likelihood(points)
    except RuntimeError as error:
        assert words in str(error), error
    else:
        raise AssertionError("no error")
    finally:
        pool.close()


with Job(job).pool(options=["--workers", "2"], batch=3) as pool:
    expected = pool.map(None, points)
    same = []
    threads = [
        threading.Thread(target=lambda: same.append(all(pool.map(None, points) == expected for _ in range(20))))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert same == [True] * 6, same

    many = pool.map(None, points * 1000)  # more than are under way at a time
    assert many == expected * 1000

    seed = int.from_bytes(os.urandom(4), "little")
    print("seed of the moments of Ctrl-C:", seed)
    moments = random.Random(seed)
    os.setpgrp()  # a terminal sends Ctrl-C to all of a process group
    for i in range(60):
        some = points * 200 if i % 4 == 0 else points
        timer = threading.Timer(moments.uniform(0, 0.02), lambda: os.killpg(os.getpgrp(), signal.SIGINT))
        try:
            timer.start()
            while True:
                pool.map(None, some)
        except KeyboardInterrupt:
            timer.join()
        assert pool.map(None, points) == expected, i
expect_error(pool, "this JobPool is closed")

pool = Job(job).pool()
assert pool.map(None, points) == expected
os.kill(pool._process.pid, signal.SIGKILL)
expect_error(pool, "astropool eval has ended with exit code -9")
expect_error(Job(job, astropool="/bin/echo").pool(), "something that is not an answer: b'eval ")
print("all as expected")
