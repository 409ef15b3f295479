package io.millrace.worker.kafka;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a worker tells the group's leader when it joins: how often it has asked for a new assignment, and the unfinished
 * jobs by partition when it asked last. The number makes each asking differ, without which brokers pass over it.
 *
 * <p>Immutable.
 */
record Backlog(int wishes, Map<Integer, Long> jobs) {
    static final Backlog NONE = new Backlog(0, Map.of());
    private static final byte VERSION = 1;
    private static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES;

    Backlog {
        jobs = Map.copyOf(jobs);
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(1 + Integer.BYTES + jobs.size() * ENTRY_BYTES);
        bytes.put(VERSION).putInt(wishes);
        new TreeMap<>(jobs).forEach((partition, left) -> bytes.putInt(partition).putLong(left));
        return bytes.flip();
    }

    /** What cannot be read says nothing. */
    static Backlog decode(ByteBuffer from) {
        if (from == null) {
            return NONE;
        }
        ByteBuffer bytes = from.duplicate();
        try {
            if (bytes.get() != VERSION) {
                return NONE;
            }
            int wishes = bytes.getInt();
            Map<Integer, Long> jobs = new TreeMap<>();
            while (bytes.hasRemaining()) {
                jobs.put(bytes.getInt(), bytes.getLong());
            }
            return new Backlog(wishes, jobs);
        } catch (BufferUnderflowException e) {
            return NONE;
        }
    }
}
