"""Cuts the items of a call into messages."""

import itertools

from . import _journal

#: How long the items of one message should take, in seconds.
_BLOCK_SECONDS = 0.02
#: Shorter messages cost more than a better balance of the workers gains.
_SHORTEST_BLOCK_SECONDS = 0.001
LARGEST_BLOCK = 1 << 16
#: About how many bytes of arguments or results one message may have, if it has several items.
_BLOCK_BYTES = 1 << 22
_MOST_GROWTH = 8
#: How many messages are under way for each worker process.
BLOCKS_PER_SLOT = 3
#: How many results of the journal are taken at a time.
_MOST_KNOWN = 1 << 12


def length_of(items):
    try:
        return len(items)
    except TypeError:
        return None


def checked_whole(name, value, least):
    """A whole number. Raises TypeError or ValueError, whose message names it."""
    try:
        is_whole = int(value) == value and value >= least
    except (TypeError, ValueError, OverflowError):
        is_whole = False
    if not is_whole:
        raise (ValueError if isinstance(value, (int, float)) else TypeError)(
            "%s is %r; it must be a whole number of at least %d" % (name, value, least))
    return int(value)


def checked_chunk(chunksize):
    return None if chunksize is None else checked_whole("chunksize", chunksize, 1)


def checked_seed(seed):
    if seed is not None:
        for part in seed if isinstance(seed, (list, tuple)) else [seed]:
            checked_whole("seed", part, 0)
    return seed


def milliseconds_of(timeout):
    if timeout is None:
        return 0
    try:
        is_limit = 0 < timeout < 4e6
    except TypeError:
        is_limit = False
    if not is_limit:
        raise (ValueError if isinstance(timeout, (int, float)) else TypeError)(
            "timeout is %r; it must be a number of seconds above 0 and below 4e6" % (timeout,))
    return max(1, int(timeout * 1000))


class Feed:
    """Cuts items into messages: long enough to hide what a message costs, short enough to keep all workers busy. Of one thread
    at a time."""

    def __init__(self, pool, func, mode, items, length, chunksize, retries, milliseconds, seed, waits):
        self.pool = pool
        self.length = length
        self.waits = waits
        self._func = func
        self._mode = mode
        self._items = items
        self._chunksize = chunksize if chunksize is not None or not milliseconds else 1
        self._retries = retries
        self._milliseconds = milliseconds
        self._seed = seed
        self._call = None
        self._is_open = False
        self._largest = 1  # while the duration is not known well
        self.index = 0
        self.is_done = length == 0
        self._has_ended = False
        self._ahead = []  # an item that was looked up, and belongs to the next message

    def _size(self):
        if self._chunksize is not None:
            return self._chunksize
        known = None if self._call is None else self._call.seconds_per_item
        if known is None:
            return 1
        size = min(int(_BLOCK_SECONDS / max(known, 1e-9)), int(_BLOCK_BYTES / self._call.bytes_per_item()), self._largest)
        if self.length is not None:
            slots = self.pool._link.slots
            share = max(1, (self.length - self.index) // (2 * slots))
            shortest = min(int(_SHORTEST_BLOCK_SECONDS / max(known, 1e-9)), -(-self.length // slots))
            size = min(size, max(share, shortest))
        return max(1, size)

    def start(self, arrived):
        """Starts the next items; returns the task, or None if there are no more."""
        try:
            return self._start(arrived)
        finally:
            if self.is_done:
                self.close()

    def close(self):
        """No more items are started."""
        self.is_done = True
        if self._is_open:
            self._is_open = False
            self.pool._release_call(self._call)

    def _start(self, arrived):
        if self._call is None:  # pickled once for all items
            self._call = self.pool._open_call(self._func)
            self._is_open = True
        if self.index == 0:
            if self._call.seconds_per_item is not None:
                self._largest = LARGEST_BLOCK
        size = self._size()
        if self.pool._journal is None:
            block, keys, known = list(itertools.islice(self._items, size)), None, None
            self._has_ended = len(block) < size
        else:
            block, keys, known = self._next_run(size)
        if self._has_ended and not self._ahead or self.index + len(block) == self.length:
            self.is_done = True
        if not block:
            return None
        index = self.index
        self.index += len(block)
        if known:
            arrived(index, known, {}, 0)
            return None

        def ended(values, failures, seconds):
            self._largest = min(LARGEST_BLOCK, max(self._largest, len(values) * _MOST_GROWTH))
            if keys is not None:
                self.pool._keep(keys, values, failures)
            arrived(index, values, failures, seconds)

        return self.pool._start_task(
            self._func, self._mode, block, index, self._seed, self._retries, self._milliseconds, ended, waits=self.waits,
            call=self._call)

    def _next_run(self, size):
        """The next items that are all in the journal, or all missing: the items, their keys, and their results or []."""
        block, keys, known = [], [], []
        digest = self.pool._digest_of(self._call, self._func)
        while len(block) < (_MOST_KNOWN if known else size):
            if self._ahead:
                item, key, value = self._ahead.pop()
            else:
                try:
                    item = next(self._items)
                except StopIteration:
                    self._has_ended = True
                    break
                key = _journal.key_of(digest, self._mode, item, self._seed, self.index + len(block))
                value = self.pool._journal.get(key)
            is_missing = value is _journal.MISSING
            if block and is_missing == bool(known):
                self._ahead.append((item, key, value))
                break
            block.append(item)
            keys.append(key)
            if not is_missing:
                known.append(value)
        return block, keys, known
