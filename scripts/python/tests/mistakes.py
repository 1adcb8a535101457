"""What the table of wrong uses does: functions for workers, and short stories with a pool."""

import ctypes
import os
import sys
import threading

import functions


# ---- on workers ----


def returns_a_lock(_):
    return threading.Lock()


async def is_async(x):
    return x


class NotRebuilt:
    def __reduce__(self):
        return int, ("not a number",)


def returns_what_cannot_be_rebuilt(_):
    return NotRebuilt()


def returns_bytes(count):
    import numpy

    return numpy.empty(count, "u1")


class WithoutText(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def raises_without_text(_):
    raise WithoutText()


def raises_interrupt(_):
    raise KeyboardInterrupt


def crashes(address):
    ctypes.string_at(address)


def closes_everything(x):
    os.closerange(0, 256)
    return x


def recurses(x):
    return recurses(x)


def allocates(count):
    import numpy

    return numpy.ones(count)


def forks(_):
    child = os.fork()
    if child == 0:
        return "child"
    os.waitpid(child, 0)
    return "parent"


def floods(lines):
    for _ in range(lines):
        sys.stdout.write("x" * 100 + "\n")
    return lines


# ---- in the script ----


def raises(_):
    raise ValueError("from a callback")


def freed(pool):
    shared = pool.broadcast([1])
    pool.forget(shared)
    return pool.map(str, [shared])


def of_another(pool, other):
    with other:
        return pool.map(str, [other.broadcast([1])])


def after_close(pool):
    pool.close()
    try:
        return pool.map(functions.square, [1])
    finally:
        pool.join()


def closed_twice(pool):
    for end in (pool.close, pool.close, pool.join, pool.join, pool.terminate, pool.terminate, pool.close):
        end()


def after_shutdown(executor):
    executor.shutdown()
    return executor.submit(functions.square, 1)


def killed_program(pool):
    pool._link.connection.process.kill()
    try:
        return pool.map(functions.square, range(1000))
    finally:
        pool.terminate()


def with_callback(pool, callback):
    """The result of a call after its callback has ended."""
    ended = threading.Event()

    def called(value):
        try:
            callback(value)
        finally:
            ended.set()

    hook, sys.excepthook = sys.excepthook, lambda *ignored: None
    try:
        value = pool.apply_async(functions.square, (5,), callback=called).get(30)
        if not ended.wait(30):
            raise AssertionError("the callback did not end")
        return value
    finally:
        sys.excepthook = hook


def in_a_child(call):
    """The message of the exception that a call raises in a child by fork."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            call()
        except BaseException as failure:
            os.write(writes, str(failure).encode())
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text
