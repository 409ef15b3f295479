package io.millrace.simulation;

import java.util.PriorityQueue;
import java.util.Random;

/**
 * The simulated world's time: events run one after the other, in order of their time.
 *
 * <p>Confined to its caller's thread.
 */
final class EventQueue {
    static final long MILLIS = 1_000_000L;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Random random;
    private long nowNanos;
    private long sequence;

    EventQueue(Random random) {
        this.random = random;
    }

    private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    long nowNanos() {
        return nowNanos;
    }

    long nowMillis() {
        return nowNanos / MILLIS;
    }

    void after(long millis, Runnable action) {
        events.add(new Event(nowNanos + millis * MILLIS, sequence++, action));
    }

    /** A random time from {@code least} to before {@code most} milliseconds. */
    long between(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least));
    }

    void afterBetween(long leastMillis, long mostMillis, Runnable action) {
        after(between(leastMillis, mostMillis), action);
    }

    /** Runs the next event; false when there is none. */
    boolean step() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        nowNanos = event.atNanos;
        event.action.run();
        return true;
    }

    /**
     * A way on which messages keep their order.
     *
     * <p>Confined to its caller's thread.
     */
    final class Channel {
        private long lastNanos;

        void send(long leastMillis, long mostMillis, Runnable message) {
            lastNanos = Math.max(lastNanos, nowNanos + between(leastMillis, mostMillis) * MILLIS);
            events.add(new Event(lastNanos, sequence++, message));
        }
    }
}
