"""Does at each point what its parameter says."""

import os
import resource
import signal
import subprocess
import sys
import time

from astropool import Skip, serve


def fine():
    return 1.5


def exits():
    sys.exit(3)


def prints():
    print("not an answer")
    os.system("echo nor this")
    return 2.5


def divides_by_zero():
    return 1 / 0


def allocates_without_end():
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]  # the tests may run under "ulimit -v"
    resource.setrlimit(resource.RLIMIT_AS, (1 << 28, hard))
    everything = []
    while True:
        everything.append(bytearray(1 << 24))


def sleeps_for_ever():
    open(os.path.join(os.environ["FOLDER"], "sleeps"), "w").close()
    subprocess.Popen(["sleep", "1000"])
    subprocess.Popen(["sleep", "1000"], start_new_session=True)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1000)


def is_killed():
    print("about to be killed")
    os.kill(os.getpid(), signal.SIGKILL)


def impossible():
    return float("-inf")


def not_a_number():
    return float("nan")


def leaves():
    print("about to leave")
    os._exit(4)


def skips():
    raise Skip("not here")


def says_nothing_useful():
    return "many"


TROUBLES = [
    fine, exits, prints, divides_by_zero, allocates_without_end, sleeps_for_ever, is_killed, impossible, not_a_number,
    leaves, skips, says_nothing_useful]


def log_likelihood(trouble):
    return TROUBLES[int(trouble)]()


serve(log_likelihood)
