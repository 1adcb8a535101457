"""Frames between Python and the astropool program: docs/python-protocol.md.

A frame is a header of 24 bytes and a payload. The numbers of a header are big-endian: the kind of the frame (1 byte), 3 unused
bytes, a count (4), an identifier (8) and the length of the payload (8).
"""

import os
import struct

HEADER = struct.Struct(">BxxxIQQ")

# from the script to the pool
HELLO = 1
OBJECT = 2
CALL = 3
TASK = 4
CANCEL = 5
FORGET = 6
END_CALL = 7
CLOSE = 8
EVERYWHERE = 9
# from the pool to the script
READY = 16
RESULT = 17
FAILED = 18
WORKERS = 19
ENDED = 20
# from the pool to a worker process
SETUP = 32
RUN = 33
# from a worker process to the pool
STARTED = 48
DONE = 49

TASK_HEADER = struct.Struct(">QII")  # the call, the time limit of an item in milliseconds, the number of items
RUN_HEADER = struct.Struct(">QII")  # the function, the first item, the item after the last
PART_HEADER = struct.Struct(">IIQQ")  # items, kind, nanoseconds, length

#: Kinds of the parts of a result.
ANSWERED, LOST, TIMED_OUT = range(3)

#: The most bytes of the arguments or of the results of one message.
LARGEST_MESSAGE = 1 << 30

_READ_BYTES = 1 << 18
_MOST_SEGMENTS = 512


class FrameReader:
    """Reads frames from a file descriptor. Not thread-safe."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._buffer = bytearray(_READ_BYTES)
        self._view = memoryview(self._buffer)
        self._begin = self._end = 0

    def read(self):
        """The next frame as (kind, count, identifier, payload), or None at the end of the input.

        The payload is a memoryview of memory that belongs to the frame alone and may be changed.
        """
        if not self._fill(HEADER.size):
            return None
        kind, count, identifier, length = HEADER.unpack_from(self._buffer, self._begin)
        self._begin += HEADER.size
        payload = memoryview(bytearray(length))
        have = min(length, self._end - self._begin)
        payload[:have] = self._view[self._begin:self._begin + have]
        self._begin += have
        while have < length:
            count_read = os.readv(self._descriptor, [payload[have:], self._view])
            if count_read == 0:
                return None
            have += count_read
            if have > length:
                self._begin, self._end = 0, have - length
        return kind, count, identifier, payload

    def has_more(self):
        """Whether the beginning of another frame has already been read."""
        return self._begin < self._end

    def _fill(self, wanted):
        if self._end - self._begin >= wanted:
            return True
        self._buffer[:self._end - self._begin] = self._buffer[self._begin:self._end]
        self._begin, self._end = 0, self._end - self._begin
        while self._end < wanted:
            count = os.readv(self._descriptor, [self._view[self._end:]])
            if count == 0:
                return False
            self._end += count
        return True


def write_frame(descriptor, kind, count, identifier, segments=()):
    """Writes a frame whose payload consists of the segments, which are not copied."""
    length = 0
    for segment in segments:
        length += segment.nbytes if isinstance(segment, memoryview) else len(segment)
    header = HEADER.pack(kind, count, identifier, length)
    if length < 4096:
        header = header + b"".join(segments)
        written = os.write(descriptor, header)
        if written < len(header):
            write_all(descriptor, [memoryview(header)[written:]])
    else:
        write_all(descriptor, [memoryview(header), *map(flat, segments)])


def flat(segment):
    """A segment as a memoryview of bytes."""
    view = memoryview(segment)
    return view if view.ndim == 1 and view.format == "B" else view.cast("B")


def write_all(descriptor, views):
    """Writes memoryviews of bytes; changes the list."""
    while views:
        written = os.writev(descriptor, views[:_MOST_SEGMENTS])
        while views and written >= views[0].nbytes:
            written -= views[0].nbytes
            del views[0]
        if written:
            views[0] = views[0][written:]


def enlarge_pipe(descriptor, size=1 << 20):
    """Lets a pipe hold more bytes, so that fewer wake-ups are needed; has no effect on sockets and where it is not allowed."""
    try:
        import fcntl

        fcntl.fcntl(descriptor, getattr(fcntl, "F_SETPIPE_SZ", 1031), size)
    except (ImportError, OSError):
        pass
