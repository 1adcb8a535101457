package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Frames that MPI has not finished sending, with their requests. In no order: a frame to a peer that does not receive
 * must not hold the memory of all later ones. Belongs to the communication thread.
 */
final class PendingSends {
    private static final int CELL = Long.BYTES;
    private static final int TESTS_A_TURN = 32;

    private final Mpi mpi;
    private final FramePool pool;
    private ByteBuffer requests = cells(64);
    private long address = Mpi.addressOf(requests);
    private ByteBuffer[] frames = new ByteBuffer[64];
    private MpiTransport[] owners = new MpiTransport[64];
    private int[] peers = new int[64];
    private final List<Abandoned> abandoned = new ArrayList<>();
    private ByteBuffer launch;
    private long launchAddress;
    private int count;
    private int next;

    /** A frame to a peer that was given up: MPI may still read it. */
    private record Abandoned(long request, ByteBuffer frame) {}

    PendingSends(Mpi mpi, FramePool pool) {
        this.mpi = mpi;
        this.pool = pool;
        this.launch = launchPad();
        this.launchAddress = Mpi.addressOf(launch);
    }

    /** Without those to peers that were given up. */
    boolean isEmpty() {
        return count == 0;
    }

    /**
     * Stops waiting for the frames to a peer in one channel, which may never arrive. Their memory is kept, but their
     * requests are not tested any more, so they cost the others nothing.
     */
    void abandon(MpiTransport owner, int peer) {
        for (int i = count - 1; i >= 0; i--) {
            if (owners[i] == owner && peers[i] == peer) {
                abandoned.add(new Abandoned(requests.getLong(i * CELL), frames[i]));
                remove(i);
            }
        }
    }

    /** Whether all has left, also to peers that were given up and came back. */
    boolean isEverythingSent() {
        abandoned.removeIf(send -> {
            if (count == frames.length) {
                grow();
            }
            requests.putLong(count * CELL, send.request);
            return mpi.isComplete(cell(count));
        });
        return count == 0 && abandoned.isEmpty();
    }

    /** Sends from position to limit and takes the frame. */
    void send(MpiTransport owner, int peer, int tag, ByteBuffer frame) {
        int bytes = frame.remaining();
        if (bytes > FramePool.SMALL) {
            start(Mpi.addressOf(frame) + frame.position(), bytes, peer, tag);
            add(frame, owner, peer);
            return;
        }
        launch.put(0, frame, frame.position(), bytes);
        pool.release(frame);
        start(launchAddress, bytes, peer, tag);
        if (!mpi.isComplete(cell(count))) { // usually it is, because MPI has copied the bytes
            add(launch, owner, peer);
            launch = launchPad();
            launchAddress = Mpi.addressOf(launch);
        }
    }

    private void start(long bytesAddress, int bytes, int peer, int tag) {
        if (count == frames.length) {
            grow();
        }
        requests.putLong(count * CELL, 0);
        mpi.startSend(bytesAddress, bytes, peer, tag, cell(count));
    }

    private void add(ByteBuffer frame, MpiTransport owner, int peer) {
        frames[count] = frame;
        owners[count] = owner;
        peers[count] = peer;
        count++;
        owner.sendStarted();
    }

    private long cell(int index) {
        return address + (long) index * CELL;
    }

    private ByteBuffer launchPad() {
        return pool.acquire(FramePool.SMALL + 1); // one byte more makes it direct
    }

    /** Frees what was sent since; returns how many frames that were. */
    int collect() {
        int collected = 0;
        for (int tests = Math.min(count, TESTS_A_TURN); tests > 0; tests--) {
            if (next >= count) {
                next = 0;
            }
            if (mpi.isComplete(cell(next))) {
                pool.release(frames[next]);
                remove(next);
                collected++;
            } else {
                next++;
            }
        }
        return collected;
    }

    private void remove(int index) {
        owners[index].sendEnded();
        count--;
        frames[index] = frames[count];
        owners[index] = owners[count];
        peers[index] = peers[count];
        requests.putLong(index * CELL, requests.getLong(count * CELL));
    }

    private void grow() {
        int capacity = 2 * frames.length;
        ByteBuffer grown = cells(capacity);
        grown.put(0, requests, 0, count * CELL);
        requests = grown;
        address = Mpi.addressOf(grown);
        frames = Arrays.copyOf(frames, capacity);
        owners = Arrays.copyOf(owners, capacity);
        peers = Arrays.copyOf(peers, capacity);
    }

    private static ByteBuffer cells(int count) {
        return ByteBuffer.allocateDirect(count * CELL).order(ByteOrder.nativeOrder());
    }
}
