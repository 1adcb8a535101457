"""pool_trouble.py JOB: astropool_model.Pool with several threads, with Ctrl-C, with an eval that ends or is none."""

import os
import signal
import sys
import threading

from astropool_model import Pool

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


with Pool(job, options=["--workers", "2"], batch=3) as pool:
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

    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        while True:
            pool.map(None, points)
    except KeyboardInterrupt:
        pass
    assert pool.map(None, points) == expected
expect_error(pool, "this Pool is closed")

pool = Pool(job)
assert pool.map(None, points) == expected
os.kill(pool._process.pid, signal.SIGKILL)
expect_error(pool, "astropool eval has ended with exit code -9")
expect_error(Pool(job, astropool="/bin/echo"), "what is no answer: b'eval ")
print("all as expected")
